"""What became of the requests of a load run: how many, how long, and what went wrong."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

PERCENTILES = (50, 90, 99)


@dataclass(slots=True)
class Figures:
    """Of one kind of request."""

    latencies_ms: list[float] = field(default_factory=list)
    """Sorted; from the moment at which a request was due, so that a store that stands still is seen to."""
    faults: Counter[str] = field(default_factory=Counter)
    """Status of 500 and more, or the name of what prevented an answer -> how often."""

    def add(self, latency_ms: float, fault: str | None) -> None:
        """Count one request."""
        insort(self.latencies_ms, latency_ms)
        if fault:
            self.faults[fault] += 1

    @property
    def count(self) -> int:
        """Requests that have ended."""
        return len(self.latencies_ms)

    def percentile(self, percent: int) -> float:
        """The latency in milliseconds that *percent* of the requests did not exceed (nearest rank); 0 of none."""
        rank = -(-percent * self.count // 100)
        return self.latencies_ms[rank - 1] if rank else 0.0


@dataclass(slots=True)
class Report:
    """Of a whole run."""

    by_kind: dict[str, Figures] = field(default_factory=dict)
    """What was asked, such as `search` -> its figures."""
    asked_rps: float = 0.0
    seconds: float = 0.0

    def add(self, kind: str, latency_ms: float, fault: str | None) -> None:
        """Count one request."""
        self.by_kind.setdefault(kind, Figures()).add(latency_ms, fault)

    @property
    def requests(self) -> int:
        """Requests that have ended, of all kinds."""
        return sum(each.count for each in self.by_kind.values())

    @property
    def faults(self) -> Counter[str]:
        """What went wrong, of all kinds."""
        return sum((each.faults for each in self.by_kind.values()), Counter())

    @property
    def rps(self) -> float:
        """Requests that ended in a second."""
        return self.requests / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures as numbers."""
        kinds = {
            kind: {"count": each.count, "faults": dict(each.faults)}
            | {f"p{percent}_ms": round(each.percentile(percent), 2) for percent in PERCENTILES}
            | {"max_ms": round(each.percentile(100), 2)}
            for kind, each in sorted(self.by_kind.items())
        }
        totals = {"requests": self.requests, "seconds": round(self.seconds, 2), "rps": round(self.rps, 2)}
        return totals | {"asked_rps": self.asked_rps, "faults": dict(self.faults), "kinds": kinds}
