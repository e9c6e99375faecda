"""What became of the requests of a load run: how many, how long, what the store refused, and what went wrong."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

PERCENTILES = (50, 90, 99)
REFUSALS = frozenset({402, 404, 409, 429})
"""What a store may say to a customer who does nothing wrong: not paid, not there, too little of it, too often."""


@dataclass(slots=True)
class Figures:
    """Of one kind of request, or of one kind of wait."""

    latencies_ms: list[float] = field(default_factory=list)
    """Sorted; from the moment at which a request was due, so that a store that stands still is seen to."""
    refusals: Counter[str] = field(default_factory=Counter)
    """A shop's answers to people that are no success, such as 409 for too little stock -> how often."""
    faults: Counter[str] = field(default_factory=Counter)
    """Every other status from 400 on, or the name of what prevented an answer -> how often."""

    def add(self, latency_ms: float, fault: str = "", refusal: str = "") -> None:
        """Count one."""
        insort(self.latencies_ms, latency_ms)
        if fault:
            self.faults[fault] += 1
        if refusal:
            self.refusals[refusal] += 1

    def answered(self, latency_ms: float, status: int) -> None:
        """Count one request by its answer."""
        told = str(status) if status >= 400 else ""
        self.add(latency_ms, **{"refusal" if status in REFUSALS else "fault": told})

    @property
    def count(self) -> int:
        """Those that have ended."""
        return len(self.latencies_ms)

    def percentile(self, percent: int) -> float:
        """The latency in milliseconds that *percent* of the requests did not exceed (nearest rank); 0 of none."""
        rank = -(-percent * self.count // 100)
        return self.latencies_ms[rank - 1] if rank else 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures as numbers."""
        percentiles = {f"p{percent}_ms": round(self.percentile(percent), 2) for percent in PERCENTILES}
        told = {"count": self.count, "refusals": dict(self.refusals), "faults": dict(self.faults)}
        return told | percentiles | {"max_ms": round(self.percentile(100), 2)}


@dataclass(slots=True)
class Report:
    """Of a whole run."""

    by_kind: dict[str, Figures] = field(default_factory=dict)
    """What was asked, such as `search` -> its figures."""
    waits: dict[str, Figures] = field(default_factory=dict)
    """What customers waited for without asking, such as a parcel -> its figures; no requests."""
    asked_rps: float = 0.0
    seconds: float = 0.0
    ended: tuple[int, float] | None = None
    """Requests and seconds when the last customer had come: those who are there still are waited for, not counted."""

    def of(self, kind: str) -> Figures:
        """The figures of one kind of request."""
        return self.by_kind.setdefault(kind, Figures())

    def waited(self, what: str, latency_ms: float, refusal: str = "") -> None:
        """Count one wait."""
        self.waits.setdefault(what, Figures()).add(latency_ms, refusal=refusal)

    def end(self) -> None:
        """Nobody comes any more: the rate is what it is now."""
        self.ended = self.requests, self.seconds

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
        """Requests that ended in a second, while customers came."""
        requests, seconds = self.ended or (self.requests, self.seconds)
        return requests / seconds if seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures as numbers."""
        kinds, waits = (
            {name: each.as_json() for name, each in sorted(of.items())} for of in (self.by_kind, self.waits)
        )
        totals = {"requests": self.requests, "seconds": round(self.seconds, 2), "rps": round(self.rps, 2)}
        return totals | {"asked_rps": self.asked_rps, "faults": dict(self.faults), "kinds": kinds, "waits": waits}
