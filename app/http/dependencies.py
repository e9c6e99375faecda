"""What a handler is given by name: the stores of its service, made once, and passed on as they are."""

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

T = TypeVar("T")

Given: TypeAlias = NamedDependency[SkipValidation[T]]
"""Marks a handler's parameter that the service provides and no customer sends."""


def given(value: object) -> Provide:
    """Provide *value*, the same to every request."""
    return Provide(lambda: value, sync_to_thread=False)
