"""Stock held for orders in PostgreSQL, by conditional writes: never more than there is, from any number of servers.

What is held stays held until its order gives it back: each order is finished or undone from its own record, so that
nothing needs to expire. Locks are taken in one order, reservations before items and items by id, so that no two
transactions block each other.
"""

from collections.abc import Mapping, Sequence

from app.data.database import Database
from app.data.postgres import Connection
from app.services.catalog.domain import HeldLine, Line, ShortageError, TakenError

_HOLD = """
INSERT INTO catalog.reservations (reservation_id, customer_id, state) VALUES ($1, $2, 'held') ON CONFLICT DO NOTHING
"""
_HELD = "SELECT customer_id, state FROM catalog.reservations WHERE reservation_id = $1"
_LINES = """
SELECT line.item_id, quantity, title, coalesce(line.price_cents, item.price_cents) AS price_cents, seller_id
FROM catalog.reservation_lines AS line JOIN catalog.items AS item USING (item_id)
WHERE reservation_id = $1 ORDER BY item_id
"""
_KEEP = """
INSERT INTO catalog.reservation_lines (reservation_id, item_id, quantity, price_cents)
SELECT $1, item_id, line.quantity, item.price_cents
FROM unnest($2::text[], $3::integer[]) AS line(item_id, quantity) JOIN catalog.items AS item USING (item_id)
"""
_IN_ORDER = "SELECT FROM catalog.items WHERE item_id = ANY($1) ORDER BY item_id FOR UPDATE"
_TAKE = """
UPDATE catalog.items AS item SET available = available - line.quantity
FROM unnest($1::text[], $2::integer[]) AS line(item_id, quantity)
WHERE item.item_id = line.item_id AND item.available >= line.quantity RETURNING item.item_id
"""
_GIVE_BACK = """
UPDATE catalog.items AS item SET available = available + line.quantity
FROM unnest($1::text[], $2::integer[]) AS line(item_id, quantity) WHERE item.item_id = line.item_id
"""
_RELEASE = """
INSERT INTO catalog.reservations AS known (reservation_id, customer_id, state) VALUES ($1, $2, 'released')
ON CONFLICT (reservation_id) DO UPDATE SET state = 'released' WHERE known.state = 'held' AND known.customer_id = $2
"""


class PostgresStock:
    """Implements `domain.Stock`."""

    def __init__(self, database: Database) -> None:
        """Hold stock in *database*."""
        self._database = database

    async def reserve(self, reservation_id: str, customer_id: str, lines: list[Line]) -> list[HeldLine]:
        """Consistent: one transaction on the primary, every line conditional on what there is."""
        wanted = _sums(lines)
        held, _ = await self._database.write(lambda at: _reserve(at, reservation_id, customer_id, wanted))
        return held

    async def release(self, reservation_id: str, customer_id: str) -> None:
        """Consistent. A release that overtakes its reservation is remembered, and the reservation then refused."""
        await self._database.write(lambda at: _release(at, reservation_id, customer_id))


async def _reserve(at: Connection, reservation_id: str, customer_id: str, wanted: Mapping[str, int]) -> list[HeldLine]:
    if await at.execute(_HOLD, reservation_id, customer_id) == "INSERT 0 0":
        known = await at.fetchrow(_HELD, reservation_id)
        held = await _held(at, reservation_id)
        if (known["customer_id"], known["state"]) != (customer_id, "held") or _sums(held) != wanted:
            raise TakenError
        return held
    items, quantities = list(wanted), list(wanted.values())
    await at.execute(_IN_ORDER, items)
    taken = {row["item_id"] for row in await at.fetch(_TAKE, items, quantities)}
    if taken != set(items):
        raise ShortageError(set(items) - taken)
    await at.execute(_KEEP, reservation_id, items, quantities)
    return await _held(at, reservation_id)


async def _release(at: Connection, reservation_id: str, customer_id: str) -> None:
    if await at.execute(_RELEASE, reservation_id, customer_id) == "INSERT 0 1":
        quantities = _sums(await _held(at, reservation_id))
        await at.execute(_IN_ORDER, list(quantities))
        await at.execute(_GIVE_BACK, list(quantities), list(quantities.values()))
    elif (await at.fetchrow(_HELD, reservation_id))["customer_id"] != customer_id:
        raise TakenError


async def _held(at: Connection, reservation_id: str) -> list[HeldLine]:
    rows = await at.fetch(_LINES, reservation_id)
    return [HeldLine(*(row[name] for name in HeldLine.__struct_fields__)) for row in rows]


def _sums(lines: Sequence[Line | HeldLine]) -> dict[str, int]:
    """How many of each item, by id in order."""
    sums: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: line.item_id):
        sums[line.item_id] = sums.get(line.item_id, 0) + line.quantity
    return sums
