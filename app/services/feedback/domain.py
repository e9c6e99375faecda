"""What a review is, and where reviews are kept."""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

from app.data.database import NOWHERE, Position
from app.services.fields import PARAGRAPHS

PAGE = 50
"""Reviews on one page at most."""


class Review(Struct, frozen=True, forbid_unknown_fields=True):
    """What a customer says of an item. Nobody is told whose it is."""

    rating: Annotated[int, Meta(ge=1, le=5, description="Stars.")]
    words: Annotated[str, Meta(max_length=5_000, pattern=PARAGRAPHS)] = ""


class Reviews(Struct, frozen=True):
    """What customers say of an item, the latest first."""

    count: int
    stars: int
    """The sum of all ratings: an average is for whoever shows it, rounded as they like."""
    reviews: list[Review]
    next: str | None
    """What to give as `before` for the page after this one; null on the last."""


class Feedback(Protocol):
    """Where reviews are kept."""

    async def write(self, item_id: str, customer_id: str, review: Review) -> tuple[bool, Position]:
        """Keep the customer's one review of the item; True for their first, False when it replaces or repeats it."""
        ...

    async def take_back(self, item_id: str, customer_id: str) -> Position:
        """Have no review of the item by the customer."""
        ...

    async def of_item(self, item_id: str, before: int | None, limit: int, after: Position = NOWHERE) -> Reviews:
        """One page of an item's reviews, with every change up to *after*."""
        ...
