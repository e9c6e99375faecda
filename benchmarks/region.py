"""Measure how long the offline region takes from an account that stands to servers that are all healthy."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.measure import Result, best
from engines.rehearsal import rehearse
from offline.account import Account
from offline.region.region import Region, running

BOUND_S = 5.0
ROUNDS = 3
GIVE_UP_S = 300.0
LOOK_EVERY_S = 0.05


def measure() -> list[Result]:
    """The horizontal small stack: two data stores, a balancer, an edge and 17 servers."""
    _, account = rehearse("offline", {"scaling": "horizontal", "size": "small"})
    try:
        ready = best(lambda: _seconds(account), ROUNDS)
    finally:
        account.close()
    return [
        Result("offline region ready, horizontal small", ready, BOUND_S, "s", "from a deployed account, all healthy")
    ]


def _seconds(account: Account) -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with running(account, Path(folder) / "run") as region:
            while not _is_ready(region):
                if time.perf_counter() - started > GIVE_UP_S:
                    raise TimeoutError(f"the region's servers are {region.health()}; allowed: healthy. Fix: their logs")
                region.follow()
                time.sleep(LOOK_EVERY_S)
            return time.perf_counter() - started


def _is_ready(region: Region) -> bool:
    return {state for states in region.health().values() for state in states.values()} == {"healthy"}
