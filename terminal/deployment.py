"""Carry out the verbs that change a stack with Pulumi's own engine, and answer what they changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from engines import backend_record, binary, older_state, running
from engines.backend import Backend, kept_folder, login, offline, own
from engines.binary import require
from engines.cloud import of_config, of_running
from engines.data_loss import demand
from engines.outcome import Outcome
from engines.refusals import HostError, NoStateError
from engines.running import EMBEDDED, PULUMI, Running
from engines.stack_file import DEFAULT_STACK, ROOT, command, config_of
from terminal import account as aws_account
from terminal import adoption, serving, tables
from terminal import switching as switch
from terminal.commands import print_json, print_rich
from terminal.site import BackendOf, site_of

if TYPE_CHECKING:
    # these import pulumi, which a deploy of the embedded engine starts later
    from engines.draining import Account
    from engines.pulumi import PulumiEngine


def engine_of(stack: str, asked: str | None) -> str:
    """Which engine carries *stack* out: what was asked for, else the one that deployed the running account.

    Only the offline stack can do without Pulumi's own: what stands on AWS needs state.
    """
    if stack != DEFAULT_STACK:
        if asked == EMBEDDED:
            raise HostError(
                f"--engine is {EMBEDDED!r} for stack {stack!r}; allowed: {PULUMI}, since a deploy to AWS needs state."
                f" Fix: leave --engine out, or see what it would make: ./bigpicture preview --stack {stack}"
            )
        return PULUMI
    found = running.find()
    return asked or (found.engine if found else EMBEDDED)


def is_deployed(stack: str) -> bool:
    """Whether an engine's state says what stands of *stack*; a user who never logged in is not asked to."""
    if stack == DEFAULT_STACK:
        return engine_of(stack, None) == PULUMI
    if backend_record.read(stack, os.environ) or older_state.stands(kept_folder(os.environ), stack):
        return True
    older_state.demand(stack, os.environ)
    if not login(os.environ) or binary.find() is None:
        return False
    try:
        return bool(_known(stack, own(stack, {})).deployed().resources)
    except NoStateError:
        return False


@dataclass(frozen=True, slots=True)
class Offline:
    """How the offline account runs: its port, and whether servers run behind it."""

    port: int | None
    servers: bool


def up(
    stack: str, overrides: Mapping[str, str], allowed: Collection[str], local: Offline, yes: bool, json_: bool
) -> None:
    """Deploy: offline into the account of this engine, which is kept; else to AWS, after a preview and a word.

    Data is lost only with a resource that *allowed* names.
    """
    if stack != DEFAULT_STACK:
        aws_account.demand(stack, overrides)
    _refuse_early(stack, overrides)
    if stack != DEFAULT_STACK:
        _up_on_aws(stack, overrides, allowed, yes, json_)
        return
    found = running.find()
    if found and (found.engine, found.stack) != (PULUMI, stack):
        serving.tell_end(found)
    with running.account_for(stack, overrides, port=local.port) as account:
        site = site_of(stack, overrides, allowed, of_running(account), partial(offline, account, stack))
        plan = switch.planned(site)
        switch.tell_foreseen(plan)
        demand(plan.foreseen.data, allowed)
        outcome = switch.carried_out(site, plan)
        now = noted(account, outcome)
    if json_:
        behind = serving.behind(now) if local.servers else None
        print_json({**structs.asdict(outcome), "endpoint": now.endpoint, "served": behind})
        return
    from engines.state import read_graph

    print_rich(tables.class_table(read_graph(now)))
    switch.tell_done(outcome)
    click.echo(f"The account answers at {now.endpoint} until `./bigpicture down`; `up` again changes it in place.")
    serving.tell(serving.behind(now) if local.servers else None)


def preview(stack: str, overrides: Mapping[str, str], allowed: Collection[str], json_: bool) -> None:
    """Say what `up` would change, and change nothing; where nothing stands yet, by asking an empty account.

    A loss of data that *allowed* does not name is refused as `up` refuses it, after the answer.
    """
    _refuse_early(stack, overrides)
    with _backend(stack, overrides) as (cloud, backend_of):
        plan = switch.planned(site_of(stack, overrides, allowed, cloud, backend_of), anyway=True)
    outcome = switch.with_courses(plan)
    if json_:
        print_json(outcome)
    else:
        switch.tell_plan(outcome)
    demand(outcome.data, allowed)


def refresh(stack: str, json_: bool) -> None:
    """Read every resource back, and make the state say what the account holds."""
    with _deployed(stack) as backend:
        engine = _known(stack, backend)
        outcome = switch.run(engine, engine.refresh)
    if json_:
        print_json(outcome)
    else:
        switch.tell(outcome, "in the account: ")


