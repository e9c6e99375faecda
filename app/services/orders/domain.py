"""What a cart is, and where carts are kept."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

from app.services.fields import Identifier

MAX_LINES = 20
"""Different items in one cart: as many as the catalog holds in one reservation."""

Quantity = Annotated[int, Meta(ge=1, le=100)]


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of an item a customer wants."""

    quantity: Quantity


class CartLine(Struct, frozen=True):
    """So many of one item."""

    item_id: Identifier
    quantity: Quantity


class Cart(Struct, frozen=True):
    """What a customer has put aside to buy; stock is not held for it."""

    lines: tuple[CartLine, ...] = ()

    def with_line(self, item_id: str, quantity: int) -> "Cart":
        """The cart with just *quantity* of the item, 0 to take it out; a new item goes to the end."""
        lines = {line.item_id: line for line in self.lines} | {item_id: CartLine(item_id, quantity)}
        return Cart(tuple(line for line in lines.values() if line.quantity))


class FullError(Exception):
    """The cart has MAX_LINES items already."""


class Carts(Protocol):
    """Where carts are kept."""

    async def find(self, customer_id: str) -> Cart:
        """The customer's cart, which may be empty."""
        ...

    async def set_line(self, customer_id: str, item_id: str, quantity: int) -> Cart:
        """Have just *quantity* of an item in the cart; raises FullError."""
        ...
