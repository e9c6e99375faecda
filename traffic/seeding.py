"""Fill a running store with a catalogue, as its sellers would; what is there already stays as it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from traffic.catalogue import Listing, catalogue
from traffic.pictures import CONTENT_TYPE, drawn
from traffic.visitor import VisitError, Visitor, open_store

SELLERS_AT_ONCE = 4
"""A log-in costs a server some 50 ms of one core, on purpose, and a picture as much of ours: no more at a time."""
PATIENCE_S = 60.0
"""Seconds without one more picture after which nobody waits for the workers that make their sizes."""
LOOK_S = 0.5
"""Seconds between two looks what became of a picture."""


@dataclass(slots=True)
class Seeded:
    """How far a catalogue is."""

    listed: int = 0
    """Items of it that the store holds."""
    new: int = 0
    """Those that were not there before."""
    pictured: int = 0
    """Those whose picture is there in every size, so that pages show it."""


Tell = Callable[[Seeded], None]
"""Told each step of the way."""


async def seed(url: str, items: int, variant: int, password: str, tell: Tell) -> Seeded:
    """List *items* items at the store with a picture of each, once however often this is done.

    Ends when the store's workers have made all pictures' sizes, or have made none for PATIENCE_S. *password* is that
    of every seller. Raises VisitError when the store refuses or does not answer.
    """
    progress = _Progress(tell)
    gate = asyncio.Semaphore(SELLERS_AT_ONCE)
    try:
        async with open_store(url) as store, asyncio.TaskGroup() as sellers:
            for _, own in groupby(catalogue(items, variant), key=lambda each: each.seller):
                sellers.create_task(_sell(Visitor(store), [*own], password, gate, progress))
    except* VisitError as refused:
        raise refused.exceptions[0] from None
    return progress.so_far


class _Progress:
    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._moved = time.monotonic()
        self.so_far = Seeded()

    def count(self, **more: bool) -> None:
        """Something is done more often than before."""
        for what, is_more in more.items():
            setattr(self.so_far, what, getattr(self.so_far, what) + is_more)
        self._moved = time.monotonic()
        self._tell(self.so_far)

    @property
    def stands_still(self) -> bool:
        return time.monotonic() - self._moved > PATIENCE_S


async def _sell(
    visitor: Visitor, listings: list[Listing], password: str, gate: asyncio.Semaphore, progress: _Progress
) -> None:
    async with gate:
        await visitor.sign_up(listings[0].seller.email, listings[0].seller.name, password)
        uploaded = [each for each in listings if await _list(visitor, each, progress)]
    for each in uploaded:
        await _see(visitor, each, progress)


async def _list(visitor: Visitor, listing: Listing, progress: _Progress) -> bool:
    """Whether a picture was uploaded; an item that is there is left as it is, its seller may have changed it since."""
    path = f"/catalog/items/{listing.item_id}"
    found = await visitor.demand("GET", path, allowed=(404,))
    is_new = "item_id" not in found
    if is_new:
        await visitor.demand("PUT", path, listing.as_item)
    is_shown = not is_new and found["picture"] != ""
    if not is_shown:
        await _photograph(visitor, listing)
    progress.count(listed=True, new=is_new, pictured=is_shown)
    return not is_shown


async def _photograph(visitor: Visitor, listing: Listing) -> None:
    """Upload the picture past the servers, as the page for sellers does (app/pages/js/item.js); 409: it was before."""
    path = f"/catalog/items/{listing.item_id}/pictures/{listing.picture_id}"
    form = await visitor.demand("PUT", path, {"content_type": CONTENT_TYPE}, allowed=(409,))
    if "url" in form:
        content = await asyncio.to_thread(drawn, listing)
        await visitor.demanded("the upload of a picture", visitor.upload(form, content, CONTENT_TYPE))
        await visitor.demand("PUT", f"{path}/upload")


async def _see(visitor: Visitor, listing: Listing, progress: _Progress) -> None:
    """Wait until the item shows a picture, unless nobody makes any."""
    while not (await visitor.demand("GET", f"/catalog/items/{listing.item_id}"))["picture"]:
        if progress.stands_still:
            return
        await asyncio.sleep(LOOK_S)
    progress.count(pictured=True)
