"""Change a deployed stack in as many updates as AWS needs for it, each of them shown before it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from msgspec import structs

from engines import changes
from engines.checking import view, without_exceptions
from engines.graph import Graph
from engines.outcome import Outcome, Step, step
from engines.pulumi import WHOLE, PulumiEngine
from engines.rollout import Account, wait_for_new_servers
from engines.stack_file import PROJECT_NAMESPACE
from engines.steps import Steps
from policies.rule import Severity
from policies.sequence import StuckError, Update, check_change, updates

PRECEDENCE = ("same", "update", "create", "delete", "replace")
"""What a resource to which several updates did several things counts as; the last of these wins."""


Tell = Callable[[int, Step], None]
"""Takes an update's number, from 0, and what it does."""
Run = Callable[[Callable[[], Steps]], Steps]
"""Carries one run of the engine out; whoever shows its progress puts that around it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `up` would do."""

    updates: list[Update]
    foreseen: Outcome
    """All of it, with each of the updates as a step."""


UNSEEN = Plan([WHOLE], Outcome(changes={}, replaced=[], deleted=[], data=[], outputs={}, seconds=0.0))
"""One update of which nothing was asked: where nothing stands yet, there is nothing that it could harm."""


def plan(engine: PulumiEngine) -> Plan:
    """Foresee what `up` would change; ChangeError where AWS would not take it in any order."""
    whole = engine.foresee()
    wanted = Graph(project=PROJECT_NAMESPACE, stack="", resources=list(whole.wanted.values()))
    before, after = view(engine.deployed(), {}), view(wanted, {})
    try:
        sequence = updates(before, after, without_exceptions)
    except StuckError as error:
        raise changes.refusal(error.findings) from error
    first = engine.foresee(sequence[0]) if len(sequence) > 1 else whole
    kinds = [first.kinds, *_later(sequence, whole.kinds)]
    steps = [step(each, waiting(update)) for each, update in zip(kinds, sequence, strict=True)]
    told = [each for each in check_change(before, after) if each.rule.severity is Severity.ADVISORY]
    advice = [str(each) for each in without_exceptions(told)]
    return Plan(sequence, structs.replace(whole.outcome(), steps=steps, advice=advice))


def at_once(call: Callable[[], Steps]) -> Steps:
    """Run the engine, and nothing around it."""
    return call()


def carry_out(
    engine: PulumiEngine, planned: Plan, account: Account, tell: Tell = lambda *_: None, run: Run = at_once
) -> Outcome:
    """Carry out each update, told before it begins with what it does; one that fails ends the sequence.

    What was done stands then, and a plan that is made anew goes on from there.
    """
    done: list[Steps] = []
    for number, update in enumerate(planned.updates):
        if number:
            if planned.updates[number - 1].kept:
                wait_for_new_servers(account, engine.deployed())
            tell(number, step(run(partial(engine.foresee, update)).kinds, waiting(update)))
        elif len(planned.updates) > 1:
            tell(number, planned.foreseen.steps[0])
        done.append(run(partial(engine.carry_out, update)))
    steps = [step(each.kinds, waiting(update)) for each, update in zip(done, planned.updates, strict=True)]
    return structs.replace(_together(done), steps=steps, advice=planned.foreseen.advice)


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
    return ", ".join(f"{name} stays {value}" for name, value in meanwhile.items() if isinstance(value, (str, int))) or (
        f"{', '.join(meanwhile)} in steps"
    )


def _later(sequence: Sequence[Update], whole: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What each update but the first does: it lets go of what the one before it held back."""
    for before, now in pairwise(sequence):
        standing = {urn: "same" for urn, kind in whole.items() if kind != "delete" or urn in before.kept}
        let_go = {urn: "update" for urn, held in before.held.items() if held != now.held.get(urn)}
        yield standing | let_go | {urn: "delete" for urn in before.kept - now.kept if urn in whole}


def _together(done: Sequence[Steps]) -> Outcome:
    """What several updates did, each resource counted once."""
    kinds: dict[str, str] = {}
    for each in done:
        for urn, kind in each.kinds.items():
            kinds[urn] = max(kinds.get(urn, "same"), kind, key=PRECEDENCE.index)
    outcomes = [each.outcome() for each in done]
    last, whole = outcomes[-1], step(kinds)
    return structs.replace(
        last,
        changes=whole.changes,
        replaced=whole.replaced,
        deleted=whole.deleted,
        data=sorted((loss for each in outcomes for loss in each.data), key=lambda loss: loss.urn),
        seconds=round(sum(each.seconds for each in outcomes), 3),
    )
