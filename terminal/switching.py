"""Show a change as the updates that it takes, before and while they are carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import structs
from rich.console import Console

from engines.outcome import Outcome, Step
from terminal.progress import DeployProgress

if TYPE_CHECKING:  # these import pulumi, which a deploy of the embedded engine starts later
    from engines.pulumi import PulumiEngine
    from engines.switching import Plan, Site

T = TypeVar("T")
NAMED_ALONE = 30
"""Of one kind: so many lines leave the rest of a preview on the screen."""
NAMED_OF_MANY = 3
WORDS = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "same": "unchanged"}


def run(engine: PulumiEngine, verb: Callable[[], T]) -> T:
    """Carry out one verb of *engine*, which tells what it does meanwhile."""
    with DeployProgress(Console(stderr=True)) as progress:
        engine.progress = progress
        return verb()


def planned(site: Site, *, anyway: bool = False) -> Plan:
    """What `up` would do; where nothing stands that it could harm, and not *anyway*, nobody asks."""
    from engines import switching

    if not anyway and not switching.needs_a_look(site.engine):
        return switching.UNSEEN
    return run(site.engine, lambda: switching.plan(site))


def with_courses(plan: Plan) -> Outcome:
    """What `plan` foresees, each of its updates with its order, and how long it takes on AWS."""
    from planning.course import course

    found = [course(works, after_rollout=waits) for works, waits in zip(plan.works, plan.waits, strict=True)]
    steps = [
        structs.replace(step, order=each.order, minutes=each.minutes, longest=each.longest)
        for step, each in zip(plan.foreseen.steps, found, strict=True)
    ]
    return structs.replace(plan.foreseen, steps=steps)


def carried_out(site: Site, plan: Plan) -> Outcome:
    """Carry out every update of *plan*; where there are several, each is shown before."""
    from engines import switching

    count = len(plan.foreseen.steps)
    tell_update = partial(_tell_step, count=count, err=True) if count > 1 else lambda *_: None
    return switching.carry_out(site, plan, tell_update, partial(run, site.engine))


def tell_foreseen(plan: Plan) -> None:
    """On stderr, what an `up` that asks nobody is about to do, where anybody looked and anything is to be done."""
    if plan.foreseen.steps and not plan.foreseen.is_unchanged:
        tell_plan(with_courses(plan), err=True)


def tell_plan(outcome: Outcome, *, err: bool = False) -> None:
    """What would change, what of it holds data, what nobody does by itself, and the updates if there are several."""
    for word in ("create", "update"):
        urns = [urn for urn, kind in _kinds(outcome).items() if kind == word]
        for line in _folded(urns):
            click.echo(f"  would be {WORDS[word]}: {line}", err=err)
    tell(outcome, "would be ", err=err)
    if outcome.data or outcome.touched:
        click.echo("\nWhat holds data:", err=err)
    for each in (*outcome.data, *outcome.touched):
        click.echo(f"  {each.sentence()}", err=err)
    _tell_notes(outcome, err=err)
    if len(outcome.steps) == 1:
        _tell_course(outcome.steps[0], err=err)
    else:
        click.echo(f"\nThis takes {len(outcome.steps)} updates, which `up` carries out one after the other:", err=err)
        for number, step in enumerate(outcome.steps):
            _tell_step(number, step, count=len(outcome.steps), err=err)


def tell(outcome: Outcome, how: str, *, err: bool = False) -> None:
    """One line of counts, and every resource that is replaced or deleted by its name."""
    for word, urns in (("replaced", outcome.replaced), ("deleted", outcome.deleted)):
        for urn in urns:
            click.echo(f"  {how}{word}: {_named(urn)}", err=err)
    click.echo(f"\n{how}{_counts(outcome.changes)} in {outcome.seconds:.1f} s", err=err)


def tell_done(outcome: Outcome) -> None:
    """What `up` did, and what it leaves to somebody."""
    tell(outcome, "")
    _tell_notes(outcome, err=False)


def _tell_notes(outcome: Outcome, *, err: bool) -> None:
    """What stays though nobody wants it any more, and what nobody does by itself."""
    for word, sentences in (("kept", outcome.kept), ("note", outcome.advice)):
        for sentence in sentences:
            click.echo(f"{word}: {sentence}", err=err)


def _tell_step(number: int, step: Step, *, count: int, err: bool) -> None:
    """An update's counts, what it leaves to a later one, and of a later one all that it does."""
    click.echo(f"update {number + 1} of {max(count, number + 1)}: {_counts(step.changes)}", err=err)
    for sentence in step.waiting:
        click.echo(f"  left for later: {sentence}", err=err)
    _tell_course(step, err=err)
    if number:
        for word, urns in (("updated", step.updated), ("deleted", step.deleted)):
            for urn in urns:
                click.echo(f"  {word}: {_named(urn)}", err=err)


def _tell_course(step: Step, *, err: bool) -> None:
    """In which order, where something changes at all; and how long on AWS, where anything takes minutes there."""
    if step.order:
        click.echo("  in this order, what does not wait for each other at the same time:", err=err)
    for line in step.order:
        click.echo(f"    {line}", err=err)
    if step.minutes:
        chain = ", ".join(step.longest)
        click.echo(f"  on AWS about {step.minutes} minutes (an estimate), by what waits for what: {chain}", err=err)


def _kinds(outcome: Outcome) -> dict[str, str]:
    """What is made or changed in any of the updates; what an update makes is not also changed."""
    updated = {urn: "update" for step in outcome.steps for urn in step.updated}
    created = {urn: "create" for step in outcome.steps for urn in step.created}
    return {**updated, **created}


def _folded(urns: Sequence[str]) -> list[str]:
    """Each by its name; of many, as in a first `up`, how many of each type and the first few."""
    if len(urns) <= NAMED_ALONE:
        return [_named(urn) for urn in urns]
    types: dict[str, list[str]] = {}
    for urn in urns:
        type_, name = _named(urn).split("::", 1)
        types.setdefault(type_.rpartition(":")[2], []).append(name)
    return [_line(type_, names) for type_, names in sorted(types.items())]


def _line(type_: str, names: Sequence[str]) -> str:
    more = len(names) - NAMED_OF_MANY
    rest = [f"{more} more"] if more > 0 else []
    return f"{len(names)} {type_}: {', '.join([*names[:NAMED_OF_MANY], *rest])}"


def _named(urn: str) -> str:
    return urn.split("::", 2)[2]


def _counts(changes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {WORDS[kind]}" for kind, count in changes.items() if count) or "nothing to do"
