"""Good values at the exact limits that AWS publishes, and bad ones a step beyond, made from botocore's own models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies import models
from policies.checker import check
from policies.resource import Origin, Resource
from policies.stack import Stack


@dataclass(frozen=True, slots=True)
class Limit:
    """A property with the values that stand right at its limits, and those that are just past one."""

    type: str
    property: str
    good: tuple[Any, ...]
    bad: tuple[Any, ...]

    def said_of(self, value: Any) -> set[str]:
        """The ids of the rules that find something about the property when it has *value*."""
        resource = Resource(Origin(type=self.type, name="x", urn="urn:x"), {self.property: value})
        found = check(Stack([resource]))
        return {each.rule.id for each in found if each.property == self.property}


def limits(type_: str) -> Iterator[Limit]:
    """Every property of *type_* whose texts, numbers or words its model limits."""
    model = models.models()[type_]
    renamed = {member: name for name, member in model.exceptions.items()}
    members: dict[str, Any] = getattr(model.shape(), "members", {})
    for member, shape in members.items():
        name = renamed.get(member, member[0].lower() + member[1:])
        good, bad = _values(shape.type_name, shape.metadata)
        if good and name not in models.NOT_OURS and models.limit(type_, name):
            yield Limit(type_, name, good, bad)


def _values(kind: str, limits: dict[str, Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The values that stand at the limits, and those past them; none where the form of a text is not known."""
    low, high = limits.get("min"), limits.get("max")
    if kind == "string" and "enum" in limits:
        return tuple(limits["enum"]), ("no-such-word",)
    if kind == "string" and high:
        form = models.pattern(limits.get("pattern", ".*"))
        good = {"a" * high, "a" * (low or 1)}
        return tuple(each for each in sorted(good) if form and form.fullmatch(each)), ("a" * (high + 1),)
    if kind in ("integer", "long"):
        past = [None if low is None else low - 1, None if high is None else high + 1]
        return tuple(_given([low, high])), tuple(_given(past))
    return (), ()


def _given(values: list[int | None]) -> list[int]:
    """Those that are given."""
    return [each for each in values if each is not None]
