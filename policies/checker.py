"""Run the rules over a stack, and set aside what an exception covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from policies.resource import Resource
from policies.rule import Finding, Rule, Severity
from policies.rules import all_rules
from policies.stack import Stack


def check(stack: Stack, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Every finding about *stack*, in the order of its resources."""
    by_type = _by_type() if rules is None else _grouped(rules)
    return [
        finding
        for resource in stack.resources
        for rule in by_type.get(resource.type, ())
        for finding in rule.faults(resource, stack)
    ]


def check_resource(resource: Resource) -> Iterator[Finding]:
    """What the rules that need no other resource say of *resource*."""
    alone = Stack([])
    for rule in _by_type().get(resource.type, ()):
        if not rule.across:
            yield from rule.faults(resource, alone)


def mandatory(findings: Iterable[Finding]) -> list[Finding]:
    """Those that forbid a deployment."""
    return [each for each in findings if each.rule.severity is Severity.MANDATORY]


@cache
def _by_type() -> Mapping[str, tuple[Rule, ...]]:
    return _grouped(all_rules())


def _grouped(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    grouped: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for type_ in rule.types:
            grouped[type_].append(rule)
    return {type_: tuple(each) for type_, each in grouped.items()}
