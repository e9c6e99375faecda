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
from policies.watched import Watched

RULE = "rule"
MODEL = "model"
SPELLED = "known to the model, without a limit"
FLAG = "a flag: both of its values are right"
REFERENCE = "a reference: the engine follows it, and makes what it names first"
PROVIDERS_OWN = "the provider's own: AWS never sees it"
NOTHING = "nothing"
OWN = {
    ("aws:autoscaling/group:Group", "minElbCapacity"),
    ("aws:autoscaling/group:Group", "waitForCapacityTimeout"),
    ("aws:s3/bucketObjectv2:BucketObjectv2", "source"),
    ("aws:s3/bucketObjectv2:BucketObjectv2", "sourceHash"),
}
"""Properties by which the provider is told how to work; what it waits for, and what it uploads."""


def coverage(stack: Stack) -> list[tuple[str, str, str]]:
    """(type, property, what looks at it) of every property of AWS that *stack* uses, sorted; tags and region left out.

    Where nothing does, why there is nothing to look at.
    """
    looked_at: set[tuple[str, str]] = set()
    resources = [Watched(each, lambda of, name: looked_at.add((of.type, name))) for each in stack.resources]
    watched = Stack(resources, region=stack.region)
    for rule in all_rules():
        if rule is not service_model:
            for resource in watched.of(*rule.types):
                list(_quietly(rule.check(resource, watched)))
    used = {(each.type, name): (each, value) for each in stack.resources if each.type.startswith("aws:")
            for name, value in each.inputs.items() if name not in models.NOT_OURS}  # fmt: skip
    return sorted((*key, _source(key, looked_at, *seen)) for key, seen in used.items())


def _source(key: tuple[str, str], looked_at: set[tuple[str, str]], resource: Resource, value: Any) -> str:
    if key in looked_at:
        return RULE
    limit = models.limit(*key)
    if limit is not None:
        return MODEL if limit else SPELLED
    if key in OWN:
        return PROVIDERS_OWN
    if resource.dependencies.get(key[1]):
        return REFERENCE
    return FLAG if isinstance(value, bool) else NOTHING


def _quietly(faults: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from faults
    except (UnknownValueError, RuleError):
        return
