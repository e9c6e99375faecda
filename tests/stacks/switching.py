"""Compare two graphs of one stack: what would be replaced, new or gone if the one became the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engines.data_loss import HELD
from engines.graph import Graph, Resource
from offline import replacement

KEPT = {
    *HELD,
    "aws:acm/certificate:Certificate",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:sns/topic:Topic",
}
"""Types that hold data, or whose replacement would replace what holds data or drop requests."""


def kept(graph: Graph) -> dict[str, tuple[str, Any]]:
    """URN -> type and inputs of everything of `kept_types`; what AWS makes up (ids, ARNs, digits) is spelt as a URN."""
    made_up = dict(sorted(_made_up(graph), key=lambda pair: len(pair[0]), reverse=True))
    return {each.urn: (each.type, _spelt(each, made_up)) for each in graph.resources if each.type in KEPT}


def _made_up(graph: Graph) -> Iterator[tuple[str, str]]:
    for resource in graph.resources:
        for name in ("id", "arn", "hex") if resource.custom else ():
            value = resource.outputs.get(name) or (resource.id if name == "id" else None)
            if isinstance(value, str) and len(value) > 5:
                yield value, f"<{resource.urn} {name}>"


def _spelt(resource: Resource, made_up: dict[str, str]) -> Any:
    text = json.dumps(resource.inputs)
    for value, name in made_up.items():
        text = text.replace(value, name)
    return json.loads(text)


def replacements(before: Graph, after: Graph) -> list[str]:
    """Every changed property that replaces its resource, or of which nobody has found out whether it does."""
    old, new = kept(before), kept(after)
    return [
        f"{urn} {path}"
        for urn in old.keys() & new.keys()
        for path in differences(old[urn][1], new[urn][1])
        if replaced(old[urn][0], path)
    ]


def replaced(type_: str, path: str) -> bool:
    """Whether a change replaces the resource; a property of which nobody has found that out counts as one that does."""
    fact = replacement.facts().get((type_, path))
    return fact is None or fact.replaces


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The property paths in which two inputs differ, spelt as in the table: names joined by dots, no indexes."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from differences(old.get(name), new.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from differences(one, other, path)
    elif old != new:
        yield path


def names(graph: Graph) -> set[str]:
    """Short names, `Type name`, of everything of `kept_types`."""
    return {f"{each.type.rpartition(':')[2]} {each.name}" for each in graph.resources if each.type in KEPT}
