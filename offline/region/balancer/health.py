"""Ask every target how it is, at its group's pace, and choose whom the next request goes to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpcore

from offline.region.balancer.table import Group, Target

SOON_S = 0.1
INITIAL, HEALTHY, UNHEALTHY, DRAINING = "initial", "healthy", "unhealthy", "draining"


@dataclass(slots=True)
class Watched:
    """One target and how it is; a new one counts as healthy after its first good answer."""

    target: Target
    group: Group
    state: str = INITIAL
    run: int = 0
    """Answers in a row that speak against the state."""
    since: float = 0.0
    """When it became what it is."""
    under_way: int = 0
    """Requests that it has not answered yet."""
    credit: float = 0.0
    """What slow start has left over for it: a whole one is a request."""

    def learn(self, *, good: bool) -> None:
        """Take one answer into account."""
        if self.state == (HEALTHY if good else UNHEALTHY):
            self.run = 0
            return
        self.run += 1
        check = self.group.check
        needed = check.unhealthy_after if not good else 1 if self.state == INITIAL else check.healthy_after
        if self.run >= needed:
            self.become(HEALTHY if good else UNHEALTHY)

    def become(self, state: str) -> None:
        """Begin to be something else."""
        self.state, self.run, self.since = state, 0, time.monotonic()

    def takes_this_one(self) -> bool:
        """Whether it is far enough for its turn: in slow start a target's share grows linearly (ELB guide)."""
        if not self.group.slow_start_s:
            return True
        self.credit += min(1.0, (time.monotonic() - self.since) / self.group.slow_start_s)
        taken, self.credit = self.credit >= 1, self.credit % 1
        return taken


@dataclass(slots=True)
class Pool:
    """The targets of one group, asked in turn."""

    group: Group
    watched: dict[str, Watched] = field(default_factory=dict)
    leaving: dict[str, Watched] = field(default_factory=dict)
    """Targets that left and still answer what they were asked before."""
    requests: int = 0
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _turn: int = 0

    def update(self, group: Group) -> None:
        """Go on with the targets that stay, forget those that left, begin to ask those that are new."""
        self.group = group
        wanted = {each.id: each for each in group.targets}
        for name in [name for name, each in self.watched.items() if wanted.get(name) != each.target]:
            self._forget(name)
        for name, target in wanted.items():
            if name not in self.watched:
                self.watched[name] = Watched(target, group)
                self._tasks[name] = asyncio.create_task(self._ask(name))
            self.watched[name].group = group

    def close(self) -> None:
        """Ask nobody any more."""
        for name in [*self.watched]:
            self._forget(name)

    def next(self) -> Watched | None:
        """Whose turn it is among the healthy; among all when none is (ELB guide, "fail open"); None without any."""
        known = [each for each in self.watched.values() if each.state != INITIAL]
        able = [each for each in known if each.state == HEALTHY] or known
        if not able:
            return None
        turns = (able[(self._turn + step) % len(able)] for step in range(1, len(able) + 1))
        chosen = next((each for each in turns if each.takes_this_one()), able[(self._turn + 1) % len(able)])
        self._turn = able.index(chosen)
        self.requests += 1
        return chosen

    @contextmanager
    def under_way(self, chosen: Watched) -> Iterator[None]:
        """Count one request to a target while the body runs."""
        chosen.under_way += 1
        try:
            yield
        finally:
            chosen.under_way -= 1

    def states(self) -> dict[str, str]:
        """Target -> how it is."""
        now = time.monotonic()
        self.leaving = {
            name: each
            for name, each in self.leaving.items()
            if each.under_way and now - each.since < self.group.drain_s and name not in self.watched
        }
        return {name: each.state for name, each in (self.watched | self.leaving).items()}

    def _forget(self, name: str) -> None:
        self._tasks.pop(name).cancel()
        gone = self.watched.pop(name)
        gone.become(DRAINING)
        self.leaving[name] = gone

    async def _ask(self, name: str) -> None:
        async with httpcore.AsyncConnectionPool() as pool:
            counted_until = 0.0
            while True:
                watched, interval = self.watched[name], self.group.check.interval_s
                good = await _is_well(pool, watched)
                # A new target is asked ten times a second until it is up, and a refusal counts once an interval.
                if good or watched.state != INITIAL or time.monotonic() >= counted_until:
                    watched.learn(good=good)
                    counted_until = time.monotonic() + interval
                await asyncio.sleep(SOON_S if watched.state == INITIAL else interval)


async def _is_well(pool: httpcore.AsyncConnectionPool, watched: Watched) -> bool:
    check, target = watched.group.check, watched.target
    limit = dict.fromkeys(("connect", "read", "write", "pool"), check.timeout_s)
    url = f"http://{target.address}:{target.port}{check.path}"
    host = f"{target.address}:{target.port}"
    headers = [("Host", host), ("User-Agent", "ELB-HealthChecker/2.0"), ("Connection", "close")]
    try:
        answer = await pool.request("GET", url, headers=headers, extensions={"timeout": limit})
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError):
        return False
    return is_good(answer.status, check.codes)


def is_good(status: int, codes: str) -> bool:
    """Whether *status* is among *codes*, as a matcher writes them: `200`, `200,202`, `200-299`."""
    for part in codes.split(","):
        low, _, high = part.partition("-")
        if int(low) <= status <= int(high or low):
            return True
    return False
