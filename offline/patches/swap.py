"""Replaces single attributes of moto, and can put the originals back for as long as a test looks at them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

_ABSENT = object()
Change = tuple[Any, str, Callable[[Any], Any]]
"""Owner, attribute, and what makes the new value of the old one."""
_planned: list[Change] = []
_kept_as_shipped: list[Change] = []
_originals: list[tuple[Any, str, Any]] = []


def replaces(owner: Any, name: str, *, for_speed: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Put the function in the place of *owner.name*; it is called with the original first, then as the original was.

    One that is *for_speed* changes no answer, so it stays while moto is looked at as shipped.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        (_kept_as_shipped if for_speed else _planned).append(
            (owner, name, lambda original: _around(original, function))
        )
        return function

    return register


def sets(owner: Any, name: str, value: Any) -> None:
    """Put *value* in the place of *owner.name*."""
    _planned.append((owner, name, lambda _: value))


def swap_in() -> None:
    """Put every planned replacement in its place."""
    while _kept_as_shipped:
        owner, name, change = _kept_as_shipped.pop()
        setattr(owner, name, change(getattr(owner, name)))
    for owner, name, change in _planned:
        _originals.append((owner, name, vars(owner).get(name, _ABSENT)))
        setattr(owner, name, change(getattr(owner, name, None)))


def swap_out() -> None:
    """Put every original back, the last replaced first."""
    while _originals:
        owner, name, original = _originals.pop()
        if original is _ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, original)


@contextmanager
def as_shipped() -> Iterator[None]:
    """Show moto without a single correction: what a test looks at to see whether a correction is still needed."""
    swap_out()
    try:
        yield
    finally:
        swap_in()


def _around(original: Any, function: Callable[..., Any]) -> Any:
    """Bind the original as the first argument; in the place of a property stands a property."""
    if isinstance(original, property):
        return property(lambda owner: function(original, owner))

    @wraps(original or function)
    def replacement(*args: Any, **kwargs: Any) -> Any:
        return function(original, *args, **kwargs)

    return replacement
