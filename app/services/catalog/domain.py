"""What an item is, what may be asked of one, and where items and their stock are kept."""

from typing import Annotated, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType

from app.data.database import NOWHERE, Position
from app.services.fields import LINE, PARAGRAPHS, Identifier

MAX_LINES = 20
"""Different items in one reservation."""
PAGE = 50
"""Items on one page at most."""

Title = Annotated[str, Meta(min_length=1, max_length=120, pattern=LINE)]
Description = Annotated[str, Meta(max_length=10_000, pattern=PARAGRAPHS)]
Cents = Annotated[int, Meta(ge=1, le=100_000_000, description="In cents of the store's currency.")]
Quantity = Annotated[int, Meta(ge=1, le=10_000)]


class NewItem(Struct, frozen=True, forbid_unknown_fields=True):
    """What a seller says of a new item."""

    title: Title
    price_cents: Cents
    stock: Annotated[int, Meta(ge=0, le=10_000)]
    description: Description = ""


class ItemChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What a seller changes, and the version that they have seen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    price_cents: Cents | UnsetType = UNSET


class Delivery(Struct, frozen=True, forbid_unknown_fields=True):
    """More of an item."""

    quantity: Quantity


class Item(Struct, frozen=True):
    """An item, as everybody sees it."""

    item_id: str
    seller_id: str
    title: str
    description: str
    price_cents: int
    available: int
    version: int
    """Grows with each change of the seller's: who changes an item says which version they saw."""
    picture: Annotated[str, Meta(description="Where it is served: append -160.webp, -480.webp or -1200.webp.")] = ""


class Page(Struct, frozen=True):
    """Some items, the latest first."""

    items: list[Item]
    next: str | None
    """What to give as `before` for the page after this one; null on the last."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """So many of one item."""

    item_id: Identifier
    quantity: Quantity


class NewReservation(Struct, frozen=True, forbid_unknown_fields=True):
    """What an order wants held."""

    lines: Annotated[list[Line], Meta(min_length=1, max_length=MAX_LINES)]


class HeldLine(Struct, frozen=True):
    """So many of one item, at its price when they were first held."""

    item_id: str
    quantity: int
    title: str
    price_cents: int
    seller_id: str


class Reservation(Struct, frozen=True):
    """Stock that is held for an order, each item once."""

    reservation_id: str
    lines: list[HeldLine]


class Search(Struct, frozen=True):
    """What a listing is to hold."""

    words: str = ""
    seller_id: str = ""
    before: int | None = None
    limit: int = 20


class TakenError(Exception):
    """The id that the caller chose names something else already."""


class NotTheirsError(Exception):
    """The item belongs to another seller."""


class UnknownItemError(Exception):
    """There is no such item."""


class StaleError(Exception):
    """The item has changed since the version that the caller saw."""


class ShortageError(Exception):
    """There is not enough of some items; the reservation holds nothing."""

    def __init__(self, item_ids: set[str]) -> None:
        """Name the items of which there is too little, or none at all."""
        super().__init__(", ".join(sorted(item_ids)))
        self.item_ids = item_ids


class Items(Protocol):
    """Where items are kept."""

    async def add(self, item_id: str, seller_id: str, new: NewItem) -> tuple[Item, bool, Position]:
        """Keep a new item; False when the same request has made it before. Raises TakenError."""
        ...

    async def change(self, item_id: str, seller_id: str, change: ItemChange) -> tuple[Item, Position]:
        """Change the version that the seller saw; raises UnknownItemError, NotTheirsError, StaleError."""
        ...

    async def deliver(self, item_id: str, seller_id: str, delivery_id: str, quantity: int) -> tuple[Item, Position]:
        """Add to the stock once per *delivery_id*; raises UnknownItemError, NotTheirsError, TakenError."""
        ...

    async def find(self, item_id: str, after: Position = NOWHERE) -> Item | None:
        """The item, with every change up to *after*."""
        ...

    async def search(self, search: Search, after: Position = NOWHERE) -> Page:
        """One page of the items that match, with every change up to *after*."""
        ...


class Stock(Protocol):
    """Where stock is held for orders."""

    async def reserve(self, reservation_id: str, customer_id: str, lines: list[Line]) -> list[HeldLine]:
        """Hold all *lines* or none; finds what the same request has held. Raises ShortageError, TakenError."""
        ...

    async def release(self, reservation_id: str, customer_id: str) -> None:
        """Give back what the reservation holds, now and for ever; raises TakenError for another customer's."""
        ...
