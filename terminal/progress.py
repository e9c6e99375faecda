"""Show a deployment while it happens: one line per component, on stderr, so that stdout stays the answer."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from engines.graph import STACK_TYPE, is_of_stack, name_of


class DeployProgress:
    """Listen to the events of a deployment; live on a terminal, one plain line per component elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._counts: dict[str, Counter[str]] = {}
        self._kinds: dict[str, str] = {}
        self._component_of: dict[str, str] = {}
        self._started = time.monotonic()
        self._spinner = Spinner("dots")
        self._live = Live(console=console, get_renderable=self._picture, refresh_per_second=10, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()
            return
        for name, counts in self._counts.items():
            self._console.print(f"{name}: {counts.total()} resources{_changed(counts)}")

    def __call__(self, event: dict[str, Any]) -> None:
        """Take one event; warnings and errors of the program are shown as they come."""
        if event["event"] == "resource":
            self._count(event)
        elif event["event"] == "log":
            self._console.print(event["message"], markup=False, highlight=False)

    def _count(self, event: dict[str, Any]) -> None:
        if event["type"] == STACK_TYPE:
            return
        top: str = self._component_of.get(str(event["parent"])) or _nearest_above(event)
        self._component_of[event["urn"]] = top
        self._kinds.setdefault(top, event["type"].rpartition(":")[2])
        self._counts.setdefault(top, Counter())[event.get("kind", "create")] += bool(event["custom"])

    def _picture(self) -> Group:
        total = sum(counts.total() for counts in self._counts.values())
        lines = [
            Text(f"  {name:<24} {self._kinds[name]:<16} {counts.total():>4}{_changed(counts)}")
            for name, counts in self._counts.items()
        ]
        self._spinner.update(text=f"{total} resources, {time.monotonic() - self._started:.1f} s")
        height = max(3, self._console.height - 3)
        return Group(*lines[-height:], self._spinner)


def _changed(counts: Counter[str]) -> str:
    """What became of the resources; nothing where all of them are new, which is the ordinary case offline."""
    kinds = [f"{count} {kind}" for kind, count in counts.items() if count]
    return "" if counts.total() == counts["create"] else f" ({', '.join(kinds)})"


def _nearest_above(event: dict[str, Any]) -> str:
    """The component of what comes without it, as in a destroy from the bottom up: the last name of its parent's URN."""
    above = str(event["parent"])
    return str(event["name"]) if not above or is_of_stack(above) else name_of(above)
