"""Empties the shards that drain: each customer on them moves to the shard that owns them, as by a request."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping

from botocore.exceptions import ClientError

from app.contract import ShardMap, variables
from app.data.aws import Aws
from app.data.customers import FENCE, ShardedEntries
from app.data.outage import Unavailable, reason_of
from app.data.shard import Shard, drop, put
from app.data.shard_outbox import EVENTS, OPEN
from app.data.shards import shard_for

AT_ONCE = 8
"""Customers who move together; a shard takes fewer calls at once than they make."""
OURS = "#"
"""Partitions of no customer begin so."""
WAITING = frozenset({FENCE[0], EVENTS, OPEN})
"""Those that stay: the fence for good, the others until a server has sent what is in them."""


async def empty(aws: Aws, known: ShardMap) -> dict[str, dict[str, int]]:
    """Shard that drains -> how many customers have `moved`, and how many partitions are `left`. May be repeated.

    The fences of the shards keep servers with an older map out, so that nobody comes back. What waits to be sent beside
    the customers is left to the servers, which look at every shard of the map.
    """
    entries = ShardedEntries(aws, known)
    done: dict[str, dict[str, int]] = {}
    for name in sorted(known.draining):
        moved = [each async for page in entries.shards[name].partitions() for each in await _moved(entries, name, page)]
        await _take_along(
            entries.shards[name], {at: entries.shards[at] for at in known.tables.keys() - set(known.draining)}
        )
        done[name] = {"moved": len(moved), "left": await _left(entries.shards[name])}
    return done


async def _take_along(origin: Shard, staying: Mapping[str, Shard]) -> None:
    """Bring what is written once and read from all shards to one that stays; for a moment it is on both."""
    async for page in origin.partitions():
        for partition in (each for each in page if each.startswith(OURS) and each not in WAITING):
            home = staying[shard_for(partition, staying)]
            for row in await origin.partition(partition):
                await home.write(put((partition, row["entry"]), {"body": row["body"]}))
                await origin.write(drop((partition, row["entry"])))


async def _moved(entries: ShardedEntries, name: str, page: list[str]) -> list[str]:
    """Those on one page of a shard who have left it."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def leave(customer_id: str) -> bool:
        async with turns:
            return await entries.leave(customer_id, entries.shards[name])

    customers = [each for each in page if not each.startswith(OURS)]
    return [each for each, left in zip(customers, await asyncio.gather(*map(leave, customers)), strict=True) if left]


async def _left(shard: Shard) -> int:
    found = {each async for page in shard.partitions() for each in page}
    return len(found - {FENCE[0]})


def main(environment: Mapping[str, str]) -> int:
    """Answer with JSON what `empty` did; returns 1 where a shard cannot be asked, or the two variables are none."""
    told = {name: variables()[name] for name in ("region", "shard_map")}
    try:
        region, known = (each.parse(environment[each.name]) for each in told.values())
    except (KeyError, ValueError):
        sys.stderr.write(f"the stack's map cannot be read; allowed: {', '.join(each.name for each in told.values())}\n")
        return 1
    aws = Aws(region)
    try:
        sys.stdout.write(json.dumps(asyncio.run(empty(aws, known))))
    except (Unavailable, ClientError) as fault:
        sys.stderr.write(f"shards are not empty yet: {reason_of(fault)}. Fix: the same command goes on\n")
        return 1
    finally:
        aws.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
