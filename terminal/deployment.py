"""Carry out the verbs that change a stack with Pulumi's own engine, and answer what they changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

import click
from msgspec.structs import asdict
from rich.console import Console

from engines import running
from engines.backend import Backend, offline, own
from engines.binary import require
from engines.data_loss import demand
from engines.outcome import Outcome
from engines.refusals import HostError
from engines.running import EMBEDDED, PULUMI, Running
from engines.stack_file import DEFAULT_STACK, ROOT, config_of
from terminal import account as aws_account
from terminal import tables
from terminal.commands import print_json, print_rich
from terminal.progress import DeployProgress


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
        backend = offline(account, stack, overrides)
        _demand_no_loss(stack, backend, allowed)
        outcome = _carried_out(stack, backend, "up")
        now = noted(account, outcome)
    if json_:
        print_json({**asdict(outcome), "endpoint": now.endpoint})
        return
    from engines.state import read_graph

    print_rich(tables.component_table(read_graph(now)), tables.outputs_table(outcome.outputs))
    _tell(outcome, "")
    click.echo(f"The account answers at {now.endpoint} until `./bigpicture down`; `up` again changes it in place.")


def preview(stack: str, overrides: Mapping[str, str], allowed: Collection[str], json_: bool) -> None:
    """Say what `up` would change, and change nothing; where nothing stands yet, by asking an empty account.

    A loss of data that *allowed* does not name is refused as `up` refuses it, after the answer.
    """
    _refuse_early(stack, overrides)
    with _backend(stack, overrides) as backend:
        outcome = _carried_out(stack, backend, "preview")
    if json_:
        print_json(outcome)
    else:
        _tell_preview(outcome)
    demand(outcome.data, allowed)


def refresh(stack: str, json_: bool) -> None:
    """Read every resource back, and make the state say what the account holds."""
    with _deployed(stack) as backend:
        outcome = _carried_out(stack, backend, "refresh")
    if json_:
        print_json(outcome)
    else:
        _tell(outcome, "in the account: ")


def destroy(stack: str, json_: bool) -> Outcome:
    """Delete what the state knows of, from the bottom up."""
    with _deployed(stack) as backend:
        outcome = _carried_out(stack, backend, "down")
    if not json_:
        _tell(outcome, "")
    return outcome


def unlock(stack: str) -> None:
    """Take away the lock of an engine that was killed, and say what it may have left behind."""
    from engines.pulumi import PulumiEngine

    with _deployed(stack) as backend:
        interrupted = PulumiEngine(stack, backend).unlock()
    click.echo(f"the state of stack {stack} is free; `./bigpicture up` goes on from it")
    if interrupted:
        click.echo("These were being made, and may stand in the account without the state knowing:")
        for each in interrupted:
            click.echo(f"  {each}")
        click.echo(
            "Look for each of them; delete it there, or take it over: pulumi import TYPE NAME ID."
            " An offline account can be given up instead: ./bigpicture down --now"
        )


def noted(account: Running, outcome: Outcome) -> Running:
    """Write down what stands now, for `status`."""
    stands = sum(outcome.changes[kind] for kind in ("create", "update", "replace", "same"))
    running.note(account, stands, outcome.seconds)
    return account


def _up_on_aws(stack: str, overrides: Mapping[str, str], allowed: Collection[str], yes: bool, json_: bool) -> None:
    backend = own(stack, overrides)
    if yes:
        _demand_no_loss(stack, backend, allowed)
    else:
        planned = _carried_out(stack, backend, "preview")
        _tell_preview(planned, err=json_)
        demand(planned.data, allowed)
        click.confirm(f"Deploy stack {stack} to AWS?", abort=True, err=True)
    outcome = _carried_out(stack, backend, "up")
    if json_:
        print_json(outcome)
        return
    print_rich(tables.outputs_table(outcome.outputs))
    _tell(outcome, "")


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


def _carried_out(stack: str, backend: Backend, verb: str) -> Outcome:
    from engines.pulumi import PulumiEngine

    with DeployProgress(Console(stderr=True)) as progress:
        run: Callable[[], Outcome] = getattr(PulumiEngine(stack, backend, progress), verb)
        return run()


def _demand_no_loss(stack: str, backend: Backend, allowed: Collection[str]) -> None:
    """Preview, and refuse what would lose data; where nothing that holds data stands yet there is nothing to ask."""
    from engines.pulumi import PulumiEngine

    with DeployProgress(Console(stderr=True)) as progress:
        engine = PulumiEngine(stack, backend, progress)
        losses = engine.preview().data if engine.holds_data() else []
    demand(losses, allowed)


def _refuse_early(stack: str, overrides: Mapping[str, str]) -> None:
    """Let neither a bad setting nor a broken rule cost anybody the account that is running, or a half deploy."""
    from engines.checking import demand_of_program
    from stacks.settings import parse

    require()
    config = config_of(stack, overrides, ROOT)
    mine = {key.removeprefix("bigpicture:"): text for key, text in config.items() if key.startswith("bigpicture:")}
    parse(mine, stack=stack, region=config["aws:region"])
    demand_of_program(ROOT, config)


def _tell_preview(outcome: Outcome, *, err: bool = False) -> None:
    """What would change, then what of it holds data."""
    _tell(outcome, "would be ", err=err)
    if outcome.data:
        click.echo("\nWhat holds data:", err=err)
    for loss in outcome.data:
        click.echo(f"  {loss.sentence()}", err=err)


def _tell(outcome: Outcome, how: str, *, err: bool = False) -> None:
    """One line of counts, and every resource that is replaced or deleted by its name."""
    for word, urns in (("replaced", outcome.replaced), ("deleted", outcome.deleted)):
        for urn in urns:
            click.echo(f"  {how}{word}: {urn.split('::', 2)[2]}", err=err)
    words = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "same": "unchanged"}
    counts = ", ".join(f"{count} {words[kind]}" for kind, count in outcome.changes.items() if count)
    click.echo(f"\n{how}{counts or 'nothing to do'} in {outcome.seconds:.1f} s", err=err)
