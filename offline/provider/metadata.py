"""Look properties up in the Python SDKs' own metadata: which a type has, of what type, and which it requires."""

from __future__ import annotations

import importlib
import inspect
import sys
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pulumi
from pulumi import _types as sdk

from offline import wire

SCALARS: dict[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (int, float), str: (str,)}
WORDS = {bool: "a boolean", int: "a whole number", float: "a number", str: "a text"}
ASSETS = (pulumi.Asset, pulumi.Archive)
Fault = tuple[str, str]
"""Path of a property, and what is wrong with it."""


@cache
def _class(token: str) -> Any:
    """The SDK's class of a type token."""
    package, module, name = token.split(":")
    room = module.partition("/")[0]
    where = f"pulumi_{package}" if room == "index" else f"pulumi_{package}.{room}"
    return getattr(importlib.import_module(where), name)


@cache
def _arguments(token: str) -> Any:
    """The class of its arguments: the one public input type of its file, mostly but not always called `...Args`."""
    module = sys.modules[_class(token).__module__]
    classes = [each for name, each in vars(module).items() if isinstance(each, type) and not name.startswith("_")]
    [arguments] = [each for each in classes if each.__module__ == module.__name__ and sdk.is_input_type(each)]
    return arguments


@cache
def inputs_of(token: str) -> Mapping[str, Any]:
    """Input property -> its Python type."""
    return sdk.input_type_types(_arguments(token))


@cache
def outputs_of(token: str) -> frozenset[str]:
    """Every output property, inputs among them."""
    return frozenset(sdk.resource_types(_class(token)))


@cache
def required_of(token: str) -> frozenset[str]:
    """Input properties without which the SDK makes no resource."""
    arguments = _arguments(token)
    names = sdk.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments.__init__).parameters.values()
    return frozenset(names[p.name] for p in parameters if p.name in names and p.default is p.empty)


def faults(token: str, inputs: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the types of *inputs* (in clear, unknowns allowed), property by property."""
    known = inputs_of(token)
    for name in sorted(required_of(token) - inputs.keys()):
        yield name, f"{name} is missing; allowed: {_words(known[name])}. Fix: set it, {token} needs it"
    for name, value in inputs.items():
        if name in known:
            yield from _faults(known[name], value, name)


def _faults(type_: Any, value: Any, path: str) -> Iterator[Fault]:
    if value is None or wire.is_unknown(value) or type_ is Any:
        return
    choices = _choices(type_)
    if len(choices) > 1:
        found = [list(_faults(choice, value, path)) for choice in choices]
        yield from min(found, key=len)
    elif choices:
        yield from _of_one(choices[0], value, path)


def _of_one(type_: Any, value: Any, path: str) -> Iterator[Fault]:
    origin, inner = typing.get_origin(type_), typing.get_args(type_)
    if origin in (list, Sequence):
        yield from _of_list(inner[0], value, path)
    elif origin in (dict, Mapping):
        yield from _of_map(inner[1], value, path)
    elif isinstance(type_, type) and sdk.is_input_type(type_):
        yield from _of_block(type_, value, path)
    elif type_ in SCALARS and (not isinstance(value, SCALARS[type_]) or _is_bool_as_number(type_, value)):
        yield path, f"{path} is {_shown(value)}; allowed: {WORDS[type_]}. Fix: its type in the program"


def _is_bool_as_number(type_: Any, value: Any) -> bool:
    return type_ in (int, float) and isinstance(value, bool)  # Python's bool is an int


def _of_list(item: Any, value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield path, f"{path} is {_shown(value)}; allowed: a list. Fix: put it into brackets"
        return
    for number, each in enumerate(value):
        yield from _faults(item, each, f"{path}[{number}]")


def _of_map(item: Any, value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield path, f"{path} is {_shown(value)}; allowed: a map of texts. Fix: its type in the program"
        return
    for name, each in value.items():
        yield from _faults(item, each, f"{path}.{name}")


def _of_block(type_: Any, value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield path, f"{path} is {_shown(value)}; allowed: an object. Fix: its type in the program"
        return
    known = sdk.input_type_types(type_)
    for name, each in value.items():
        if name in known:
            yield from _faults(known[name], each, f"{path}.{name}")
        else:
            yield f"{path}.{name}", f"{path}.{name} is unknown; allowed: {', '.join(sorted(known))}. Fix: its name"


@cache
def _choices(type_: Any) -> list[Any]:
    """The wire types that a Python type stands for: `Input[T]` is T, `Optional[T]` is T; none for assets."""
    if typing.get_origin(type_) in (typing.Union, types.UnionType):
        return [choice for each in typing.get_args(type_) for choice in _choices(each)]
    origin = typing.get_origin(type_)
    is_input = isinstance(origin, type) and (issubclass(origin, pulumi.Output) or origin.__name__ == "Awaitable")
    if is_input or type_ is type(None) or type_ in ASSETS:
        return []
    return [type_]


def _words(type_: Any) -> str:
    choices = _choices(type_)
    return WORDS.get(choices[0], "a value") if choices else "a value"


def _shown(value: Any) -> str:
    """The kind of a value; never the value, which may be a secret."""
    kinds = {bool: "a boolean", int: "a whole number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "an object")
