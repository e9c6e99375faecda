"""Say what an update does to one resource, where that stands, and what it has to wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Needs(NamedTuple):
    """What a registered resource depends on."""

    all: list[str]
    """URNs, those of its properties among them."""
    by_property: dict[str, list[str]]


NOTHING = Needs([], {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One resource of an update."""

    urn: str
    type: str
    box: str
    """The component right above it; its own name without one."""
    kind: str
    """One of create, update, replace, delete, same."""
    needs: tuple[str, ...] = ()
    """URNs that have to stand before it does; what is deleted goes before those."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
