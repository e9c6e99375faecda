"""Carry out the verbs that change a stack with Pulumi's own engine, and answer what they changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import structs

from engines import running
from engines.backend import Backend, offline, own
from engines.binary import require
from engines.cloud import of_config, of_running
from engines.data_loss import demand
from engines.outcome import Outcome
from engines.refusals import HostError
from engines.running import EMBEDDED, PULUMI, Running
from engines.stack_file import DEFAULT_STACK, ROOT, config_of
from terminal import account as aws_account
from terminal import adoption, tables
from terminal import switching as switch
from terminal.commands import print_json, print_rich

if TYPE_CHECKING:
    from engines.pulumi import PulumiEngine  # imports pulumi, which the embedded engine's deploy starts later

T = TypeVar("T")


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


def up(
    stack: str, overrides: Mapping[str, str], allowed: Collection[str], port: int | None, yes: bool, json_: bool
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
    with running.account_for(stack, overrides, port=port) as account:
        engine = _engine(stack, offline(account, stack, overrides))
        plan = switch.planned(engine)
        demand(plan.foreseen.data, allowed)
        outcome = switch.carried_out(engine, plan, of_running(account))
        now = noted(account, outcome)
    if json_:
        print_json({**structs.asdict(outcome), "endpoint": now.endpoint})
        return
    from engines.state import read_graph

    print_rich(tables.component_table(read_graph(now)), tables.outputs_table(outcome.outputs))
    switch.tell(outcome, "")
    click.echo(f"The account answers at {now.endpoint} until `./bigpicture down`; `up` again changes it in place.")


def preview(stack: str, overrides: Mapping[str, str], allowed: Collection[str], json_: bool) -> None:
    """Say what `up` would change, and change nothing; where nothing stands yet, by asking an empty account.

    A loss of data that *allowed* does not name is refused as `up` refuses it, after the answer.
    """
    _refuse_early(stack, overrides)
    with _backend(stack, overrides) as backend:
        outcome = switch.planned(_engine(stack, backend), anyway=True).foreseen
    if json_:
        print_json(outcome)
    else:
        switch.tell_plan(outcome)
    demand(outcome.data, allowed)


def refresh(stack: str, json_: bool) -> None:
    """Read every resource back, and make the state say what the account holds."""
    with _deployed(stack) as backend:
        engine = _engine(stack, backend)
        outcome = switch.run(engine, engine.refresh)
    if json_:
        print_json(outcome)
    else:
        switch.tell(outcome, "in the account: ")


def destroy(stack: str, json_: bool) -> Outcome:
    """Delete what the state knows of, from the bottom up."""
    with _deployed(stack) as backend:
        engine = _engine(stack, backend)
        outcome = switch.run(engine, engine.down)
    if not json_:
        switch.tell(outcome, "")
    return outcome


def unlock(stack: str) -> None:
    """Take away the lock of an engine that was killed, and say what it may have left behind."""
    with _deployed(stack) as backend:
        engine = _engine(stack, backend)
        making = engine.unlock()
        click.echo(f"the state of stack {stack} is free; `./bigpicture up` goes on from it")
        if making:
            adoption.tell(stack, making, engine.deployed())


def noted(account: Running, outcome: Outcome) -> Running:
    """Write down what stands now, for `status`."""
    stands = sum(outcome.changes[kind] for kind in ("create", "update", "replace", "same"))
    running.note(account, stands, outcome.seconds)
    return account


def _up_on_aws(stack: str, overrides: Mapping[str, str], allowed: Collection[str], yes: bool, json_: bool) -> None:
    engine = _engine(stack, own(stack, overrides))
    plan = switch.planned(engine, anyway=not yes)
    if not yes:
        switch.tell_plan(plan.foreseen, err=json_)
    demand(plan.foreseen.data, allowed)
    if not yes:
        click.confirm(f"Deploy stack {stack} to AWS?", abort=True, err=True)
    outcome = switch.carried_out(engine, plan, of_config(config_of(stack, overrides)))
    if json_:
        print_json(outcome)
        return
    print_rich(tables.outputs_table(outcome.outputs))
    switch.tell(outcome, "")


@contextmanager
def _backend(stack: str, overrides: Mapping[str, str]) -> Iterator[Backend]:
    """Where *stack* stands; an empty account for the offline one when it stands nowhere."""
    found = running.find()
    if stack != DEFAULT_STACK:
        yield own(stack, overrides)
    elif found and (found.engine, found.stack) == (PULUMI, stack):
        with running.only_one():
            yield offline(found, stack, overrides)
    else:
        require()
        from engines.empty_account import empty_account

        with empty_account(stack, overrides) as (made, _):
            yield offline(made, stack, overrides)


@contextmanager
def _deployed(stack: str) -> Iterator[Backend]:
    """Where *stack* stands, for a verb that makes no sense where it stands nowhere."""
    found = running.find()
    if stack == DEFAULT_STACK and (found is None or found.engine != PULUMI):
        got = f"made by the {found.engine} engine, which keeps no state" if found else "not running"
        raise HostError(f"the offline account is {got}; allowed: {PULUMI}. Fix: ./bigpicture up --engine {PULUMI}")
    with _backend(stack, {}) as backend:
        yield backend


def _engine(stack: str, backend: Backend) -> PulumiEngine:
    from engines.pulumi import PulumiEngine

    return PulumiEngine(stack, backend)


def _refuse_early(stack: str, overrides: Mapping[str, str]) -> None:
    """Let neither a bad setting nor a broken rule cost anybody the account that is running, or a half deploy."""
    from engines.checking import demand_of_program
    from stacks import settings

    require()
    config = config_of(stack, overrides, ROOT)
    settings.of_config(config, stack)
    demand_of_program(ROOT, config)
