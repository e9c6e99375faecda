"""One person's visit of a load run: what is asked is counted, and goes on whatever the store answers."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import httpx

from traffic.customers import Customer, Customers
from traffic.figures import Report
from traffic.visitor import RefusedStreamError, Visitor

LOG_IN_AGAIN = 0.2
"""The part of known customers whose session has ended, or who come by another device."""
DELIVERED_S = 60.0
"""Seconds for which a customer keeps the order's page open; the sandbox's carrier needs three."""
AGAIN_S = 1.0
"""Seconds until a page opens its stream again, as app/pages/js/order.js does."""
ENDS = {("parcel", "delivered"), ("order", "refused"), ("order", "returned")}
"""What a page hears last of an order."""


class Visit:
    """Somebody who has come to look around, and may say who they are; the first request was due at *due*."""

    def __init__(self, people: Customers, report: Report, due: float, rng: random.Random) -> None:
        self.rng = rng
        self._people = people
        self._report = report
        self._due = due
        self._visitor = Visitor(people.store)
        self._customer: Customer | None = None

    async def enter(self) -> bool:
        """Be a customer from here on: by a session that still goes, by logging in, or by signing up first."""
        self._visitor = customer = self._people.comes(self.rng)
        if not customer.is_known:
            await self.ask("sign up", "POST", "/accounts/customers", customer.sign_up_form)
        if not customer.is_known or self.rng.random() < LOG_IN_AGAIN:
            entered = await self.ask("log in", "POST", "/accounts/session", customer.log_in_form)
        else:
            entered = await self.ask("who am I", "GET", "/accounts/session")
        if customer.is_known or is_success(entered):
            self._customer, customer.is_known = customer, True
        return is_success(entered)

    def leave(self) -> None:
        """A customer may come again."""
        if self._customer:
            self._people.leaves(self._customer)

    async def ask(self, kind: str, method: str, path: str, body: Any = None, *, key: str = "") -> httpx.Response | None:
        """Ask once and count it; None when there was no answer."""
        return await self._counted(kind, self._visitor.ask(method, path, body, key=key))

    async def find(self, kind: str, path: str) -> Any:
        """What a GET finds; None when it finds nothing."""
        response = await self.ask(kind, "GET", path)
        return response.json() if response is not None and response.is_success else None

    async def upload(self, form: Any, content: bytes, content_type: str) -> httpx.Response | None:
        """Put a file into the object store, past the servers."""
        return await self._counted("upload", self._visitor.upload(form, content, content_type))

    async def wait_for(self, order_id: str) -> str:
        """Listen on the order's page until there is no more to hear; returns the last state, "" when nobody said it."""
        began, heard = time.monotonic(), ""
        try:
            async with asyncio.timeout(DELIVERED_S):
                while not heard:
                    heard = await self._listen(f"/orders/{order_id}/events") or await _pause()
        except TimeoutError:
            self._report.waited("until delivered", DELIVERED_S * 1000, f"not in {DELIVERED_S:.0f} s")
        else:
            self._report.waited(f"until {heard}", (time.monotonic() - began) * 1000)
        self._due = time.monotonic()
        return heard

    async def _listen(self, path: str) -> str:
        """The last state of an order; "" where the stream ends before, as that of a server that drains does.

        A stream that breaks once it has begun is no fault: the browser opens another by itself.
        """
        opened, begun, figures = time.monotonic(), False, self._report.of("order events")
        try:
            async for topic, state in self._visitor.events(path):
                if not begun:
                    begun = True
                    figures.add((time.monotonic() - opened) * 1000)
                if (topic, state) in ENDS:
                    return state
        except RefusedStreamError as refused:
            figures.answered((time.monotonic() - opened) * 1000, refused.status)
        except httpx.HTTPError as error:
            if not begun:
                figures.add((time.monotonic() - opened) * 1000, type(error).__name__)
        return ""

    async def _counted(self, kind: str, asked: Any) -> httpx.Response | None:
        response, figures = None, self._report.of(kind)
        try:
            response = await asked
        except httpx.HTTPError as error:
            figures.add(self._latency_ms(), type(error).__name__)
        else:
            figures.answered(self._latency_ms(), response.status_code)
        self._due = time.monotonic()
        return response

    def _latency_ms(self) -> float:
        return (time.monotonic() - self._due) * 1000


def is_success(response: httpx.Response | None) -> bool:
    """Whether there was an answer, and a good one."""
    return response is not None and response.is_success


async def _pause() -> str:
    await asyncio.sleep(AGAIN_S)
    return ""
