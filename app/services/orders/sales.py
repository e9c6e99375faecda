"""What a seller sold, gathered from the shards of all their customers."""

import msgspec

from app.data.customers import ShardedEntries
from app.data.scatter import gather
from app.services.orders.domain import Sale, Sales
from app.services.orders.telling import SALES


class ShardedSales:
    """Implements `domain.Selling`."""

    def __init__(self, entries: ShardedEntries) -> None:
        """Look beside *entries*."""
        self._entries = entries

    async def of_seller(self, seller_id: str, after: str | None, limit: int) -> Sales:
        """Available: each shard's rows are consistent; a shard that is out is named, and its rows are missing."""
        found = await gather(self._entries.shards, f"{SALES}{seller_id}", after, limit)
        sales = [msgspec.json.decode(row["body"], type=Sale) for row in found.rows]
        return Sales(sales, found.next, found.silent)
