"""Compare what a program asks for with what stands: documents by meaning, sets without order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from offline.handler import fields

ORDERED = fields(
    """actions blockDeviceMappings corsRules defaultActions metricQueries orderedCacheBehaviors rules tagSpecifications
    terminationPolicies"""
)
"""Lists whose order AWS obeys or shows; the AWS provider's schemas have every other list of a carried type as a set."""


def held(asked: Any, found: Any) -> bool:
    """Say whether *found* holds all of *asked*; AWS may have added to an object, and gives lists in its own order."""
    if isinstance(asked, dict):
        return isinstance(found, dict) and all(held(value, found.get(key)) for key, value in asked.items())
    if isinstance(asked, list):
        return (
            isinstance(found, list) and len(asked) == len(found) and all(any(held(a, f) for f in found) for a in asked)
        )
    return same(asked, found)


def same(one: Any, other: Any) -> bool:
    """Say whether two single values are one: JSON documents by their meaning."""
    if isinstance(one, str) and isinstance(other, str) and one[:1] in ("{", "["):
        return _parsed(one) == _parsed(other)
    return one == other


def changes(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each (path, old, new) in which two bags differ, None for absent; paths spelled as Pulumi does: `a[0].b`.

    Lists of one length that are sets are compared without their order, and then element by element.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from changes(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _in_lists(old, new, path)
    elif not same(old, new):
        yield path, old, new


def _in_lists(old: list[Any], new: list[Any], path: str) -> Iterator[tuple[str, Any, Any]]:
    if path.rpartition(".")[2] not in ORDERED:
        rest = list(old)
        added = [item for item in new if not _taken(rest, item)]
        if len(rest) != len(added):
            yield path, old, new
            return
        old, new = rest, added
    elif len(old) != len(new):
        yield path, old, new
        return
    for number, (one, other) in enumerate(zip(old, new, strict=True)):
        yield from changes(one, other, f"{path}[{number}]")


def _taken(rest: list[Any], item: Any) -> bool:
    """Take from *rest* what equals *item*; False when nothing does."""
    for number, candidate in enumerate(rest):
        if not any(changes(candidate, item)):
            del rest[number]
            return True
    return False


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
