"""What a handler is given by name: bound to it before the first request, so that none pays for looking it up."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, TypeAlias, TypeVar, get_type_hints

from litestar import Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import Guard

T = TypeVar("T")
Finder: TypeAlias = Callable[[Request[Any, Any, Any]], Awaitable[Any]]
Finders: TypeAlias = tuple[tuple[str, Finder], ...]
_MARK = object()

Given: TypeAlias = Annotated[T, _MARK]
"""Marks a handler's parameter that the service provides and no customer sends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is found out for each request anew, such as its session."""

    find: Finder


@dataclass(frozen=True, slots=True)
class Routes:
    """Handlers below one path, and what they are given."""

    path: str
    handlers: Sequence[HTTPRouteHandler]
    given: Mapping[str, Any]
    """Name of a parameter -> its value for every request, or `Asked`."""
    guards: Sequence[Guard] = ()

    def router(self, given: Mapping[str, Any]) -> Router:
        """The framework's router, with what all are *given* beside what these are."""
        bound = [_bound(handler, {**given, **self.given}) for handler in self.handlers]
        return Router(self.path, route_handlers=bound, guards=list(self.guards))


def _bound(handler: HTTPRouteHandler, given: Mapping[str, Any]) -> HTTPRouteHandler:
    """A copy of *handler* that takes from the request alone what is not marked as given.

    The framework's own injection would open a task group for each request, and copy every value for its check: more
    than the look-up of an item costs.
    """
    hints = get_type_hints(handler.fn, include_extras=True)
    marked = {name for name, hint in hints.items() if _MARK in getattr(hint, "__metadata__", ())}
    asked = tuple((name, given[name].find) for name in marked if isinstance(given[name], Asked))
    fixed = {name: given[name] for name in marked if not isinstance(given[name], Asked)}
    bound = _with(handler.fn, fixed, asked, passes_on="request" in hints)
    left = {name: hint for name, hint in hints.items() if name not in marked}
    bound.__annotations__ = left | ({"request": Request[Any, Any, Any]} if asked and "request" not in left else {})
    bound.__signature__ = _signature(handler.fn, bound.__annotations__)
    return copy(handler)(bound)


def _with(fn: Callable[..., Awaitable[Any]], fixed: Mapping[str, Any], asked: Finders, *, passes_on: bool) -> Any:
    """Call *fn* with what is *fixed* and what is *asked* of each request; *passes_on* that request if *fn* wants it."""

    @wraps(fn)
    async def plain(**said: Any) -> Any:
        return await fn(**said, **fixed)

    @wraps(fn)
    async def asking(request: Request[Any, Any, Any], **said: Any) -> Any:
        for name, find in asked:
            said[name] = await find(request)
        if passes_on:
            said["request"] = request
        return await fn(**said, **fixed)

    return asking if asked else plain


def _signature(fn: Callable[..., Any], hints: Mapping[str, Any]) -> inspect.Signature:
    """The signature of *fn* with the parameters of *hints* alone, their defaults kept."""
    known = inspect.signature(fn).parameters
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=known[name].default if name in known else inspect.Parameter.empty,
                annotation=hint,
            )
            for name, hint in hints.items()
            if name != "return"
        ],
        return_annotation=hints["return"],
    )
