"""Carts on the customers' shards, one entry each."""

import msgspec

from app.data.customers import ChangedError, Entries
from app.data.outage import Unavailable
from app.services.orders.domain import MAX_LINES, Cart, FullError

ENTRY = "cart"
TRIES = 5
"""Changes of one cart at once, as from two open pages, of which each has to read it anew."""


class ShardedCarts:
    """Implements `domain.Carts`."""

    def __init__(self, entries: Entries) -> None:
        """Keep carts among *entries*."""
        self._entries = entries

    async def find(self, customer_id: str) -> Cart:
        """Consistent: from the customer's own shard, or Unavailable; other shards do not matter."""
        body, _ = await self._entries.get(customer_id, ENTRY)
        return _cart(body)

    async def set_line(self, customer_id: str, item_id: str, quantity: int) -> Cart:
        """Consistent: read, change, and write if nobody has written between; repeating it changes nothing more."""
        for _ in range(TRIES):
            body, seen = await self._entries.get(customer_id, ENTRY)
            cart = _cart(body).with_line(item_id, quantity)
            if len(cart.lines) > MAX_LINES:
                raise FullError
            if cart == _cart(body):
                return cart
            try:
                await self._entries.put(customer_id, ENTRY, msgspec.json.encode(cart).decode(), seen)
            except ChangedError:
                continue
            return cart
        raise Unavailable("cart", "it changes faster than it can be read", retry_after_s=1)


def _cart(body: str) -> Cart:
    return msgspec.json.decode(body, type=Cart) if body else Cart()
