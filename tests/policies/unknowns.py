"""Put an unknown value in each place of a recorded program, and tell which findings that hides without a reason."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.resource import Resource
from policies.rule import Rule, RuleError
from policies.stack import Stack
from policies.values import UNKNOWN
from policies.watched import Watched

INDEX = r"\[\d+\]"
Place = tuple[str | int, ...]
Told = tuple[str, str]
"""Name of the resource and property, without the entries of lists."""
TAKEN_TOGETHER = {
    "bucket-policy-of-its-bucket": "the unknown name of the bucket may be the one that its policy speaks of",
    "cache-cluster-parameter": "the unknown parameter may be the one that is asked for",
    "cdn-alias-records": "the unknown record may be the one that is missing",
    "cdn-errors-are-not-cached": "the unknown entry may free one of the codes that are told",
    "cdn-methods": "the unknown method may complete the set",
    "cdn-origin-port": "the unknown listener may be the one that is asked",
    "database-one-password": "the unknown source may be why there is no other password",
    "database-parameters-fit": "the unknown family may be the right one",
    "database-replica-of-managed-password": "the unknown engine may be SQL Server",
    "fleet-reaches-aws": "the unknown endpoint may be the one that is missing",
    "mapping-outlasts-its-function": "the unknown timeout is what the message tells",
    "record-alias-leads-somewhere": "the unknown type may be that of the record with the name",
    "record-once": "the unknown identifier or policy may set the two apart",
    "scaling-math-returns-one": "the unknown entry may be the one that returns data",
    "scaling-steps-meet": "the unknown step may close the gap",
    "table-attributes-are-keys": "the unknown key may be the attribute",
}
"""Rules that weigh several values against each other, so that an unknown among them may rightly end them; and why."""
VALUES = (None, "", "x", "other.x", 0, 1, 443, 10**9, True, False, [], {})
"""What an unknown value may turn out to be."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the programs have: values by the name of their property, and the names of properties by type."""

    values: Mapping[str, Sequence[Any]]
    names: Mapping[str, set[str]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place of one resource that is not known, and what may be there."""

    resource: Resource
    place: Place
    added: bool
    """Whether the unknown stands before a list's first entry, and not in the place of a value."""

    def __str__(self) -> str:
        return f"{self.resource!r} {'.'.join(map(str, self.place))}"

    def unknown(self) -> Any:
        """What is not known: the value; of an entry that is an object, all that is in it."""
        beside = _at(self.resource.inputs, self.place) if self.added else None
        return dict.fromkeys(beside, UNKNOWN) if isinstance(beside, Mapping) else UNKNOWN

    def variants(self, stack: Stack, known: Seen) -> Iterator[Any]:
        """What it may turn out to be: anything that this program or another one has in such a place."""
        texts = {str(leaf): leaf for each in stack.resources for leaf in _leaves({**each.inputs, **each.outputs})}
        found = [*VALUES, *known.values.get(self.name(), ()), *texts.values()]
        beside = _at(self.resource.inputs, self.place) if self.added else None
        if isinstance(beside, Mapping):
            yield from ({**beside, name: value} for name in beside for value in found)
        yield from found

    def is_apart_from(self, told: Told) -> bool:
        """Whether a finding is about something else: another resource or property, or another entry of a list."""
        return self.added or (self.resource.name, self.place[0]) != (told[0], told[1].partition(".")[0])

    def name(self) -> str:
        """The name of the property in the place."""
        return [each for each in self.place if isinstance(each, str)][-1]


def seen(stacks: Iterable[Stack]) -> Seen:
    """All that some program has in some place: what an unknown may turn out to be."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    names: dict[str, set[str]] = defaultdict(set)
    for resource in [each for stack in stacks for each in stack.resources]:
        names[resource.type] |= resource.keys()
        for name in sorted(resource.keys()):
            for doubt in _within(resource, resource.inputs[name], (name,)):
                value = _at(resource.inputs, doubt.place)
                text = json.dumps(value, default=repr)
                if repr(UNKNOWN) not in text:
                    found[doubt.name()][text] = value
    return Seen({name: [*values.values()] for name, values in found.items()}, names)


def hidden(stack: Stack, rule: Rule, known: Seen) -> list[str]:
    """Every unknown that silences a finding which would stand whatever the unknown turned out to be."""
    told, doubts = _asked(stack, rule, known)
    found = []
    for doubt in doubts:
        apart = {each for each in told if doubt.is_apart_from(each)}
        lost = apart and apart - _told(_with(stack, doubt, doubt.unknown()), rule)
        for value in doubt.variants(stack, known) if lost else ():
            lost &= _told(_with(stack, doubt, value), rule)
        found += [f"{doubt}: {' '.join(each)}" for each in sorted(lost)]
    return found


def invented(stack: Stack, rule: Rule, known: Seen) -> list[str]:
    """Every unknown that makes a finding which the value that was given in its place does not make."""
    told, doubts = _asked(stack, rule, known)
    given = [each for each in doubts if not each.added and each.place[0] in each.resource.inputs]
    unknown = [(each, _with(stack, each, UNKNOWN)) for each in given]
    return [f"{doubt}: {' '.join(new)}" for doubt, changed in unknown for new in sorted(_told(changed, rule) - told)]


def _asked(stack: Stack, rule: Rule, known: Seen) -> tuple[set[Told], list[Doubt]]:
    """What the rule finds, and every place that it looks into."""
    asked: set[tuple[str, str]] = set()
    watched = [Watched(each, lambda of, name: asked.add((of.urn, name))) for each in stack.resources]
    told = _told(Stack(watched, region=stack.region), rule)
    return told, [*_doubts(stack, asked, known)]


def _doubts(stack: Stack, asked: set[tuple[str, str]], known: Seen) -> Iterator[Doubt]:
    for resource in stack.resources:
        names = {name for urn, name in asked if urn == resource.urn}
        absent = names & known.names[resource.type] - resource.inputs.keys()
        yield from (Doubt(resource, (name,), added=False) for name in sorted(absent))
        for name in sorted(names & resource.inputs.keys()):
            yield from _within(resource, resource.inputs[name], (name,))


def _within(resource: Resource, value: Any, place: Place) -> Iterator[Doubt]:
    yield Doubt(resource, place, added=False)
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _within(resource, each, (*place, name))
    if isinstance(value, list) and value:
        yield Doubt(resource, (*place, 0), added=True)
        for position, each in enumerate(value):
            yield from _within(resource, each, (*place, position))


def _leaves(value: Any) -> Iterator[Any]:
    """The known values in lists and objects."""
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _leaves(each)
    elif value is not UNKNOWN:
        yield value


def _told(stack: Stack, rule: Rule) -> set[Told]:
    """Where the rule finds something, the entries of lists aside; nothing where it cannot make sense of a value."""
    try:
        found = [each for resource in stack.of(*rule.types) for each in rule.faults(resource, stack)]
    except RuleError:
        return set()
    return {(each.resource.name, re.sub(INDEX, "", each.property)) for each in found}


def _with(stack: Stack, doubt: Doubt, value: Any) -> Stack:
    changed = doubt.resource.with_inputs(_put(doubt.resource.inputs, doubt.place, value, added=doubt.added))
    return Stack([changed if each is doubt.resource else each for each in stack.resources], region=stack.region)


def _put(holder: Any, place: Place, value: Any, *, added: bool) -> Any:
    """A copy of *holder* with *value* in its place, or before what is in its place."""
    if not place:
        return value
    first, rest = place[0], place[1:]
    if isinstance(holder, Mapping):
        return {**holder, first: _put(holder.get(first), rest, value, added=added)}
    assert isinstance(first, int)
    if added and not rest:
        return [value, *holder]
    return [*holder[:first], _put(holder[first], rest, value, added=added), *holder[first + 1 :]]


def _at(value: Any, place: Place) -> Any:
    for each in place:
        value = value[each]
    return value
