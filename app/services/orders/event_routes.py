"""The order page's stream: what becomes of an order, told to the browser without its asking (server-sent events)."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

from litestar import get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from app.contract import SERVICES
from app.data.progress import Progress, Step
from app.data.sessions import Session
from app.drain import Drain
from app.http.dependencies import Given, Routes
from app.http.problems import Problem
from app.http.session_cookie import SECURITY
from app.services.fields import PathId
from app.services.orders.domain import Orders, UnknownOrderError

LONGEST_S = 300.0
"""Seconds after which a stream ends, and the browser opens another: a log-out, or a server that is full, matters."""
BEAT_S = 15.0
"""Seconds between two signs of life: CloudFront and the load balancer close what is silent for 30 and 60 s."""
LOOK_S = 0.5
"""Seconds between two looks whether this server drains: it must not wait for its streams."""
RETRY_MS = 1000
"""Milliseconds after which a browser whose stream ended asks again."""


@get("/{order_id:str}/events", summary="Watch an order", security=SECURITY)
async def watch(
    order_id: PathId, session: Given[Session], orders: Given[Orders], progress: Given[Progress], drain: Given[Drain]
) -> ServerSentEvent:
    """A stream of `order` and `parcel` events with their state; the first ones say how far both are now.

    Consistent: a step that happens while the stream is being opened is in it, once at least.
    """
    try:
        await orders.find(session.customer_id, order_id)
    except UnknownOrderError:
        raise Problem(404, "there is no order of this id", "order_id") from None
    return ServerSentEvent(_Stream(session.customer_id, order_id, orders, drain).run(progress))


class _Stream:
    def __init__(self, customer_id: str, order_id: str, orders: Orders, drain: Drain) -> None:
        self._customer_id = customer_id
        self._order_id = order_id
        self._orders = orders
        self._drain = drain
        self._told: dict[str, int] = {}
        """Topic -> the last step that was known at the beginning, which may be heard as well."""

    async def run(self, progress: Progress) -> AsyncIterator[Any]:
        """Listen first and look then, so that nothing falls in between."""
        async with progress.watch(self._order_id) as heard:
            found, _ = await self._orders.find(self._customer_id, self._order_id)
            yield ServerSentEventMessage(event="order", data=json.dumps({"state": found.order.state}), retry=RETRY_MS)
            for step in await heard.known():
                self._told[step.topic] = step.number
                yield _said(step)
            opened = beat = time.monotonic()
            while not self._drain.draining and (now := time.monotonic()) - opened < LONGEST_S:
                step = await heard.next(LOOK_S)
                if step and step.number > self._told.get(step.topic, -1):
                    yield _said(step)
                elif now - beat >= BEAT_S:
                    beat = now
                    yield ServerSentEventMessage(comment="still here")


def _said(step: Step) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=step.topic, data=json.dumps({"state": step.state}))


def events_router(orders: Orders, progress: Progress) -> Routes:
    """The stream over what keeps orders, and what tells of their steps."""
    return Routes(SERVICES["orders"], [watch], {"orders": orders, "progress": progress})
