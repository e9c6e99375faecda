"""Orders on the customers' shards: one entry each, and one by number for the history."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from app.data.customers import Change, ChangedError, Entries
from app.data.outage import Unavailable
from app.data.shard_outbox import open_key
from app.services.orders import telling
from app.services.orders.carts import ENTRY as CART
from app.services.orders.carts import TRIES
from app.services.orders.domain import (
    Cart,
    CartLine,
    Checkout,
    EmptyError,
    History,
    Order,
    OrderLine,
    State,
    UnknownOrderError,
)

PLACES = 12
"""Digits of an order's number in its entry, so that they sort as numbers."""


class ShardedOrders:
    """Implements `domain.Orders`."""

    def __init__(self, entries: Entries) -> None:
        """Keep orders among *entries*, beside the carts that they come from."""
        self._entries = entries

    async def begin(self, customer_id: str, order_id: str, payment: str) -> tuple[Checkout, int, bool]:
        """Consistent: one transaction empties the cart and makes the order, so that two pages buy it once."""
        for _ in range(TRIES):
            (body, seen), (cart, cart_seen) = await self._entries.get_all(customer_id, [_entry(order_id), CART])
            if body:
                return _checkout(body), seen, False
            lines = tuple(OrderLine(line.item_id, line.quantity) for line in _cart(cart).lines)
            if not lines:
                raise EmptyError
            begun = Checkout(customer_id, cart_seen, Order(order_id, State.PLACED, lines), payment)
            first = Change(_place(begun.number), order_id, 0)
            try:
                await self._write(begun, None, 0, [_text(CART, Cart(), cart_seen), first])
            except ChangedError:
                continue
            return begun, 1, True
        raise Unavailable("cart", "it changes faster than it can be read", retry_after_s=1)

    async def find(self, customer_id: str, order_id: str) -> tuple[Checkout, int]:
        """Consistent: from the customer's own shard, or Unavailable."""
        body, seen = await self._entries.get(customer_id, _entry(order_id))
        if not body:
            raise UnknownOrderError
        return _checkout(body), seen

    async def decide(self, decided: Checkout, before: State, seen: int) -> None:
        """Consistent: the order, its events and its mark of being open change together, or nothing does.

        What was refused goes back into the cart with it.
        """
        if decided.order.state is not State.REFUSED:
            await self._write(decided, before, seen, [])
            return
        for _ in range(TRIES):
            (_, now), (cart, cart_seen) = await self._entries.get_all(
                decided.customer_id, [_entry(decided.order.order_id), CART]
            )
            if now != seen:
                raise ChangedError
            back = _cart(cart).with_back([CartLine(line.item_id, line.quantity) for line in decided.order.lines])
            with suppress(ChangedError):  # of the order, which the next turn finds out, or of the cart alone
                await self._write(decided, before, seen, [_text(CART, back, cart_seen)])
                return
        raise Unavailable("cart", "it changes faster than it can be read", retry_after_s=1)

    async def forget(self, mark: str) -> None:
        """Consistent: on every shard, since a customer who moved has left the mark on a former one."""
        await self._entries.sweep(open_key(mark))

    async def history(self, customer_id: str, before: int | None, limit: int) -> History:
        """Consistent: from the customer's own shard, or Unavailable."""
        span = (_place(0), _place((before or 10**PLACES) - 1))
        found = await self._entries.between(customer_id, span, limit + 1)
        bodies = await self._entries.get_all(customer_id, [_entry(order_id) for order_id in found[:limit]])
        shown = [_checkout(body) for body, _ in bodies]
        return History([each.order for each in shown], str(shown[-1].number) if len(found) > limit else None)

    async def _write(self, checkout: Checkout, before: State | None, seen: int, also: Sequence[Change]) -> None:
        changes = [_text(_entry(checkout.order.order_id), checkout, seen), *also]
        beside, gone = telling.rows(checkout, before), telling.without(checkout)
        await self._entries.write(checkout.customer_id, changes, beside, gone)


def _entry(order_id: str) -> str:
    return f"order#{order_id}"


def _place(number: int) -> str:
    return f"placed#{number:0{PLACES}}"


def _text(entry: str, value: msgspec.Struct, seen: int) -> Change:
    return Change(entry, msgspec.json.encode(value).decode(), seen)


def _checkout(body: str) -> Checkout:
    return msgspec.json.decode(body, type=Checkout)


def _cart(body: str) -> Cart:
    return msgspec.json.decode(body, type=Cart) if body else Cart()
