"""Measure how true the offline account is: whether it holds every property that it was asked for."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import msgspec

from engines.monitor import Live, OfflineMonitor

COMMAND = "./bigpicture coverage --markdown --set domain=shop.bigpicture.dev --set hosted_zone=make"
EMULATED = "emulated"
RECORDED = "recorded"


class Row(msgspec.Struct, frozen=True, order=True):
    """One property of one resource type: what the offline account does with it, and how often it was used."""

    type: str
    property: str
    state: str
    """`emulated`: read back through boto3 as asked for. `recorded`: kept in the graph, unknown to the account."""
    count: int


def coverage(monitor: OfflineMonitor) -> list[Row]:
    """Read every resource back and say, per type and property used, what became of it; sorted.

    A property counts as emulated only when every resource of the type gave it back as it was asked for.
    """
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for urn, live in monitor.live.items():
        missing = dict(differences(live))
        for name in live.inputs:
            held[live.handler.token, name].append(name in live.handler.emulates and name not in missing)
        if "unreadable" in missing:
            raise LookupError(f"{urn} cannot be read back")
    return sorted(Row(*key, EMULATED if all(found) else RECORDED, len(found)) for key, found in held.items())


def differences(live: Live) -> list[tuple[str, Any]]:
    """The properties that the handler calls emulated and the account does not hold as they were asked for."""
    state = live.handler.read(live.aws, live.id, live.inputs)
    if state is None:
        return [("unreadable", None)]
    claimed = live.handler.emulates & live.inputs.keys()
    return [(name, state.get(name)) for name in sorted(claimed) if not same(live.inputs[name], state.get(name))]


def same(asked: Any, held: Any) -> bool:
    """Say whether the account holds what was asked for: JSON by meaning, lists as sets; AWS may add to an object."""
    if isinstance(asked, dict):
        return isinstance(held, dict) and all(same(value, held.get(key)) for key, value in asked.items())
    if isinstance(asked, list):
        return isinstance(held, list) and len(asked) == len(held) and all(any(same(a, h) for h in held) for a in asked)
    if isinstance(asked, str) and isinstance(held, str) and asked[:1] in "{[" and asked[:1]:
        return _parsed(asked) == _parsed(held)
    return asked == held


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def summary(rows: list[Row]) -> str:
    """One line of totals."""
    emulated = sum(row.state == EMULATED for row in rows)
    types = len({row.type for row in rows})
    return f"{emulated} of {len(rows)} properties of {types} resource types are emulated; the rest are recorded only."


def markdown(rows: list[Row]) -> str:
    """The text of docs/coverage.md."""
    by_type: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_type[row.type].append(row)
    lines = [
        "# What the offline account emulates",
        "",
        "Written by this command; a test keeps it current:",
        "",
        f"    {COMMAND} > docs/coverage.md",
        "",
        "*Emulated*: the account holds the property, and reading it back through boto3 gives what was asked for.",
        "*Recorded*: the property is in the graph (`./bigpicture resources --json`); the account knows nothing of it.",
        "",
        summary(rows),
        "",
        "| resource type | emulated | recorded only |",
        "|---|---|---|",
    ]
    for token, of_type in sorted(by_type.items()):
        names = {
            state: ", ".join(f"`{row.property}`" for row in of_type if row.state == state)
            for state in (EMULATED, RECORDED)
        }
        lines.append(f"| `{token}` | {names[EMULATED]} | {names[RECORDED]} |")
    return "\n".join(lines) + "\n"
