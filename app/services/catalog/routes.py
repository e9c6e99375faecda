"""The HTTP contract of catalog: list and change items, look and search."""

from typing import Annotated

from litestar import Response, get, patch, put
from litestar.params import JSONBody, QueryParameter

from app.contract import SERVICES
from app.data.database import NOWHERE, Position
from app.data.sessions import Session, Sessions
from app.http.dependencies import Given, Routes
from app.http.problems import Problem
from app.http.repetition import again
from app.http.session_cookie import SECURITY
from app.services.catalog import domain
from app.services.catalog.counts import PostgresCounts
from app.services.catalog.domain import (
    PAGE,
    Delivery,
    Item,
    ItemChange,
    Items,
    NewItem,
    Page,
    Search,
)
from app.services.catalog.gallery import Gallery
from app.services.catalog.numbers_routes import item_numbers, store_numbers
from app.services.catalog.picture_routes import announce, pictures_of, uploaded
from app.services.catalog.refusals import refusal
from app.services.catalog.showing import Showing
from app.services.fields import IDENTIFIER, LINE, PathId, PlaceParameter
from app.stores import Stores

Words = Annotated[str | None, QueryParameter(max_length=200, pattern=LINE, description="Words that an item must have.")]
Seller = Annotated[str | None, QueryParameter(pattern=IDENTIFIER, description="Only this seller's items.")]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="Items on the page.")]


@put("/items/{item_id:str}", summary="List an item", security=SECURITY, status_code=201, responses=again(Item))
async def list_item(
    item_id: PathId, data: JSONBody[NewItem], session: Given[Session], items: Given[Items], sessions: Given[Sessions]
) -> Response[Item]:
    """Make an item of the caller's under an id that they chose; the same request again finds it: 200 instead of 201.

    Consistent; the seller's own next reads hold it at once, others' when their replica has it.
    """
    try:
        item, is_new, written = await items.add(item_id, session.customer_id, data)
    except domain.TakenError:
        raise Problem(409, "this id names another item already; to change an item, PATCH it", "item_id") from None
    await sessions.wrote(session, written)
    return Response(item, status_code=201 if is_new else 200)


@patch("/items/{item_id:str}", summary="Change an item", security=SECURITY)
async def change_item(
    item_id: PathId, data: JSONBody[ItemChange], session: Given[Session], items: Given[Items], sessions: Given[Sessions]
) -> Item:
    """Change what is given, if the item still has the version that the seller saw. Consistent."""
    try:
        item, written = await items.change(item_id, session.customer_id, data)
    except domain.StaleError:
        raise Problem(409, "the item has changed since this version: read it again", "version") from None
    except (domain.UnknownItemError, domain.NotTheirsError) as wrong:
        raise refusal(wrong) from None
    await sessions.wrote(session, written)
    return item


@put(
    "/items/{item_id:str}/deliveries/{delivery_id:str}", summary="Add to the stock", security=SECURITY, status_code=200
)
async def deliver(
    item_id: PathId,
    delivery_id: PathId,
    data: JSONBody[Delivery],
    session: Given[Session],
    items: Given[Items],
    sessions: Given[Sessions],
) -> Item:
    """Add to an item's stock, once per delivery, however often the request is repeated. Consistent."""
    try:
        item, written = await items.deliver(item_id, session.customer_id, delivery_id, data.quantity)
    except domain.TakenError:
        raise Problem(409, "this delivery was of another quantity", "quantity") from None
    except (domain.UnknownItemError, domain.NotTheirsError) as wrong:
        raise refusal(wrong) from None
    await sessions.wrote(session, written)
    return item


@get("/items/{item_id:str}", summary="Look at an item")
async def look(item_id: PathId, visitor: Given[Session | None], shown: Given[Showing]) -> Item:
    """One item. Available: it may lag, yet holds what this session wrote; the stock is a hint until it is reserved."""
    item = await shown.look(item_id, _seen(visitor))
    if item is None:
        raise refusal(domain.UnknownItemError())
    return item


@get("/items", summary="Search items")
async def search(
    visitor: Given[Session | None],
    shown: Given[Showing],
    words: Words = None,
    seller: Seller = None,
    before: PlaceParameter = None,
    limit: Limit = 20,
) -> Page:
    """A page of items, the latest first. Available: it may lag, yet holds what this session wrote."""
    wanted = Search(words or "", seller or "", int(before) if before else None, limit)
    return await shown.search(wanted, _seen(visitor))


def _seen(visitor: Session | None) -> Position:
    return visitor.written if visitor else NOWHERE


_HANDLERS = (list_item, change_item, deliver, look, search)


def catalog_router(items: Items, pictures: Gallery, stores: Stores) -> Routes:
    """The service over what it keeps items and pictures in, and who is told of uploads and of visitors."""
    return Routes(
        SERVICES["catalog"],
        [*_HANDLERS, announce, uploaded, pictures_of, item_numbers, store_numbers],
        {
            "items": items,
            "pictures": pictures,
            "uploads": stores.pictures,
            "work": stores.queues["pictures"],
            "shown": Showing(items, stores.hints),
            "counts": PostgresCounts(stores.database),
        },
    )