def destroy(stack: str, json_: bool, yes_destroy: str | None = None) -> Outcome:
    """Delete what the state knows of, from the bottom up."""
    with _deployed(stack) as backend:
        engine = _known(stack, backend)
        if stack != DEFAULT_STACK:
            aws_account.demand_name_of(stack, engine.outputs(), yes_destroy)
        _refuse_protected(stack, engine)
        outcome = switch.run(engine, engine.down)
    if stack != DEFAULT_STACK:
        backend_record.forget(stack, os.environ)
    if not json_:
        switch.tell(outcome, "")
    return outcome


def _refuse_protected(stack: str, engine: PulumiEngine) -> None:
    """Pulumi comes upon a protected resource in the middle, when what depends on it, the servers first, is gone."""
    kept = [each.name for each in engine.deployed().resources if each.options.protect]
    if kept:
        raise HostError(
            f"{len(kept)} resources of stack {stack!r} are protected, {', '.join(kept[:3])} among them; allowed: none."
            f" Fix: {command('up', stack)} --set protect=false --set disposable=true, which gives their data up"
        )


def unlock(stack: str) -> None:
    """Take away the lock of an engine that was killed, and say what it may have left behind."""
    with _deployed(stack) as backend:
        engine = _known(stack, backend)
        making = engine.unlock()
        click.echo(f"the state of stack {stack} is free; `{command('up', stack)}` goes on from it")
        if making:
            adoption.tell(stack, making, engine.deployed())


def noted(account: Running, outcome: Outcome) -> Running:
    """Write down what stands now, for `status`."""
    stands = sum(outcome.changes[kind] for kind in ("create", "update", "replace", "same"))
    running.note(account, stands, outcome.seconds)
    return account


def _up_on_aws(stack: str, overrides: Mapping[str, str], allowed: Collection[str], yes: bool, json_: bool) -> None:
    cloud = of_config(config_of(stack, overrides))
    account = cloud.identity()["Account"]
    backend_record.demand(stack, os.environ, account)
    site = site_of(stack, overrides, allowed, cloud, partial(own, stack))
    aws_account.demand_words(stack, overrides, site.engine.outputs(), yes)
    plan = switch.planned(site, anyway=not yes)
    if yes:
        switch.tell_foreseen(plan)
    else:
        switch.tell_plan(switch.with_courses(plan), err=json_)
    demand(plan.foreseen.data, allowed)
    if not yes:
        aws_account.demand_word(stack)
    backend_record.write(stack, account, os.environ)
    outcome = switch.carried_out(site, plan)
    if json_:
        print_json(outcome)
        return
    print_rich(tables.outputs_table(outcome.outputs))
    switch.tell_done(outcome)


@contextmanager
def _backend(stack: str, overrides: Mapping[str, str]) -> Iterator[tuple[Account, BackendOf]]:
    """The account in which *stack* stands, and its backend; an empty one for the offline one when it stands nowhere."""
    found = running.find()
    if stack != DEFAULT_STACK:
        backend_record.demand(stack, os.environ)
        yield of_config(config_of(stack, overrides)), partial(own, stack)
    elif found and (found.engine, found.stack) == (PULUMI, stack):
        with running.only_one():
            yield of_running(found), partial(offline, found, stack)
    else:
        require()
        from engines.empty_account import empty_account

        with empty_account(stack, overrides) as (made, account):
            yield account, partial(offline, made, stack)


@contextmanager
def _deployed(stack: str) -> Iterator[Backend]:
    """Where *stack* stands, for a verb that makes no sense where it stands nowhere."""
    found = running.find()
    if stack == DEFAULT_STACK and (found is None or found.engine != PULUMI):
        got = f"made by the {found.engine} engine, which keeps no state" if found else "not running"
        raise HostError(f"the offline account is {got}; allowed: {PULUMI}. Fix: ./bigpicture up --engine {PULUMI}")
    with _backend(stack, {}) as (_, backend_of):
        yield backend_of({})


def outputs_of(stack: str) -> dict[str, Any]:
    """The exports of what stands of *stack*, which Pulumi's engine deployed."""
    with _deployed(stack) as backend:
        return _known(stack, backend).outputs()


def _known(stack: str, backend: Backend) -> PulumiEngine:
    """The engine of a stack that must have a state: an empty one would answer that there is nothing to do."""
    from engines.pulumi import PulumiEngine

    return PulumiEngine(stack, backend, known=True)


def _refuse_early(stack: str, overrides: Mapping[str, str]) -> None:
    """Let neither a bad setting nor a broken rule cost anybody the account that is running, or a half deploy."""
    from engines.checking import demand_of_program
    from stacks import settings

    require()
    config = config_of(stack, overrides, ROOT)
    settings.of_config(config, stack)
    demand_of_program(ROOT, config)
