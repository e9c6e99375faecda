"""What carts and orders are, where they are kept, and what orders ask of other services."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct
from msgspec.structs import replace

from app.services.fields import LINE, Identifier

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

    def with_back(self, lines: Sequence[CartLine]) -> "Cart":
        """The cart with *lines* that were not bought; what the customer has put in since stays, and counts first."""
        since = {line.item_id for line in self.lines}
        return Cart((*self.lines, *(line for line in lines if line.item_id not in since))[:MAX_LINES])


class Purchase(Struct, frozen=True, forbid_unknown_fields=True):
    """How a customer pays for what is in the cart."""

    payment: Annotated[str, Meta(min_length=1, max_length=200, pattern=LINE)]
    """The gateway's token of the means of payment; never a card's number."""


class State(StrEnum):
    """How far an order is. Each change is decided by one conditional write."""

    PLACED = "placed"
    """Safe: it will be paid, or refused, whatever dies."""
    PAYING = "paying"
    """Stock is held, and nobody knows yet whether the charge went through."""
    PAID = "paid"
    REFUSING = "refusing"
    """Decided against: stock and money are on their way back."""
    REFUSED = "refused"
    RETURNING = "returning"
    """The customer returns it: stock and money are on their way back."""
    RETURNED = "returned"


class OrderLine(Struct, frozen=True):
    """So many of one item, at the catalogue's price when stock was held for the order."""

    item_id: str
    quantity: int
    title: str = ""
    price_cents: int = 0
    seller_id: str = ""


class Order(Struct, frozen=True):
    """What a customer bought, or tried to buy."""

    order_id: str
    state: State
    lines: tuple[OrderLine, ...]
    total_cents: int = 0
    """0 until stock is held: prices are the catalogue's."""
    refusal: Literal["stock", "payment"] | None = None
    short: tuple[str, ...] = ()
    """Items of which there was too little."""


class Checkout(Struct, frozen=True):
    """An order, and what it takes to finish or undo it: the saga's own record."""

    customer_id: str
    number: int
    """Grows with each order of the customer: the cart's version, so that no clock orders them."""
    order: Order
    payment: str
    """Forgotten once the order is settled."""

    def at(self, state: State) -> "Checkout":
        """The same, decided to be *state*."""
        return replace(self, order=replace(self.order, state=state))


class History(Struct, frozen=True):
    """Some of a customer's orders, the latest first."""

    orders: list[Order]
    next: str | None
    """What to give as `before` for the page after this one; null on the last."""


class Sale(Struct, frozen=True):
    """What a seller sold in one order of one item, less than nothing for what came back."""

    order_id: str
    item_id: str
    title: str
    quantity: int
    price_cents: int


class Sales(Struct, frozen=True):
    """Some of what a seller sold, in the order of the orders' ids."""

    sales: list[Sale]
    next: str | None
    """What to give as `after` for the page after this one; null on the last."""
    silent: tuple[str, ...]
    """Shards that did not answer: their part of this page is missing, and is there when the page is asked again."""


class FullError(Exception):
    """The cart has MAX_LINES items already."""


class ClosedError(Exception):
    """The store takes no payments, so that nothing can be bought."""


class EmptyError(Exception):
    """There is nothing in the cart."""


class UnknownOrderError(Exception):
    """The customer has no such order."""


class Reserved(Struct, frozen=True):
    """Stock is held until it is released, at these prices for ever."""

    lines: tuple[OrderLine, ...]


class Short(Struct, frozen=True):
    """Nothing is held: there is too little of these items."""

    item_ids: tuple[str, ...]


class Charge(StrEnum):
    """What became of a charge."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Nobody knows yet: to be asked again under the same order."""


class Carts(Protocol):
    """Where carts are kept."""

    async def find(self, customer_id: str) -> Cart:
        """The customer's cart, which may be empty."""
        ...

    async def set_line(self, customer_id: str, item_id: str, quantity: int) -> Cart:
        """Have just *quantity* of an item in the cart; raises FullError."""
        ...


class Orders(Protocol):
    """Where orders are kept."""

    async def begin(self, customer_id: str, order_id: str, payment: str) -> tuple[Checkout, int, bool]:
        """Turn the cart into an order; returns it, its version, and False when it has been there before.

        Raises EmptyError.
        """
        ...

    async def find(self, customer_id: str, order_id: str) -> tuple[Checkout, int]:
        """The order and its version; raises UnknownOrderError."""
        ...

    async def decide(self, decided: Checkout, before: State, seen: int) -> None:
        """Write version *seen* + 1 of an order that was *before*, and what it tells others; raises ChangedError."""
        ...

    async def forget(self, mark: str) -> None:
        """Have nobody told any more that an order is open that is settled."""
        ...

    async def history(self, customer_id: str, before: int | None, limit: int) -> History:
        """One page of the customer's orders."""
        ...


class Selling(Protocol):
    """What all customers bought, by seller."""

    async def of_seller(self, seller_id: str, after: str | None, limit: int) -> Sales:
        """One page of what was sold."""
        ...


class Stock(Protocol):
    """The catalog, as orders need it. Both calls may be repeated, and come in any order: a release is for ever."""

    async def reserve(self, checkout: Checkout) -> Reserved | Short:
        """Hold all of the order's lines or none, under its id; Short without items when it was released before."""
        ...

    async def release(self, checkout: Checkout) -> None:
        """Give back what the order holds, now and for ever."""
        ...


class Payments(Protocol):
    """The payments service, as orders need it. Both calls may be repeated, and come in any order: a refund is final."""

    async def charge(self, checkout: Checkout) -> Charge:
        """Charge the order's total once; REFUSED when it was refunded before."""
        ...

    async def refund(self, checkout: Checkout) -> None:
        """Give back what was charged, also what turns out to have been charged only later."""
        ...
