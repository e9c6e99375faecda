"""Play people's journeys against a running store, as many as were asked for, however slowly it answers."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence

from traffic.customers import Customers
from traffic.figures import Report
from traffic.journeys import JOURNEYS, Journey
from traffic.visit import Visit
from traffic.visitor import VisitError, open_store

WORK_AT_ONCE = 2_000
"""Journeys under way: one more is not begun and counts as a fault, or the load would be this machine's memory."""
RPS_PER_CUSTOMER = 5
"""So many requests a second for each customer who signs up before the run; more sign up in it."""

Tell = Callable[[Report], None]
"""Told the figures so far, once a second."""
Plan = Sequence[tuple[Journey, int, float]]
"""As JOURNEYS."""


async def load(url: str, rps: float, seconds: float, password: str, tell: Tell, plan: Plan = JOURNEYS) -> Report:
    """Make so many journeys a second that *rps* requests a second are due, and report when the last has ended.

    Open-loop: what is due is begun, whether the store has answered the one before or not (Schroeder et al. 2006, "Open
    versus closed: a cautionary tale"). Raises VisitError when nobody can sign up.
    """
    run = _Run(rps, random.Random(0), plan)  # noqa: S311  journeys, not secrets
    async with open_store(url) as store:
        people = Customers(store, password)
        try:
            await people.sign_up(math.ceil(rps / RPS_PER_CUSTOMER))
        except* VisitError as refused:
            raise refused.exceptions[0] from None
        watching = asyncio.create_task(run.watch(tell))
        await run.play(people, seconds)
        watching.cancel()
    tell(run.report)
    return run.report


class _Run:
    def __init__(self, rps: float, rng: random.Random, plan: Plan) -> None:
        self.report = Report(asked_rps=rps)
        self._rng = rng
        self._plan = plan
        self._started = time.monotonic()
        requests = sum(often * length for _, often, length in plan) / sum(often for _, often, _ in plan)
        self._every_s = requests / rps

    async def play(self, people: Customers, seconds: float) -> None:
        self._started = time.monotonic()
        async with asyncio.TaskGroup() as journeys:
            running: set[asyncio.Task[None]] = set()
            for due_s, journey in self._due(seconds):
                await self._until(due_s)
                if len(running) >= WORK_AT_ONCE:
                    self.report.of("not begun").add(0.0, f"{WORK_AT_ONCE} journeys are under way")
                    continue
                rng = random.Random(self._rng.random())  # noqa: S311  journeys, not secrets
                visit = Visit(people, self.report, self._started + due_s, rng)
                task = journeys.create_task(_made(visit, journey))
                running.add(task)
                task.add_done_callback(running.discard)
            await self._until(seconds)
            self.report.end()
        self._look()

    def _due(self, seconds: float) -> Iterator[tuple[float, Journey]]:
        """When each journey begins, in seconds from now, at random moments of that mean rate, and which it is."""
        due_s = self._rng.expovariate(1 / self._every_s)
        while due_s < seconds:
            [(journey, _, _)] = self._rng.choices(self._plan, weights=[often for _, often, _ in self._plan])
            yield due_s, journey
            due_s += self._rng.expovariate(1 / self._every_s)

    async def _until(self, due_s: float) -> None:
        await asyncio.sleep(max(0.0, self._started + due_s - time.monotonic()))
        self._look()

    def _look(self) -> None:
        self.report.seconds = time.monotonic() - self._started

    async def watch(self, tell: Tell) -> None:
        while True:
            await asyncio.sleep(1)
            self._look()
            tell(self.report)


async def _made(visit: Visit, journey: Journey) -> None:
    await journey(visit)
    visit.leave()
