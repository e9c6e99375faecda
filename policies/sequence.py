"""Turn a change that does not go through at once into the updates that do: what is held back, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies import handover, transitions
from policies.checker import mandatory
from policies.resource import Resource
from policies.rule import Change, Finding, Rule
from policies.stack import Stack

Held = Mapping[str, Mapping[str, Any]]
"""URN -> property -> the value that it has for the time being."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update of a sequence: the wanted program, but for what is held back."""

    held: Held = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    """URNs that the program lacks, and that stay nevertheless."""
    why: tuple[Finding, ...] = ()
    """What would go wrong if nothing were held back."""


class StuckError(Exception):
    """No sequence of updates makes the change possible; the findings say what forbids it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = list(findings)


def all_transitions() -> tuple[Rule, ...]:
    """Every rule of change."""
    modules = (transitions, handover)
    return tuple(each for module in modules for each in vars(module).values() if isinstance(each, Rule))


def check_change(deployed: Stack, wanted: Stack, rolling: frozenset[str] = frozenset()) -> list[Finding]:
    """What speaks against going from one graph to the other in one update: of what is wanted, then of what goes."""
    change = Change(deployed, wanted, rolling)
    going = [each for each in deployed.resources if wanted.by_urn(each.urn) is None]
    return [
        finding
        for resource in [*wanted.resources, *going]
        for rule in all_transitions()
        if resource.type in rule.types
        for finding in rule.faults(resource, change)
    ]


Filter = Callable[[Sequence[Finding]], list[Finding]]
Check = Callable[[Stack, Stack], list[Finding]]
"""What forbids going from one to the other."""


def updates(deployed: Stack, wanted: Stack, left: Filter = list, rolling: frozenset[str] = frozenset()) -> list[Update]:
    """The updates that lead from *deployed* to *wanted*, each of which AWS takes; the last holds nothing back.

    *left* takes away the findings that somebody accepts. The groups *rolling*, by URN, run old servers until the first
    update is done: whoever carries out one that keeps something waits then. StuckError where no sequence helps.
    """
    sequence: list[Update] = []
    now, check = deployed, _check(left, rolling)
    while broken := check(now, wanted):
        update = _held_back(now, wanted, broken, check)
        if sequence and (update.held, update.kept) == (sequence[-1].held, sequence[-1].kept):
            raise StuckError(broken)
        sequence.append(update)
        now, check = after(now, wanted, update), _check(left, frozenset())
    return [*sequence, Update()]


def _check(left: Filter, rolling: frozenset[str]) -> Check:
    return lambda deployed, wanted: mandatory(left(check_change(deployed, wanted, rolling)))


def after(deployed: Stack, wanted: Stack, update: Update) -> Stack:
    """What stands when *update* is done."""
    kept = (each for each in deployed.resources if each.urn in update.kept)
    return Stack([*(_held(each, update.held) for each in wanted.resources), *kept], region=wanted.region)


def _held_back(now: Stack, wanted: Stack, broken: list[Finding], check: Check) -> Update:
    """Hold back what *broken* names, then whatever an update without that would break in turn."""
    update, why = Update(), list(broken)
    while broken:
        _demand_solvable(broken, wanted)
        held = {urn: dict(values) for urn, values in update.held.items()}
        for each in broken:
            if wanted.by_urn(each.resource.urn) is not None:
                held.setdefault(each.resource.urn, {}).update(each.meanwhile or {})
        going = {each.resource.urn for each in broken if wanted.by_urn(each.resource.urn) is None}
        grown = Update(held, frozenset(_with_all_beneath(update.kept | going, now, wanted)), tuple(why))
        if (grown.held, grown.kept) == (update.held, update.kept):
            raise StuckError(broken)
        update = grown
        broken = check(now, after(now, wanted, update))
        why += [each for each in broken if each.resource.urn not in {done.resource.urn for done in why}]
    return update


def _demand_solvable(broken: list[Finding], wanted: Stack) -> None:
    """A held value finds its resource by type and name, which two resources under two parents may share."""
    shared = Counter((each.type, each.name) for each in wanted.resources)
    stuck = [each for each in broken if each.meanwhile is None or shared[each.resource.type, each.resource.name] > 1]
    if stuck:
        raise StuckError(stuck)


def _held(resource: Resource, held: Held) -> Resource:
    values = held.get(resource.urn)
    return resource.with_inputs({**resource.inputs, **values}) if values else resource


def _with_all_beneath(urns: Iterable[str], deployed: Stack, wanted: Stack) -> set[str]:
    """*urns*, with everything that stands only as long as they do: what they need and the program lacks."""
    found, waiting = set(), list(urns)
    while waiting:
        urn = waiting.pop()
        resource = deployed.by_urn(urn)
        if urn in found or resource is None or wanted.by_urn(urn) is not None:
            continue
        found.add(urn)
        waiting += [resource.origin.parent, *resource.options.depends_on]
        waiting += [each for urns in resource.dependencies.values() for each in urns]
    return found
