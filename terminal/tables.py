"""Lay answers out as tables for a person; every one of them exists as JSON too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from rich.table import Table
from rich.text import Text

from engines.finding import Finding
from engines.graph import Graph
from planning.standing_cost import StandingCost

if TYPE_CHECKING:
    from engines.coverage import Row  # imports pulumi, which `status` and the like start without


def component_table(graph: Graph) -> Table:
    """Every component with its class, how many resources it made, and their types, the commonest first."""
    table = _table("component", "class", "resources", "made of")
    for component, resources in graph.components():
        types = Counter(resource.type.rpartition(":")[2] for resource in resources)
        made = ", ".join(f"{count} {name}" for name, count in types.most_common())
        one_line = Text(made, no_wrap=True, overflow="ellipsis")  # ends at the edge of a terminal
        table.add_row(component.name, component.type.rpartition(":")[2], str(len(resources)), one_line)
    total = sum(resource.custom for resource in graph.resources)
    table.add_section()
    table.add_row("all", "", str(total), f"{len({r.type for r in graph.resources if r.custom})} types")
    return table


def class_table(graph: Graph) -> Table:
    """How many resources each class of components made, and the names of these components."""
    table, counts, names = _table("class", "resources", "components"), Counter[str](), dict[str, list[str]]()
    for component, resources in graph.components():
        kind = component.type.rpartition(":")[2]
        counts[kind] += len(resources)
        names.setdefault(kind, []).append(component.name)
    for kind, named in names.items():
        table.add_row(kind, str(counts[kind]), ", ".join(named))
    return table


def cost_table(cost: StandingCost) -> Table:
    """What each component costs a month by standing there, the dearest first, and where the prices are from."""
    table = _table("component", "USD a month")
    for box in cost.boxes:
        table.add_row(box.name, f"{box.usd:.2f}")
    table.add_section()
    oldest, newest = cost.as_of
    table.add_row("all, with the fewest servers and without traffic", f"{cost.total:.2f}")
    table.caption = (
        f"on-demand prices of {cost.region}, read {oldest} to {newest}; requests, traffic and logs come on top"
    )
    if cost.unpriced:
        table.caption += f"; without a price: {', '.join(cost.unpriced)}"
    return table


def resource_table(graph: Graph) -> Table:
    """Every resource with its component ("" without one), type, logical name and id in the account."""
    owners = {resource.urn: component.name for component, made in graph.components() for resource in made}
    made = (resource for resource in graph.resources if resource.custom)
    rows = ((owners.get(each.urn, ""), _short(each.type), each.name, each.id) for each in made)
    return rows_table(["component", "type", "name", "id"], sorted(rows))


def _short(token: str) -> str:
    """A type token as Python has it: `sqs.Queue` for aws:sqs/queue:Queue, `random.RandomId` outside of aws."""
    package, module, name = token.split(":")
    return f"{module.partition('/')[0] if package == 'aws' else package}.{name}"


def outputs_table(outputs: Mapping[str, Any]) -> Table:
    """Every export of the stack, and every entry of a map or list by its dotted name, one a line."""
    return pairs_table("output", ((name, shown(value)) for name, value in sorted(entries(outputs).items())))


def pairs_table(heading: str, pairs: Iterable[tuple[str, str]]) -> Table:
    """Names and values."""
    return rows_table([heading, "value"], pairs)


def entries(value: Any, name: str = "") -> dict[str, Any]:
    """What a value is made of, by dotted names: `queue_urls.mail`, `database_reader_hosts.0`; an empty one as it is."""
    parts = dict(enumerate(value)) if isinstance(value, list) else value
    if not isinstance(parts, Mapping) or not parts:
        return {name: value} if name else {}
    below = (entries(part, f"{name}.{key}" if name else str(key)) for key, part in parts.items())
    return {each: found for part in below for each, found in part.items()}


def rows_table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """Any rows under their headings."""
    table = _table(*headings)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def findings_table(findings: Iterable[Finding]) -> Table:
    """What was looked at, what was found there, and what to do about it."""
    rows = ((each.mark, each.subject, each.found, each.allowed, each.fix) for each in findings)
    return rows_table(["", "subject", "found", "allowed", "fix"], rows)


def shown(value: Any) -> str:
    """A value as one line of text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def coverage_table(rows: Iterable[Row]) -> Table:
    """Every property of every type; those that the account knows nothing of come last, where the eye is."""
    lines = ([row.type, row.property, row.state, str(row.count)] for row in sorted(rows, key=lambda row: row.state))
    return rows_table(["type", "property", "state", "count"], lines)


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(
            heading, overflow="fold", justify="right" if heading in ("resources", "count", "USD a month") else "left"
        )
    return table
