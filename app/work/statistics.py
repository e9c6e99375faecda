"""Count what happens in the store: each message once, in the transaction that remembers that it was counted."""

import itertools
from collections.abc import Iterable

from app.data.database import Database
from app.data.postgres import Connection
from app.messages import (
    ItemsSearched,
    ItemViewed,
    Message,
    OrderPaid,
    OrderPlaced,
    OrderReturned,
    ParcelDelivered,
    ReviewWritten,
)
from app.queue.work import Kind, PoisonError, Work
from app.stores import Stores

KEPT_DAYS = 15
"""Days for which a message is known as counted: SQS hands none out that is older than 14 (WorkQueue's retention)."""
CLEAR_EVERY = 1000
"""Messages between two clearings of what is known for longer."""

_FIRST = "INSERT INTO statistics.handled (message_id) VALUES ($1) ON CONFLICT DO NOTHING"
_CLEAR = f"DELETE FROM statistics.handled WHERE handled_at < now() - interval '{KEPT_DAYS} days'"  # noqa: S608
_ITEM = """
INSERT INTO statistics.items AS known (item_id, what, count) VALUES ($1, $2, $3)
ON CONFLICT (item_id, what) DO UPDATE SET count = known.count + $3
"""
_TOTAL = """
INSERT INTO statistics.totals AS known (what, count) VALUES ($1, 1)
ON CONFLICT (what) DO UPDATE SET count = known.count + 1
"""
_SEARCH = """
INSERT INTO statistics.searches AS known (words, searches, found) VALUES ($1, $2, $3)
ON CONFLICT (words) DO UPDATE SET searches = known.searches + $2, found = $3
"""


class PostgresStatistics:
    """Handles everything that is counted."""

    def __init__(self, database: Database) -> None:
        """Count in *database*."""
        self._database = database
        self._turns = itertools.count(1)

    async def handle(self, message: Message) -> None:
        """Consistent: counted and remembered in one transaction, so that a message that comes twice counts once.

        Raises PoisonError for a type that is not counted.
        """
        if not isinstance(message, COUNTED):
            raise PoisonError(f"{type(message).__name__} is not for the queue of statistics")

        async def once(at: Connection) -> None:
            if await at.execute(_FIRST, message.message_id) == "INSERT 0 1":
                await _count(at, message)
            if next(self._turns) % CLEAR_EVERY == 0:
                await at.execute(_CLEAR)

        await self._database.write(once)


COUNTED = (ItemViewed, ItemsSearched, OrderPaid, OrderPlaced, OrderReturned, ParcelDelivered, ReviewWritten)


async def _count(at: Connection, message: Message) -> None:
    match message:
        case ItemsSearched():
            await at.execute(_SEARCH, message.words, message.times, message.found)
        case ItemViewed():
            await _add(at, [(message.item_id, "views", message.times)])
        case ReviewWritten():
            await _add(at, [(message.item_id, "reviews", 1), (message.item_id, "stars", message.rating)])
        case OrderPlaced():
            await at.execute(_TOTAL, "placed")
        case ParcelDelivered():
            await at.execute(_TOTAL, "delivered")
        case OrderPaid() | OrderReturned():
            what, total = ("sold", "paid") if isinstance(message, OrderPaid) else ("returned", "returned")
            await _add(at, [(line.item_id, what, line.quantity) for line in message.lines])
            await at.execute(_TOTAL, total)


async def _add(at: Connection, counts: Iterable[tuple[str, str, int]]) -> None:
    """In the order of their ids, so that no two transactions wait for each other."""
    for each in sorted(counts):
        await at.execute(_ITEM, *each)


def _work(stores: Stores) -> Work:
    return Work(handle=PostgresStatistics(stores.database).handle)


KIND = Kind(work=_work, tables=("statistics",))
