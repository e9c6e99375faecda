"""What the worker of `statistics` has counted, read from replicas."""

from typing import Any

from app.data.database import Database
from app.data.postgres import Connection
from app.services.catalog.numbers import REPEATED, SEARCHES, ItemCounts, Searched, StoreCounts

_ITEMS = "SELECT item_id, what, count FROM statistics.items WHERE item_id = ANY($1) AND what = ANY($2)"
_TOTALS = "SELECT what, count FROM statistics.totals WHERE what = ANY($1)"
_SEARCHES = f"""
SELECT words, searches, found FROM statistics.searches WHERE searches >= {REPEATED}
ORDER BY searches DESC, words LIMIT {SEARCHES}
"""  # noqa: S608 - the numbers are constants
_TOLD = ("placed", "paid", "returned", "delivered")
"""Only what this release knows is asked for: while a fleet is refreshed, a newer worker may count more."""


class PostgresCounts:
    """Implements `numbers.Counts`."""

    def __init__(self, database: Database) -> None:
        """Read from *database*."""
        self._database = database

    async def of_items(self, item_ids: list[str]) -> dict[str, ItemCounts]:
        """Available: from any replica; what was counted last may lag."""
        known = list(ItemCounts.__struct_fields__)
        rows = await self._database.read(lambda at: at.fetch(_ITEMS, item_ids, known))
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["item_id"], {})[row["what"]] = row["count"]
        return {item_id: ItemCounts(**counts) for item_id, counts in found.items()}

    async def of_store(self) -> StoreCounts:
        """Available: as above."""

        async def ask(at: Connection) -> tuple[list[Any], list[Any]]:
            return await at.fetch(_TOTALS, list(_TOLD)), await at.fetch(_SEARCHES)

        totals, searches = await self._database.read(ask)
        counts = dict.fromkeys(_TOLD, 0) | {row["what"]: row["count"] for row in totals}
        return StoreCounts(**counts, searches=[Searched(**dict(row)) for row in searches])
