"""Stock held for customers in PostgreSQL, by conditional writes: never more than there is, from any number of servers.

Locks are taken in one order, reservations before items and items by id, so that no two transactions block each other.
"""

from collections.abc import Mapping

from app.data.database import Database, Position
from app.data.postgres import Connection
from app.services.catalog.domain import Line, ShortageError, TakenError

HOLD_MINUTES = 15
"""How long stock is held for a customer who does nothing more; then who comes next may have it."""

_HOLD = f"""
INSERT INTO catalog.reservations (reservation_id, customer_id, state, expires_at)
VALUES ($1, $2, 'held', now() + interval '{HOLD_MINUTES} minutes') ON CONFLICT DO NOTHING
"""  # noqa: S608 - the minutes are a constant
_HELD = "SELECT customer_id, state FROM catalog.reservations WHERE reservation_id = $1"
_LINES = "SELECT item_id, quantity FROM catalog.reservation_lines WHERE reservation_id = ANY($1)"
_KEEP = """
INSERT INTO catalog.reservation_lines (reservation_id, item_id, quantity)
SELECT $1, line.* FROM unnest($2::text[], $3::integer[]) AS line
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
INSERT INTO catalog.reservations AS known (reservation_id, customer_id, state, expires_at)
VALUES ($1, $2, 'released', now())
ON CONFLICT (reservation_id) DO UPDATE SET state = 'released' WHERE known.state = 'held' AND known.customer_id = $2
"""
_EXPIRED = """
UPDATE catalog.reservations SET state = 'released' WHERE reservation_id IN (
    SELECT reservation_id FROM catalog.reservations
    WHERE state = 'held' AND expires_at < now()
      AND reservation_id IN (SELECT reservation_id FROM catalog.reservation_lines WHERE item_id = ANY($1))
    ORDER BY reservation_id FOR UPDATE SKIP LOCKED
) RETURNING reservation_id
"""


class PostgresStock:
    """Implements `domain.Stock`."""

    def __init__(self, database: Database) -> None:
        """Hold stock in *database*."""
        self._database = database

    async def reserve(self, reservation_id: str, customer_id: str, lines: list[Line]) -> tuple[bool, Position]:
        """Consistent: one transaction on the primary, every line conditional on what there is.

        What others have held for too long is given back first when there is too little.
        """
        wanted = _sums(lines)
        try:
            return await self._database.write(lambda at: _reserve(at, reservation_id, customer_id, wanted))
        except ShortageError as shortage:
            short = sorted(shortage.item_ids)
            freed, _ = await self._database.write(lambda at: _give_back_expired(at, short))
            if not freed:
                raise
        return await self._database.write(lambda at: _reserve(at, reservation_id, customer_id, wanted))

    async def release(self, reservation_id: str, customer_id: str) -> Position:
        """Consistent. A release that overtakes its reservation is remembered, and the reservation then refused."""
        _, written = await self._database.write(lambda at: _release(at, reservation_id, customer_id))
        return written


async def _reserve(at: Connection, reservation_id: str, customer_id: str, wanted: Mapping[str, int]) -> bool:
    if await at.execute(_HOLD, reservation_id, customer_id) == "INSERT 0 0":
        known = await at.fetchrow(_HELD, reservation_id)
        if (known["customer_id"], known["state"]) != (customer_id, "held") or await _lines(
            at, [reservation_id]
        ) != wanted:
            raise TakenError
        return False
    items, quantities = list(wanted), list(wanted.values())
    await at.execute(_IN_ORDER, items)
    taken = {row["item_id"] for row in await at.fetch(_TAKE, items, quantities)}
    if taken != set(items):
        raise ShortageError(set(items) - taken)
    await at.execute(_KEEP, reservation_id, items, quantities)
    return True


async def _release(at: Connection, reservation_id: str, customer_id: str) -> None:
    if await at.execute(_RELEASE, reservation_id, customer_id) == "INSERT 0 1":
        await _give_back(at, await _lines(at, [reservation_id]))
    elif (await at.fetchrow(_HELD, reservation_id))["customer_id"] != customer_id:
        raise TakenError


async def _give_back_expired(at: Connection, item_ids: list[str]) -> int:
    expired = [row["reservation_id"] for row in await at.fetch(_EXPIRED, item_ids)]
    await _give_back(at, await _lines(at, expired))
    return len(expired)


async def _give_back(at: Connection, quantities: Mapping[str, int]) -> None:
    await at.execute(_IN_ORDER, list(quantities))
    await at.execute(_GIVE_BACK, list(quantities), list(quantities.values()))


async def _lines(at: Connection, reservation_ids: list[str]) -> dict[str, int]:
    return _sums([Line(row["item_id"], row["quantity"]) for row in await at.fetch(_LINES, reservation_ids)])


def _sums(lines: list[Line]) -> dict[str, int]:
    """How many of each item, by id in order."""
    sums: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: line.item_id):
        sums[line.item_id] = sums.get(line.item_id, 0) + line.quantity
    return sums
