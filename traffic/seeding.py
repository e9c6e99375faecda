"""Fill a running store with a catalogue, as its sellers would; what is there already stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import groupby

from traffic.catalogue import Listing, catalogue
from traffic.visitor import VisitError, Visitor, open_store

SELLERS_AT_ONCE = 4
"""A log-in costs a server some 50 ms of one core, on purpose: no more than a few at a time."""

Tell = Callable[[int], None]
"""Told how many items are listed so far."""


async def seed(url: str, items: int, variant: int, password: str, tell: Tell) -> int:
    """List *items* items at the store, once each however often this is done; returns how many are new.

    *password* is that of every seller. Raises VisitError when the store refuses or does not answer.
    """
    listings = [*catalogue(items, variant)]
    progress = _Progress(tell)
    gate = asyncio.Semaphore(SELLERS_AT_ONCE)
    try:
        async with open_store(url) as store, asyncio.TaskGroup() as sellers:
            for _, own in groupby(listings, key=lambda each: each.seller):
                sellers.create_task(_sell(Visitor(store), [*own], password, gate, progress))
    except* VisitError as refused:
        raise refused.exceptions[0] from None
    return progress.new


class _Progress:
    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._listed = 0
        self.new = 0

    def listed(self, *, is_new: bool) -> None:
        self._listed += 1
        self.new += is_new
        self._tell(self._listed)


async def _sell(
    visitor: Visitor, listings: list[Listing], password: str, gate: asyncio.Semaphore, progress: _Progress
) -> None:
    async with gate:
        await visitor.sign_up(listings[0].seller.email, listings[0].seller.name, password)
        for each in listings:
            progress.listed(is_new=await _list(visitor, each))


async def _list(visitor: Visitor, listing: Listing) -> bool:
    """Whether the item was not there before; one that its seller has changed since is left as it is."""
    wanted = {
        "title": listing.title,
        "description": listing.description,
        "price_cents": listing.price_cents,
        "stock": listing.stock,
    }
    path = f"/catalog/items/{listing.item_id}"
    if (await visitor.ask("GET", path)).is_success:
        return False
    await visitor.demand("PUT", path, wanted)
    return True
