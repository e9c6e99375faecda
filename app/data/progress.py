"""How far an order is, told to the browsers that watch it: kept for who comes later, and published for who is there."""

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import msgspec
from valkey.asyncio.client import PubSub

from app import log
from app.data.outage import Unavailable
from app.data.valkey import Cache

KEPT_S = 24 * 3600
"""Seconds after its last step for which an order's progress is kept; the order itself is kept elsewhere."""

_TELL = f"""
local step = cjson.decode(ARGV[1])
local known = redis.call('HGET', KEYS[1], step.topic)
if known and cjson.decode(known).number >= step.number then return 0 end
redis.call('HSET', KEYS[1], step.topic, ARGV[1])
redis.call('EXPIRE', KEYS[1], {KEPT_S})
redis.call('PUBLISH', KEYS[1], ARGV[1])
return 1
"""
"""In one step, so that who subscribes before they look misses nothing; a step that comes late is not told at all."""


class Step(msgspec.Struct, frozen=True):
    """One step of something about an order."""

    topic: str
    """What has moved: "order" or "parcel"."""
    number: int
    """Grows with each step of a topic: what orders steps, instead of a clock."""
    state: str


class Watch(Protocol):
    """What is heard of one order."""

    async def known(self) -> list[Step]:
        """The last step of each topic."""
        ...

    async def next(self, within_s: float) -> Step | None:
        """The next step; None when there was none in time."""
        ...


class Progress(Protocol):
    """How far orders are."""

    async def tell(self, order_id: str, step: Step) -> None:
        """Tell who watches, now and later."""
        ...

    def watch(self, order_id: str) -> AbstractAsyncContextManager[Watch]:
        """Hear all steps from now on."""
        ...


class ValkeyProgress:
    """Implements `Progress` by a hash and a channel for each order."""

    def __init__(self, cache: Cache) -> None:
        """Keep it in *cache*."""
        self._cache = cache

    async def tell(self, order_id: str, step: Step) -> None:
        """Available: a browser that is not told asks again; nothing else depends on it."""
        try:
            await self._cache.run(_TELL, _key(order_id), msgspec.json.encode(step).decode())
        except Unavailable as outage:
            log.event("browsers are not told", level=logging.WARNING, order=order_id, reason=outage.reason)

    @asynccontextmanager
    async def watch(self, order_id: str) -> AsyncIterator["_Heard"]:
        """Consistent: raises Unavailable rather than to be silent for ever."""
        async with self._cache.listening(_key(order_id)) as heard:
            yield _Heard(self._cache, order_id, heard)


class _Heard:
    def __init__(self, cache: Cache, order_id: str, heard: PubSub) -> None:
        self._cache = cache
        self._key = _key(order_id)
        self._heard = heard

    async def known(self) -> list[Step]:
        async with self._cache.client() as client:
            answer: Any = client.hgetall(self._key)
            found = await answer
        return [msgspec.json.decode(each, type=Step) for each in found.values()]

    async def next(self, within_s: float) -> Step | None:
        message = await self._heard.get_message(timeout=within_s)
        return msgspec.json.decode(message["data"], type=Step) if message else None


def _key(order_id: str) -> str:
    return f"progress:{order_id}"
