"""Whole programs as the documentation of AWS and of Pulumi has them: what they use together breaks no rule."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Program = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A program that AWS takes as it is, the page that does it so, and what is advised all the same."""

    program: Program
    page: str
    advised: tuple[str, ...]
    """The id of the rule of each advisory finding, sorted."""

    def __str__(self) -> str:
        return self.program.__name__


def example(page: str, *advised: str) -> Callable[[Program], Example]:
    """Say that the decorated program is right, and which findings advise more."""
    return lambda program: Example(program, page, tuple(sorted(advised)))


def examples() -> Iterator[Example]:
    """Every example of the files beside this one."""
    for each in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        found = vars(import_module(f"{__name__}.{each}")).values()
        yield from (value for value in found if isinstance(value, Example))
