"""Items in PostgreSQL: written on the primary, read from replicas."""

from typing import Any

import asyncpg
from msgspec import UNSET

from app.data.database import NOWHERE, Database, Position
from app.data.postgres import Connection
from app.services.catalog.domain import (
    Item,
    ItemChange,
    NewItem,
    NotTheirsError,
    Page,
    Search,
    StaleError,
    TakenError,
    UnknownItemError,
)

_COLUMNS = "item_id, seller_id, title, description, price_cents, available, version, picture"
_ADD = f"""
INSERT INTO catalog.items (item_id, seller_id, title, description, price_cents, available)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608 - the columns are a constant
_FIND = f"SELECT {_COLUMNS} FROM catalog.items WHERE item_id = $1"  # noqa: S608 - as above
_LOCK = f"{_FIND} FOR UPDATE"
_CHANGE = f"""
UPDATE catalog.items SET title = $3, description = $4, price_cents = $5, version = version + 1
WHERE item_id = $1 AND version = $2 RETURNING {_COLUMNS}
"""  # noqa: S608 - as above
_DELIVERY = "INSERT INTO catalog.deliveries (item_id, delivery_id, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_DELIVERED = "SELECT quantity FROM catalog.deliveries WHERE item_id = $1 AND delivery_id = $2"
_STOCK = f"UPDATE catalog.items SET available = available + $2 WHERE item_id = $1 RETURNING {_COLUMNS}"  # noqa: S608


class PostgresItems:
    """Implements `domain.Items`."""

    def __init__(self, database: Database) -> None:
        """Keep items in *database*."""
        self._database = database

    async def add(self, item_id: str, seller_id: str, new: NewItem) -> tuple[Item, bool, Position]:
        """Consistent: the primary's key makes one id one item. A repetition finds what the first request made."""
        values = (item_id, seller_id, new.title, new.description, new.price_cents, new.stock)

        async def insert(connection: Connection) -> tuple[Item, bool]:
            if row := await connection.fetchrow(_ADD, *values):
                return _item(row), True
            known = _item(await connection.fetchrow(_FIND, item_id))
            if (known.seller_id, known.title, known.description, known.price_cents) != values[1:5]:
                raise TakenError
            return known, False

        (item, is_new), written = await self._database.write(insert)
        return item, is_new, written

    async def change(self, item_id: str, seller_id: str, change: ItemChange) -> tuple[Item, Position]:
        """Consistent: a conditional write on the version, so that of two changes at once the second is refused.

        Unless it asks for what already is: then it is taken for the first one again.
        """

        async def update(connection: Connection) -> Item:
            known = _theirs(await connection.fetchrow(_FIND, item_id), seller_id)
            chosen = [
                getattr(known if getattr(change, name) is UNSET else change, name)
                for name in ("title", "description", "price_cents")
            ]
            if row := await connection.fetchrow(_CHANGE, item_id, change.version, *chosen):
                return _item(row)
            if (known.title, known.description, known.price_cents) == tuple(chosen):
                return known
            raise StaleError

        return await self._database.write(update)

    async def deliver(self, item_id: str, seller_id: str, delivery_id: str, quantity: int) -> tuple[Item, Position]:
        """Consistent: the delivery's row and the stock change together, once."""

        async def update(connection: Connection) -> Item:
            known = _theirs(await connection.fetchrow(_LOCK, item_id), seller_id)
            if await connection.execute(_DELIVERY, item_id, delivery_id, quantity) == "INSERT 0 1":
                return _item(await connection.fetchrow(_STOCK, item_id, quantity))
            if await connection.fetchval(_DELIVERED, item_id, delivery_id) != quantity:
                raise TakenError
            return known

        return await self._database.write(update)

    async def find(self, item_id: str, after: Position = NOWHERE) -> Item | None:
        """Available: from a replica that has seen *after*; what others wrote, and the stock, may lag."""
        row = await self._database.read(lambda connection: connection.fetchrow(_FIND, item_id), after)
        return _item(row) if row else None

    async def search(self, search: Search, after: Position = NOWHERE) -> Page:
        """Available: from a replica that has seen *after*; what others wrote may lag."""
        statement, values = _listing(search)
        rows = await self._database.read(lambda connection: connection.fetch(statement, *values), after)
        more = len(rows) > search.limit
        shown = rows[: search.limit]
        return Page([_item(row) for row in shown], str(shown[-1]["listed"]) if more else None)


def _listing(search: Search) -> tuple[str, list[Any]]:
    """Write the query for what was asked; every value travels as a parameter. Pages by place stay stable."""
    wanted: dict[str, Any] = {
        "words @@ websearch_to_tsquery('simple', {})": search.words,
        "seller_id = {}": search.seller_id,
        "listed < {}": search.before,
    }
    chosen = {text: value for text, value in wanted.items() if value not in ("", None)}
    conditions = " AND ".join(text.format(f"${number}") for number, text in enumerate(chosen, 1)) or "true"
    tail = f"ORDER BY listed DESC LIMIT {search.limit + 1}"
    return f"SELECT {_COLUMNS}, listed FROM catalog.items WHERE {conditions} {tail}", list(chosen.values())  # noqa: S608


def _theirs(row: asyncpg.Record | None, seller_id: str) -> Item:
    if row is None:
        raise UnknownItemError
    if row["seller_id"] != seller_id:
        raise NotTheirsError
    return _item(row)


def _item(row: Any) -> Item:
    return Item(*(row[name] for name in Item.__struct_fields__))
