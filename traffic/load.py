"""Play customers' journeys against a running store, as many as were asked for, however slowly it answers."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from traffic.figures import Report
from traffic.journeys import JOURNEYS, Journey
from traffic.visitor import Visitor, open_store

CUSTOMERS = 20
"""Customers who sign up before the run, as a log-in is dear on purpose; each journey is made by one of them."""
WORK_AT_ONCE = 2_000
"""Journeys under way: one more is not begun and counts as a fault, or the load would be this machine's memory."""

Tell = Callable[[Report], None]
"""Told the figures so far, once a second."""


async def load(url: str, rps: float, seconds: float, password: str, tell: Tell, seed: int = 0) -> Report:
    """Make so many journeys a second that *rps* requests a second are due, and report when the last has ended.

    Open-loop: what is due is begun, whether the store has answered the one before or not (Schroeder et al. 2006, "Open
    versus closed: a cautionary tale"). Raises VisitError when nobody can sign up.
    """
    run = _Run(rps, random.Random(seed))  # noqa: S311  journeys, not secrets
    async with open_store(url) as store:
        customers = await _customers(store, password)
        watching = asyncio.create_task(run.watch(tell))
        await run.play(customers, seconds)
        watching.cancel()
    tell(run.report)
    return run.report


async def _customers(store: httpx.AsyncClient, password: str) -> list[Visitor]:
    """Some new customers, one after the other."""
    customers = [Visitor(store) for _ in range(CUSTOMERS)]
    for each in customers:
        await each.sign_up(f"load-{uuid.uuid4()}@example.org", "Load", password)
    return customers


class _Run:
    def __init__(self, rps: float, rng: random.Random) -> None:
        self.report = Report(asked_rps=rps)
        self._rng = rng
        self._started = time.monotonic()
        requests = sum(often * length for _, often, length in JOURNEYS) / sum(often for _, often, _ in JOURNEYS)
        self._every_s = requests / rps

    async def play(self, customers: list[Visitor], seconds: float) -> None:
        self._started = time.monotonic()
        async with asyncio.TaskGroup() as journeys:
            running: set[asyncio.Task[None]] = set()
            for due_s, journey in self._due(seconds):
                await asyncio.sleep(max(0.0, self._started + due_s - time.monotonic()))
                if len(running) >= WORK_AT_ONCE:
                    self.report.add("not begun", 0.0, f"{WORK_AT_ONCE} journeys are under way")
                    continue
                visit = _Visit(self._rng.choice(customers), self.report, self._started + due_s)
                task = journeys.create_task(visit.make(journey, random.Random(self._rng.random())))  # noqa: S311
                running.add(task)
                task.add_done_callback(running.discard)
        self.report.seconds = time.monotonic() - self._started

    def _due(self, seconds: float) -> Iterator[tuple[float, Journey]]:
        """When each journey begins, in seconds from now, at random moments of that mean rate, and which it is."""
        due_s = self._rng.expovariate(1 / self._every_s)
        while due_s < seconds:
            [(journey, _, _)] = self._rng.choices(JOURNEYS, weights=[often for _, often, _ in JOURNEYS])
            yield due_s, journey
            due_s += self._rng.expovariate(1 / self._every_s)

    async def watch(self, tell: Tell) -> None:
        while True:
            await asyncio.sleep(1)
            self.report.seconds = time.monotonic() - self._started
            tell(self.report)


class _Visit:
    """One journey of one customer; its first request was due at *due*."""

    def __init__(self, visitor: Visitor, report: Report, due: float) -> None:
        self._visitor = visitor
        self._report = report
        self._due = due

    async def make(self, journey: Journey, rng: random.Random) -> None:
        await journey(self._ask, rng)

    async def _ask(self, kind: str, method: str, path: str, body: Any) -> httpx.Response | None:
        response, fault = None, None
        try:
            response = await self._visitor.ask(method, path, body)
            fault = str(response.status_code) if response.status_code >= 500 else None
        except httpx.HTTPError as error:
            fault = type(error).__name__
        self._report.add(kind, (time.monotonic() - self._due) * 1000, fault)
        self._due = time.monotonic()
        return response
