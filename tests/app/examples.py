"""Make an argument for any parameter of a store's methods, from its type alone."""

import enum
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from app.data.database import NOWHERE, Position
from app.messages import Message, OrderPaid
from tests.app.world import new_id

PLAIN: dict[Any, Callable[[], Any]] = {
    str: new_id,
    int: lambda: 1,
    bool: lambda: False,
    Position: lambda: NOWHERE,
    Message: lambda: OrderPaid(**arguments(OrderPaid)),
}


def arguments(callee: Callable[..., Any]) -> dict[str, Any]:
    """One for each parameter of the method or class *callee* that has no default, but `self`."""
    kinds = typing.get_type_hints(callee)
    parameters = inspect.signature(callee).parameters.values()
    wanted = [each.name for each in parameters if each.default is inspect.Parameter.empty and each.name in kinds]
    return {name: example(kinds[name]) for name in wanted}


def example(kind: Any) -> Any:
    """The simplest value of the type *kind*."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None
    if origin is Literal:
        return inside[0]
    if origin is tuple:
        return tuple(example(each) for each in inside if each is not Ellipsis)
    if origin in (list, Sequence, Iterable):
        return [example(inside[0])]
    if isinstance(kind, enum.EnumMeta):
        return next(iter(kind))
    return PLAIN[kind]() if kind in PLAIN else kind(**arguments(kind))
