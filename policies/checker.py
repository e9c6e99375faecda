"""Run the rules over a stack, and set aside what an exception covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from policies.resource import Resource
from policies.rule import Finding, Rule, Severity
from policies.rules import all_rules
from policies.rules.limits import service_model
from policies.stack import Stack


def check(stack: Stack, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Every finding about *stack*, in the order of its resources."""
    by_type = _by_type() if rules is None else _grouped(rules)
    return [finding for resource in stack.resources for finding in _about(resource, stack, by_type)]


def _about(resource: Resource, stack: Stack, by_type: Mapping[str, tuple[Rule, ...]]) -> Iterator[Finding]:
    """Every finding about *resource*; what a rule says in its own words the service's model does not say again."""
    found = [finding for rule in by_type.get(resource.type, ()) for finding in rule.faults(resource, stack)]
    explained = {each.property for each in mandatory(found) if each.rule is not service_model}
    yield from (each for each in found if each.rule is not service_model or each.property not in explained)


def check_resource(resource: Resource) -> Iterator[Finding]:
    """What the rules that need no other resource say of *resource*."""
    yield from _about(resource, Stack([]), _alone())


def mandatory(findings: Iterable[Finding]) -> list[Finding]:
    """Those that forbid a deployment."""
    return [each for each in findings if each.rule.severity is Severity.MANDATORY]


@cache
def _by_type() -> Mapping[str, tuple[Rule, ...]]:
    return _grouped(all_rules())


@cache
def _alone() -> Mapping[str, tuple[Rule, ...]]:
    return _grouped(rule for rule in all_rules() if not rule.across)


def _grouped(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    grouped: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        for type_ in rule.types:
            grouped[type_].append(rule)
    return {type_: tuple(each) for type_, each in grouped.items()}
