"""Say of every property that a stack uses what looks at it: a rule, AWS's own model, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies import models
from policies.resource import Resource
from policies.rule import RuleError
from policies.rules import all_rules
from policies.rules.limits import service_model
from policies.stack import Stack
from policies.values import UnknownValueError

RULE = "rule"
MODEL = "model"
SPELLED = "known to the model, without a limit"
NOTHING = "nothing"


class _Watched(Resource):
    """A resource that remembers which of its inputs was asked for."""

    def __init__(self, of: Resource, looked_at: set[tuple[str, str]]) -> None:
        super().__init__(
            of.origin,
            of.inputs,
            outputs=of.outputs,
            dependencies=of.dependencies,
            options=of.options,
            secrets=of.secrets,
        )
        self._looked_at = looked_at

    def _find(self, path: str) -> Any:
        self._looked_at.add((self.type, path.partition(".")[0]))
        return super()._find(path)


def coverage(stack: Stack) -> list[tuple[str, str, str]]:
    """(type, property, what looks at it) of every property used in *stack*, sorted; tags and region left out."""
    looked_at: set[tuple[str, str]] = set()
    watched = Stack([_Watched(each, looked_at) for each in stack.resources], region=stack.region)
    for rule in all_rules():
        if rule is not service_model:
            for resource in watched.of(*rule.types):
                list(_quietly(rule.check(resource, watched)))
    used = {(each.type, name) for each in stack.resources for name in each.inputs if name not in models.NOT_OURS}
    return sorted((type_, name, _source(type_, name, looked_at)) for type_, name in used if ":" in type_)


def _source(type_: str, name: str, looked_at: set[tuple[str, str]]) -> str:
    if (type_, name) in looked_at:
        return RULE
    limit = models.limit(type_, name)
    return {True: MODEL, False: SPELLED, None: NOTHING}[limit]


def _quietly(faults: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from faults
    except (UnknownValueError, RuleError):
        return
