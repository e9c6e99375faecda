"""Lay answers out as tables for a person; every one of them exists as JSON too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from engines.graph import Graph


def component_table(graph: Graph) -> Table:
    """Every component with its class, how many resources it made, and the commonest of their types."""
    table = _table("component", "class", "resources", "made of")
    for component, resources in graph.components():
        types = Counter(resource.type.rpartition(":")[2] for resource in resources)
        made = ", ".join(f"{count} {name}" for name, count in types.most_common(4)) + (
            ", ..." if len(types) > 4 else ""
        )
        table.add_row(component.name, component.type.rpartition(":")[2], str(len(resources)), made)
    total = sum(resource.custom for resource in graph.resources)
    table.add_section()
    table.add_row("all", "", str(total), f"{len({r.type for r in graph.resources if r.custom})} types")
    return table


def outputs_table(outputs: Mapping[str, Any]) -> Table:
    """Every export of the stack, one a line; maps and lists as JSON."""
    return pairs_table("output", ((name, shown(value)) for name, value in sorted(outputs.items())))


def pairs_table(heading: str, pairs: Iterable[tuple[str, str]]) -> Table:
    """Names and values."""
    table = _table(heading, "value")
    for name, value in pairs:
        table.add_row(Text(name), Text(value))
    return table


def rows_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """Any rows under their headings."""
    table = _table(*headings)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def shown(value: Any) -> str:
    """A value as one line of text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in ("resources", "count") else "left")
    return table
