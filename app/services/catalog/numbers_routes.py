"""The HTTP contract of catalog towards sellers: how their items do, and what visitors look for."""

from litestar import get

from app.data.sessions import Session
from app.http.dependencies import Given
from app.http.session_cookie import SECURITY
from app.services.catalog.domain import Items, Search
from app.services.catalog.numbers import CountedItem, CountedItems, Counts, ItemCounts, StoreCounts
from app.services.fields import PlaceParameter

PAGE = 20
"""Items on one page."""


@get("/statistics/items", summary="See how my items do", security=SECURITY)
async def item_numbers(
    session: Given[Session], items: Given[Items], counts: Given[Counts], before: PlaceParameter = None
) -> CountedItems:
    """A page of the caller's items, the latest first, with what was counted of each. Available: it may lag."""
    wanted = Search(seller_id=session.customer_id, before=int(before) if before else None, limit=PAGE)
    page = await items.search(wanted, session.written)
    known = await counts.of_items([each.item_id for each in page.items])
    shown = [CountedItem(each.item_id, each.title, known.get(each.item_id, ItemCounts())) for each in page.items]
    return CountedItems(shown, page.next)


@get("/statistics/store", summary="See how the store does", security=SECURITY)
async def store_numbers(session: Given[Session], counts: Given[Counts]) -> StoreCounts:  # noqa: ARG001  who asks
    """Orders and parcels of the whole store, and what visitors search for most. Available: it may lag."""
    return await counts.of_store()
