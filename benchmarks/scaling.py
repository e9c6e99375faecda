"""Measure what an item read costs everything behind the edge's address with N catalog servers, and with 2N."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import Result
from benchmarks.serving import Serving, ask, request
from engines.rehearsal import rehearse
from offline.account import Account
from offline.region.balancer.health import HEALTHY
from offline.region.region import Region, running
from tests.waiting import eventually
from traffic.catalogue import catalogue
from traffic.seeding import seed

BOUND = 1.15
"""Throughput per core used stays within 15 %: so much more CPU may a request take."""
N, AT_ONCE = 2, 16
"""The small store's catalog servers; customers, each of whom asks again as soon as they are answered."""
PHASES = (N, *(2 * N, N) * 4)
REQUESTS, WARM_UP, ITEMS = 800, 300, 20
PASSWORD = "correct horse battery"  # noqa: S105 - of sellers that end with the measurement


@dataclass(frozen=True, slots=True)
class _Store:
    account: Account
    region: Region
    group: str
    """The catalog servers' Auto Scaling group."""

    def described(self) -> dict[str, Any]:
        """The group, as the account has it now."""
        groups = self.account.client("autoscaling")
        return groups.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])["AutoScalingGroups"][0]

    def become(self, servers: int) -> None:
        """Have so many catalog servers that are asked; TimeoutError when they are not healthy in time."""
        groups = self.account.client("autoscaling")
        groups.set_desired_capacity(AutoScalingGroupName=self.group, DesiredCapacity=servers)
        if not eventually(lambda: self._is_whole(servers), wanted=True):
            raise TimeoutError(f"the servers are {self.region.health()}; allowed: healthy. Fix: their logs")

    def _is_whole(self, servers: int) -> bool:
        self.region.follow()
        group, health = self.described(), self.region.health()
        names = _serving(group)
        states = {health.get(arn, {}).get(name) for arn in group["TargetGroupARNs"] for name in names}
        return len(names) == servers and states == {HEALTHY}

    def cpu_s(self) -> dict[str, float]:
        """Seconds of CPU so far of what is between the edge's address and the database, by part.

        Of servers only the event loops: their other threads send hints once a second, whoever asks how often.
        """
        [edge] = self.region.edges
        [balancer] = (each for name, each in self.region.balancers.items() if name not in self.region.internal)
        proxies = {"edge": Serving(0, edge.pid).cpu_s(), "balancer": Serving(0, balancer.pid).cpu_s()}
        servers = [Serving(0, self.region.servers[name].pid) for name in _serving(self.described())]
        return proxies | {"servers": sum(each.cpu_s() - each.beside_s() for each in servers)}

    def read(self, items: Sequence[str], count: int) -> None:
        """Look at *items* in turn through the edge, *count* times in all."""
        [edge] = self.region.edges
        asked = [request("GET", f"/catalog/items/{each}") for each in items]
        ask(edge.port, list(islice(cycle(asked), count)), AT_ONCE, edge.address)


def measure() -> list[Result]:
    """N and 2N servers in turn under the same load: each time with 2N against the two with N around it, the median."""
    _, account = rehearse("offline", {"scaling": "horizontal", "size": "small"})
    try:
        # Auto Scaling's minutes stand still: it would grow the fleet under this load
        with tempfile.TemporaryDirectory() as folder, running(account, Path(folder) / "run", lambda: 0.0) as region:
            return [_result(_Store(account, region, _group(account)))]
    finally:
        account.close()


def _serving(group: dict[str, Any]) -> list[str]:
    return [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == "InService"]


def _group(account: Account) -> str:
    groups = account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    [name] = [each["AutoScalingGroupName"] for each in groups if each["AutoScalingGroupName"].startswith("app-catalog")]
    return name


def _result(store: _Store) -> Result:
    store.become(N)
    [edge] = store.region.edges
    asyncio.run(seed(edge.url, ITEMS, 0, PASSWORD, lambda _: None))
    items = [each.item_id for each in catalogue(ITEMS)]
    phases = [_phase(store, servers, items) for servers in PHASES]
    costs = [sum(each.values()) for each in phases]
    beside = [2 * costs[at] / (costs[at - 1] + costs[at + 1]) for at in range(1, len(costs), 2)]
    few, twice = _middle(phases[::2]), _middle(phases[1::2])
    detail = f"{min(beside):.2f} to {max(beside):.2f}; N = {N}: {_told(few)}; 2N: {_told(twice)}"
    return Result("CPU of an item read, 2N servers / N", median(beside), BOUND, "x", detail)


def _middle(phases: Sequence[dict[str, float]]) -> dict[str, float]:
    return {part: median(each[part] for each in phases) for part in phases[0]}


def _phase(store: _Store, servers: int, items: Sequence[str]) -> dict[str, float]:
    """Seconds of CPU for one read, by part, with so many *servers*."""
    store.become(servers)
    store.read(items, WARM_UP)
    before = store.cpu_s()
    store.read(items, REQUESTS)
    return {part: (seconds - before[part]) / REQUESTS for part, seconds in store.cpu_s().items()}


def _told(parts: dict[str, float]) -> str:
    """What one second of a core does, and what one read costs."""
    shown = ", ".join(f"{part} {1000 * seconds:.2f}" for part, seconds in parts.items())
    return f"{1 / sum(parts.values()):.0f} reads a second of a core ({shown} ms)"
