"""Sends what waits beside customers' entries on all shards: events to the topic, unfinished work to its queue."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from botocore.exceptions import ClientError

from app import log
from app.data.aws import Aws
from app.data.customers import ShardedEntries
from app.data.outage import Unavailable, reason_of
from app.data.sending import BATCH, publish, send
from app.data.shard import Item, RefusedError, Shard, drop, put
from app.data.shard_outbox import EVENTS, OPEN

LOOK = 100
"""Rows read at once; a lane with more is gone through piece by piece, so that what is stuck keeps nothing back."""
AT_ONCE = 2
"""Lanes looked at together: customers' requests want the threads for AWS calls as well."""
PAUSE_S, IDLE_S = 1.0, 8.0
"""Seconds until the next look at lanes that held nothing, doubled each time: how late an event may be whose process
died. One that lives looks at once after a write of its own. A look is two queries a shard."""
PATIENCE_S = 10.0
"""Seconds for which a claim must stay as it is before another relay takes it over; sending takes far less."""
MAX_CLAIMS = 6
"""Unfinished work is sent again after so many times PATIENCE_S at most."""
LAST = "~"
"""Behind every entry of a lane: ids are letters, digits and '-'."""

Patience = Callable[[int], float]
"""Claims of a row so far -> seconds for which it must have stayed so before it is claimed again."""
Send = Callable[[Sequence[str]], Awaitable[None]]


def when_left(claims: int) -> float:
    """An event is for who sees it first, and only then for who finds it left behind."""
    return PATIENCE_S if claims else 0.0


def when_open(claims: int) -> float:
    """Work is most often done by who began it, within a second: the queue is told when it is not, less and less."""
    return PATIENCE_S * min(claims + 1, MAX_CLAIMS)


class ShardRelay:
    """Any number of processes may relay at once; each row is sent by one, and again when that one has died."""

    def __init__(
        self,
        entries: ShardedEntries,
        aws: Aws,
        topic_arn: str,
        queue_url: str,
        patience: tuple[Patience, Patience] = (when_left, when_open),
        pause_s: float = PAUSE_S,
    ) -> None:
        """Go through every shard of *entries*, publish on *topic_arn*, and send what is unfinished to *queue_url*."""
        self._entries = entries
        self._aws = aws
        self._topic = topic_arn
        self._queue = queue_url
        self._patience = patience
        self._pause_s = pause_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._lanes: dict[Shard, tuple[_Lane, _Lane]] = {}

    async def run(self) -> None:
        """Send until cancelled; what cannot be sent now stays where it is."""
        pause_s = self._pause_s
        while True:
            self._entries.wrote_rows.clear()
            if await self.sweep():
                pause_s = self._pause_s
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._entries.wrote_rows.wait(), pause_s)
            pause_s = min(2 * pause_s, max(IDLE_S, self._pause_s))

    async def sweep(self) -> int:
        """Look once at every shard; returns how many messages went out. A shard that is out keeps back only its own."""
        shards = list(self._entries.shards.values())
        self._lanes = {shard: self._lanes.get(shard) or self._lanes_of(shard) for shard in shards}
        return sum(await asyncio.gather(*(self._guarded(lane) for lanes in self._lanes.values() for lane in lanes)))

    def _lanes_of(self, shard: Shard) -> tuple["_Lane", "_Lane"]:
        left, unfinished = self._patience
        events = _Lane(shard, EVENTS, left, partial(publish, self._aws, self._topic))
        return events, _Lane(shard, OPEN, unfinished, partial(send, self._aws, self._queue))

    async def _guarded(self, lane: "_Lane") -> int:
        try:
            async with self._turns:
                return await lane.relay()
        except (Unavailable, ClientError) as fault:
            log.event("outbox waits", level=logging.WARNING, lane=lane.name, reason=reason_of(fault))
            return 0


class _Lane:
    """One partition of one shard, gone through again and again."""

    def __init__(self, shard: Shard, partition: str, patience: Patience, send: Send) -> None:
        self.name = f"{shard.name} {partition}"
        self._shard = shard
        self._partition = partition
        self._patience = patience
        self._send = send
        self._from = ""
        self._since: dict[str, tuple[int, float]] = {}
        """Entry -> its claims, and when this relay first saw them so, by its own steady clock."""

    async def relay(self) -> int:
        """Claim and send what is due among the next rows; returns how many were sent."""
        rows = await self._shard.between(self._partition, (self._from or "!", LAST), LOOK, backwards=False)
        mine = [row for row in rows if self._is_due(row) and await self._claim(row)]
        for at in range(0, len(mine), BATCH):
            batch = mine[at : at + BATCH]
            await self._send([row["body"] for row in batch])
            if self._partition == EVENTS:
                await self._shard.write(*(drop((self._partition, row["entry"])) for row in batch))
        self._turn(rows)
        return len(mine)

    def _is_due(self, row: Item) -> bool:
        claims, now = int(row.get("claims", 0)), time.monotonic()
        known, since = self._since.get(row["entry"], (None, now))
        if known != claims:
            since = now
            self._since[row["entry"]] = (claims, now)
        return now - since >= self._patience(claims)

    async def _claim(self, row: Item) -> bool:
        claims = int(row.get("claims", 0))
        as_seen = "claims = :seen" if claims else "attribute_exists(body) AND attribute_not_exists(claims)"
        values = {":seen": claims} if claims else None
        key, claimed = (self._partition, row["entry"]), {"body": row["body"], "claims": claims + 1}
        try:
            await self._shard.write(put(key, claimed, as_seen, values))
        except RefusedError:
            return False
        return True

    def _turn(self, rows: Sequence[Item]) -> None:
        """Go on behind *rows*, or from the start; what has been seen so is forgotten once the row is gone."""
        end = LAST if len(rows) < LOOK else rows[-1]["entry"]
        here = {row["entry"] for row in rows}
        gone = [entry for entry in self._since if self._from <= entry <= end and entry not in here]
        for entry in gone:
            del self._since[entry]
        self._from = "" if end == LAST else f"{end}!"
