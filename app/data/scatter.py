"""One question to all shards at once: what they hold together, in order, and which of them did not answer."""

import asyncio
import heapq
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from app import log
from app.data.outage import Unavailable
from app.data.shard import Item, Shard

AT_ONCE = 4
"""Shards asked together: half of a process's threads for AWS calls, as customers' own shards come first."""
DEADLINE_S = 4.0
"""Seconds for one shard; who is silent for longer is left out."""
FIRST, LAST = "!", "~"
"""Before and behind every entry that is made of letters, digits, '-' and '/'."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came together."""

    rows: list[Item]
    next: str | None
    """The entry after which the next page begins; None on the last."""
    silent: tuple[str, ...]
    """Shards that did not answer: what they hold of this page is missing."""


async def gather(shards: Mapping[str, Shard], partition: str, after: str | None, limit: int) -> Gathered:
    """Read up to *limit* rows of *partition* behind *after*, in the order of their entries, whichever shard has them.

    Available: the answer says which shards are missing from it, and raises for none of them.
    """
    span = (f"{after}{FIRST}" if after else FIRST, LAST)
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(shard: Shard) -> list[Item] | None:
        try:
            async with turns, asyncio.timeout(DEADLINE_S):
                return await shard.between(partition, span, limit + 1, backwards=False)
        except (Unavailable, ClientError, TimeoutError) as fault:
            log.event("shard left out", level=logging.WARNING, shard=shard.name, reason=type(fault).__name__)
            return None

    answers = dict(zip(shards, await asyncio.gather(*(ask(shard) for shard in shards.values())), strict=True))
    merged = heapq.merge(*(rows for rows in answers.values() if rows), key=lambda row: row["entry"])
    found = list({row["entry"]: row for row in merged}.values())  # one that moves is on two shards for a moment
    more = found[limit - 1]["entry"] if len(found) > limit else None
    return Gathered(found[:limit], more, tuple(name for name, rows in answers.items() if rows is None))
