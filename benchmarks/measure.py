"""Say what one measurement is, and how a time is taken on a machine that does other things as well."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One measured figure against the bound that the project set itself."""

    name: str
    figure: float
    bound: float
    unit: str
    detail: str

    @property
    def within(self) -> bool:
        """Say whether the figure keeps to its bound."""
        return self.figure <= self.bound


def best(run: Callable[[], float], times: int) -> float:
    """The least of several runs in seconds: noise on a shared machine only ever adds."""
    return min(run() for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock that *work* takes, garbage of what ran before collected first."""
    return _measured(work, time.perf_counter)


def computed(work: Callable[[], object]) -> float:
    """Seconds of CPU that *work* takes in this process: for work that never waits, on a machine with other work."""
    return _measured(work, time.process_time)


def computed_by_all(work: Callable[[], object]) -> float:
    """Seconds of CPU that *work* takes in this process and in those that it starts and waits for."""
    return _measured(work, lambda: sum(os.times()[:4]))


def _measured(work: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()
    started = clock()
    work()
    return clock() - started
