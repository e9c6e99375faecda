"""Limits that AWS publishes itself: the shapes of botocore's service models, held against a resource's inputs."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from policies.resource import Resource
from policies.values import UNKNOWN, Fault

TABLE = Path(__file__).with_name("models.tsv")
NOT_OURS = {"tags", "tagsAll", "region"}
"""Properties that every type has, spelled unlike in any call."""
LEFT_OUT = "-"
SHOWN = 20
"""Most values of an enumeration that a message lists."""
BUILT_IN = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
"""botocore's own data, not what lies in ~/.aws/models; one loader, as a session lists every folder anew for each."""


@dataclass(frozen=True, slots=True)
class Model:
    """Which call makes a type, and where its members are named otherwise than the properties."""

    service: str
    operation: str
    exceptions: Mapping[str, str]

    def shape(self) -> Shape:
        """What the call takes, or the part of it that the properties describe."""
        found: Shape = _service(self.service).operation_model(self.operation).input_shape
        for name in filter(None, self.exceptions.get("*", "").split(".")):
            found = _inside(found).members[name]
        return _inside(found)


def models() -> Mapping[str, Model]:
    """Every type that has a model, with its call."""
    return _models()


def faults(resource: Resource) -> Iterator[Fault]:
    """What the model of the resource's type refuses of its inputs."""
    model = _models().get(resource.type)
    if model is not None:
        yield from _structure(model.shape(), resource.inputs, "", model)


def limit(type_: str, name: str) -> bool | None:
    """Whether the model limits a property of that type; None when it does not know the property."""
    model = _models().get(type_)
    member = model.exceptions.get(name, name) if model else LEFT_OUT
    found = _member(_members(model.shape()), member) if model and member != LEFT_OUT else None
    return None if found is None else _limits(found, 4)


def _structure(shape: Shape, values: Mapping[str, Any], at: str, model: Model) -> Iterator[Fault]:
    members = _members(shape)
    for name, value in values.items():
        path = f"{at}.{name}" if at else name
        plain = re.sub(r"\[\d+\]", "", path)
        member = model.exceptions.get(plain, name)
        found = None if member == LEFT_OUT or name in NOT_OURS else _member(members, member)
        if found is not None and value is not None and value is not UNKNOWN:
            yield from _value(found, value, path, model)


def _value(shape: Shape, value: Any, at: str, model: Model) -> Iterator[Fault]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        yield from _structure(shape, value, at, model)
    elif kind == "list" and isinstance(value, list):
        yield from _list(shape, value, at, model)
    elif kind == "string" and isinstance(value, str):
        yield from _text(shape, value, at)
    elif kind in ("integer", "long", "float", "double"):
        yield from _number(shape, value, at)


def _list(shape: Any, value: list[Any], at: str, model: Model) -> Iterator[Fault]:
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
    if len(value) < low or (high is not None and len(value) > high):
        yield Fault(at, f"{len(value)} entries", f"{low} to {high} entries")
    for number, each in enumerate(value):
        if each is not UNKNOWN:
            yield from _value(shape.member, each, f"{at}[{number}]", model)


def _text(shape: Any, value: str, at: str) -> Iterator[Fault]:
    low, high, enum = shape.metadata.get("min", 0), shape.metadata.get("max"), shape.metadata.get("enum")
    if enum and value not in enum:
        yield Fault(at, value, _one_of(value, enum))
    elif len(value) < low or (high is not None and len(value) > high):
        yield Fault(at, f"{len(value)} characters", f"{low} to {high} characters")
    elif (wanted := pattern(shape.metadata.get("pattern", ""))) and not wanted.fullmatch(value):
        yield Fault(at, value, f"what {shape.metadata['pattern']} matches")


def _one_of(value: str, enum: list[str]) -> str:
    if len(enum) <= SHOWN:
        return f"one of {', '.join(sorted(enum))}"
    near = difflib.get_close_matches(value, enum, n=3, cutoff=0.3)
    return f"one of {len(enum)} values, nearest: {', '.join(near)}"


def _number(shape: Any, value: Any, at: str) -> Iterator[Fault]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    try:
        number = float(value)
    except (TypeError, ValueError):
        return
    if (low is not None and number < low) or (high is not None and number > high):
        yield Fault(at, value, f"{'any' if low is None else low} to {'any' if high is None else high}")


def _limits(shape: Any, depth: int) -> bool:
    if shape.metadata.keys() & {"min", "max", "pattern", "enum"}:
        return True
    if depth == 0:
        return False
    if shape.type_name == "structure":
        return any(_limits(each, depth - 1) for each in shape.members.values())
    return shape.type_name == "list" and _limits(shape.member, depth - 1)


def _inside(shape: Any) -> Any:
    return _inside(shape.member) if shape.type_name == "list" else shape


def _members(shape: Any) -> Mapping[str, Shape]:
    return {name.lower(): each for name, each in shape.members.items()} if shape.type_name == "structure" else {}


def _member(members: Mapping[str, Shape], name: str) -> Shape | None:
    """The member of that name; Pulumi makes a plural of what is a list."""
    lower = name.lower()
    return members.get(lower) or (members.get(lower[:-1]) if lower.endswith("s") else None)


@cache
def pattern(text: str) -> re.Pattern[str] | None:
    """The pattern, where Python can read it: some are written for Java, with its classes."""
    try:
        return re.compile(text) if text and "\\p" not in text else None
    except re.error:
        return None


@cache
def _service(name: str) -> Any:
    return ServiceModel(BUILT_IN.load_service_model(name, "service-2"), name)


@cache
def _models() -> Mapping[str, Model]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["type"]: Model(row["service"], row["operation"], dict(_pairs(row["exceptions"] or "")))
            for row in csv.DictReader(file, delimiter="\t")
        }


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in text.split():
        name, _, member = pair.partition("=")
        yield name, member
