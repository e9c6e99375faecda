"""Change a deployed stack in as many updates as AWS needs for it, each of them shown before it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from msgspec import structs

from engines import changes
from engines.agreement import demand_as_agreed
from engines.checking import view, without_exceptions
from engines.data_loss import TABLE, Loss
from engines.draining import NONE, Account, Draining, Shards, holds
from engines.graph import Graph, Resource, is_of_stack, name_of
from engines.outcome import Outcome, Step, step
from engines.pulumi import WHOLE, PulumiEngine
from engines.rollout import groups_with_old_servers, wait_for_new_servers
from engines.steps import Steps, together
from engines.succession import successors, unanswering, wait_for_successors
from engines.work import Work
from policies.documents import Retained
from policies.handover import GROUP, TEMPLATE, taken_away
from policies.rule import Severity
from policies.sequence import StuckError, Update, check_change, updates
from policies.stack import Stack

EMPTY_SHARDS = "Table shards that are empty drain first: servers may write to them until all know the new map"

Tell = Callable[[int, Step], None]
"""Takes an update's number, from 0, and what it does."""
Run = Callable[[Callable[[], Steps]], Steps]
"""Carries one run of the engine out; whoever shows its progress puts that around it."""


@dataclass(frozen=True, slots=True)
class Site:
    """One stack where it stands."""

    engine: PulumiEngine
    account: Account
    shards: Shards = NONE


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` would do."""

    updates: list[Update]
    foreseen: Outcome
    """All of it, with each of the updates as a step."""
    works: list[list[Work]]
    """What each of these steps does to which resource, for whoever wants to know its order."""
    waits: list[bool]
    """Of each step, whether it begins only when the servers of every fleet are new."""


UNSEEN = Plan([WHOLE], Outcome(changes={}, replaced=[], deleted=[], data=[], outputs={}, seconds=0.0), [], [])
"""One update of which nothing was asked: where nothing stands yet, there is nothing that it could harm."""


def plan(site: Site) -> Plan:
    """Foresee what `up` would change; ChangeError where AWS would not take it in any order."""
    deployed = site.engine.deployed()
    draining = site.shards.look(deployed, site.account)
    first, whole = _previews(site, draining)
    before, after = view(deployed, {}), view(first.graph(deployed.stack), {})
    old = groups_with_old_servers(site.account, deployed) if taken_away(before, after) else frozenset()
    going = {urn for urn, kind in first.kinds.items() if kind == "delete"}
    old |= unanswering(site.account, successors(deployed, going))
    sequence, rest = _sequence(before, after, old), []
    begun = site.engine.foresee(sequence[0]) if len(sequence) > 1 else first
    kinds, said = [begun.kinds, *_later(sequence, first.kinds)], [waiting(update) for update in sequence]
    if first is not whole:
        rest = _sequence(after, view(whole.graph(deployed.stack), {}))
        kinds += _after(first, whole, rest)
        said[-1:] = [[*said[-1], EMPTY_SHARDS], *(waiting(update) for update in rest)]
    outcome = whole.outcome()
    foreseen = structs.replace(
        outcome,
        data=_read(outcome.data, deployed, site.account),
        steps=[step(each, waits) for each, waits in zip(kinds, said, strict=True)],
        kept=list(draining.kept),
        advice=_advice(before, after),
    )
    waits = [False, *(bool(update.kept) for update in [*sequence, *rest][:-1])]
    return Plan(sequence, foreseen, [_works(each, begun, deployed) for each in kinds], waits)


def _previews(site: Site, draining: Draining) -> tuple[Steps, Steps]:
    """What is done first, and all of it: the same, but where shards are to go that have to drain before."""
    site.shards.drain(draining.later, draining.versions[1])
    whole = site.engine.foresee()
    if (draining.now, draining.versions[0]) == (draining.later, draining.versions[1]):
        return whole, whole
    site.shards.drain(draining.now, draining.versions[0])
    return site.engine.foresee(), whole


def _sequence(deployed: Stack, wanted: Stack, old: frozenset[str] = frozenset()) -> list[Update]:
    try:
        return updates(deployed, wanted, without_exceptions, old)
    except StuckError as error:
        raise changes.refusal(error.findings) from error


def _advice(deployed: Stack, wanted: Stack) -> list[str]:
    told = [each for each in check_change(deployed, wanted) if each.rule.severity is Severity.ADVISORY]
    return [str(each) for each in without_exceptions(told)]


def at_once(call: Callable[[], Steps]) -> Steps:
    """Run the engine, and nothing around it."""
    return call()


def carry_out(site: Site, planned: Plan, tell: Tell = lambda *_: None, run: Run = at_once) -> Outcome:
    """Carry out each update, told before it begins with what it does; one that fails ends the sequence.

    What was done stands then, and a plan that is made anew goes on from there.
    """
    done = _carry_out(site, planned, tell, run)
    said = [planned.foreseen.steps[n].waiting if planned.foreseen.steps else [] for n in range(len(done))]
    kept = planned.foreseen.kept
    if len(planned.foreseen.steps) > len(planned.updates):
        _wait(site)
        rest, agreed = plan(site), planned.foreseen.steps[len(planned.updates) :]
        demand_as_agreed(rest.foreseen.steps, agreed, rest.foreseen.data, site.shards.allowed)
        done += _carry_out(site, rest, lambda number, each: tell(len(planned.updates) + number, each), run)
        said += [each.waiting for each in rest.foreseen.steps[: len(rest.updates)]]
        kept = rest.foreseen.kept
    steps = [step(each.kinds, waits) for each, waits in zip(done, said, strict=True)]
    return structs.replace(together(done), steps=steps, advice=planned.foreseen.advice, kept=kept)


def _carry_out(site: Site, planned: Plan, tell: Tell, run: Run) -> list[Steps]:
    done: list[Steps] = []
    for number, update in enumerate(planned.updates):
        if number:
            if kept := planned.updates[number - 1].kept:
                _wait(site, kept)
            tell(number, _foreseen_again(site, planned, number, run))
        elif planned.foreseen.steps:
            tell(number, planned.foreseen.steps[0])
        done.append(run(partial(site.engine.carry_out, update)))
    return done


def _wait(site: Site, kept: frozenset[str] = frozenset()) -> None:
    """Wait until nothing of what is *kept* serves anybody any more."""
    site.engine.go_on()
    deployed = site.engine.deployed()

    def say(text: str) -> None:
        site.engine.progress({"event": "log", "severity": 2, "message": text})

    wait_for_new_servers(site.account, deployed, say)
    wait_for_successors(site.account, successors(deployed, kept), say)


def _foreseen_again(site: Site, planned: Plan, number: int, run: Run) -> Step:
    """What an update does now that another was carried out, which is no more than was shown."""
    found = run(partial(site.engine.foresee, planned.updates[number]))
    losses = _read(found.outcome().data, site.engine.deployed(), site.account)
    again = step(found.kinds, waiting(planned.updates[number]))
    demand_as_agreed([again], [planned.foreseen.steps[number]], losses, site.shards.allowed)
    return again


def needs_a_look(engine: PulumiEngine) -> bool:
    """Whether anything stands that an update could harm, or that AWS would not change in any way it is asked to."""
    return any(each.type in changes.WATCHED for each in engine.deployed().resources)


def waiting(update: Update) -> list[str]:
    """What *update* leaves to a later one, and why."""
    return [
        f"{each.resource.type.rpartition(':')[2]} {each.resource.name}: {_held(each.meanwhile)}. {each.rule.reason}"
        for each in update.why
    ]


def _held(meanwhile: Mapping[str, object] | None) -> str:
    if not meanwhile:
        return "stays for now"
    told = [f"{name} stays {value}" for name, value in meanwhile.items() if isinstance(value, (str, int))]
    told += [f"{name} allows what it did, too" for name, value in meanwhile.items() if isinstance(value, Retained)]
    return ", ".join(told) or f"{', '.join(meanwhile)} in steps"


def _later(sequence: Sequence[Update], whole: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What each update but the first does: it lets go of what the one before it held back."""
    for before, now in pairwise(sequence):
        standing = {urn: "same" for urn, kind in whole.items() if kind != "delete" or urn in before.kept}
        let_go = {urn: "update" for urn, held in before.held.items() if held != now.held.get(urn)}
        yield standing | let_go | {urn: "delete" for urn in before.kept - now.kept if urn in whole}


def _works(kinds: Mapping[str, str], run: Steps, deployed: Graph) -> list[Work]:
    """What *kinds* does in the order in which the program registers it, then what goes, which the program lacks."""
    standing = [
        Work(urn=urn, type=made.type, box=_box(made), kind=kinds[urn], needs=tuple(needs), inputs=made.inputs)
        for urn, (needs, _) in run.needs.items()
        if kinds.get(urn, "delete") != "delete" and (made := run.wanted.get(urn))
    ]
    going = [
        Work(urn=each.urn, type=each.type, box=_box(each), kind="delete", needs=tuple(each.options.depends_on))
        for each in deployed.resources
        if kinds.get(each.urn) == "delete"
    ]
    return [*standing, *going]


def _box(resource: Resource) -> str:
    return resource.name if is_of_stack(resource.parent) else name_of(resource.parent)


def _after(first: Steps, whole: Steps, rest: Sequence[Update]) -> list[dict[str, str]]:
    """What each update of *rest* does, which go from what *first* makes to *whole*."""
    left = _remaining(first, whole)
    return [{urn: "same" if urn in rest[0].kept else kind for urn, kind in left.items()}, *_later(rest, left)]


def _remaining(first: Steps, whole: Steps) -> dict[str, str]:
    """What is left of *whole* when *first* is done: told apart by what each would have of every resource."""
    left = {urn: "same" for urn, kind in first.kinds.items() if kind != "delete"}
    for urn in left:
        if urn not in whole.wanted:
            left[urn] = "delete"
        elif whole.wanted[urn].inputs != first.wanted[urn].inputs:
            left[urn] = "update"
    for urn, needs in whole.needs.items():  # a template's new version is the one output that follows from its inputs
        of_template = any(left.get(need) == "update" and TEMPLATE in need for need in needs.all)
        if urn in left and f"{GROUP}::" in urn and of_template:
            left[urn] = "update"
    return left


def _read(losses: Sequence[Loss], deployed: Graph, account: Account) -> list[Loss]:
    """Look into each table that would go: what is empty is no loss."""
    ids = {each.urn: each.id for each in deployed.of_type(TABLE)}
    return [
        structs.replace(loss, empty=loss.urn in ids and loss.change == "delete" and not holds(account, ids[loss.urn]))
        for loss in losses
    ]
