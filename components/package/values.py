"""Carry values over the wire: into the arguments that a component takes, and out of what it hands out."""

import dataclasses
import inspect
import types
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import pulumi
from pulumi.provider.experimental.util import camel_case

T = TypeVar("T")


def make_args(args_class: type[T], values: Mapping[str, Any]) -> T:
    """Make *args_class* of *values*, which hold what the program wrote, by the names of the fields.

    Raises ValueError with the path of a value that has to be plain and is not known yet, or is of another type.
    """
    return _made(args_class, values, args_class.__name__)


def shown(value: Any) -> Any:
    """*value* as a program in any language sees it: objects as mappings, whose names are the schema's."""
    if isinstance(value, pulumi.ComponentResource) or dataclasses.is_dataclass(value):
        return {camel_case(name): shown(getattr(value, name)) for name in inspect.get_annotations(type(value))}
    if isinstance(value, Mapping):
        return {name: shown(each) for name, each in value.items()}
    return value


def _made(of: Any, value: Any, where: str) -> Any:
    origin, inner = get_origin(of), get_args(of)
    if origin in (Union, types.UnionType):
        takes_output = any(get_origin(each) is Awaitable for each in inner)
        return value if takes_output or value is None else _made(inner[0], value, where)
    if isinstance(value, pulumi.Output):
        raise ValueError(f"{where} is an output; allowed: a plain value, it decides what is built. Fix: write it out")
    if isinstance(of, type) and dataclasses.is_dataclass(of):
        fields = inspect.get_annotations(of)
        return of(**{name: _made(fields[name], each, f"{where}.{name}") for name, each in value.items()})
    if isinstance(value, Mapping):
        return {key: _made(inner[1], each, f"{where}[{key!r}]") for key, each in value.items()}
    if isinstance(value, list):
        return [_made(inner[0], each, f"{where}[{number}]") for number, each in enumerate(value)]
    return value if origin is Literal else _plain(of, value, where)


def _plain(of: type, value: Any, where: str) -> Any:
    """The wire knows floats alone: 3 comes as 3.0."""
    if of is Path:
        return Path(value)
    made = of(value) if isinstance(value, int | float) else value
    if type(made) is not of or made != value:
        raise ValueError(f"{where} is {value!r}; allowed: {of.__name__}. Fix: {where.rpartition('.')[2].split('[')[0]}")
    return made
