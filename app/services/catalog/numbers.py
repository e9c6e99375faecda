"""What sellers are told of how the store does, and who keeps count of it."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

SEARCHES = 20
"""Searches in one answer at most."""
REPEATED = 2
"""Times that words must have been searched for to be shown: what one visitor typed once is nobody else's business."""


class ItemCounts(Struct, frozen=True):
    """What became of one item; each number may lag by what is not counted yet."""

    views: int = 0
    sold: int = 0
    returned: int = 0
    reviews: int = 0
    stars: Annotated[int, Meta(description="Of all reviews together.")] = 0


class CountedItem(Struct, frozen=True):
    """An item of the seller's and its numbers."""

    item_id: str
    title: str
    counts: ItemCounts


class CountedItems(Struct, frozen=True):
    """Some of the seller's items, the latest first."""

    items: list[CountedItem]
    next: str | None
    """What to give as `before` for the page after this one; null on the last."""


class Searched(Struct, frozen=True):
    """What visitors looked for."""

    words: str
    searches: int
    found: Annotated[int, Meta(description="Items on the first page of the last search.")]


class StoreCounts(Struct, frozen=True):
    """The whole store's orders and parcels, and what visitors look for most."""

    placed: int
    paid: int
    returned: int
    delivered: int
    searches: list[Searched]


class Counts(Protocol):
    """Where it is kept what was counted."""

    async def of_items(self, item_ids: list[str]) -> dict[str, ItemCounts]:
        """The numbers of each item of which anything was counted."""
        ...

    async def of_store(self) -> StoreCounts:
        """The store's numbers, and at most SEARCHES words that were searched for REPEATED times or more."""
        ...
