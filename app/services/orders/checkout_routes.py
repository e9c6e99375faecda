"""The HTTP contract of orders: buy what is in the cart, look at orders, return one."""

from typing import Annotated, Any

from litestar import Response, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, QueryParameter

from app.contract import SERVICES
from app.data.sessions import Session
from app.http.dependencies import Given
from app.http.problems import Problem
from app.http.session_cookie import SECURITY
from app.services.fields import IDENTIFIER, PathId, PlaceParameter
from app.services.orders.domain import (
    Checkout,
    ClosedError,
    EmptyError,
    History,
    Order,
    Orders,
    Purchase,
    State,
    UnknownOrderError,
)
from app.services.orders.settling import Settling

PAGE = 20
"""Orders on one page at most: each is up to 20 lines long."""

OrderKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=IDENTIFIER,
        description="A UUID in lower case that the customer's page makes for this order, and that becomes its id.",
    ),
]
"""draft-ietf-httpapi-idempotency-key-header"""
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="Orders on the page.")]

_ACCEPTED = {
    200: ResponseSpec(Order, description="The same request was carried out before.", generate_examples=False),
    202: ResponseSpec(
        Order,
        description="The order is safe, and will be paid or refused: its page says which.",
        generate_examples=False,
    ),
}


@post("/checkout", summary="Buy what is in the cart", security=SECURITY, responses=_ACCEPTED)
async def checkout(
    order_key: OrderKey, data: JSONBody[Purchase], session: Given[Session], settling: Given[Settling]
) -> Response[Order]:
    """Turn the cart into an order, at the catalogue's prices; the same request again finds it: 200 instead of 201.

    Consistent: from the moment that it is safe, it is finished or undone whatever dies. 202 when that is not known yet.
    402 when the payment was refused, 409 when there is too little of something: then all is in the cart again.
    409 as well where the store takes no payments.
    """
    try:
        known, is_new = await settling.checkout(session.customer_id, order_key, data.payment)
    except EmptyError:
        raise Problem(409, "there is nothing in the cart") from None
    except ClosedError:
        raise Problem(409, "this store takes no payments yet: nothing was bought") from None
    _refuse(known.order)
    status = 202 if known.order.state in (State.PLACED, State.PAYING) else 201 if is_new else 200
    return Response(known.order, status_code=status, headers={"Location": _page(known)})


@get("/", summary="List orders", security=SECURITY)
async def history(
    session: Given[Session], orders: Given[Orders], before: PlaceParameter = None, limit: Limit = PAGE
) -> History:
    """A page of the caller's orders, the latest first. Consistent: from their own shard."""
    return await orders.history(session.customer_id, int(before) if before else None, limit)


@get("/{order_id:str}", summary="Look at an order", security=SECURITY)
async def look(order_id: PathId, session: Given[Session], orders: Given[Orders]) -> Order:
    """One of the caller's orders. Consistent: from their own shard."""
    try:
        known, _ = await orders.find(session.customer_id, order_id)
    except UnknownOrderError:
        raise _unknown() from None
    return known.order


@put("/{order_id:str}/return", summary="Return an order", security=SECURITY)
async def take_back(order_id: PathId, session: Given[Session], settling: Given[Settling]) -> Order:
    """Give a paid order back: its money is refunded and its stock can be bought again; the same again finds it so.

    Consistent: once it is `returning` it will be `returned`, whatever dies.
    """
    try:
        known = await settling.take_back(session.customer_id, order_id)
    except UnknownOrderError:
        raise _unknown() from None
    if known.order.state not in (State.RETURNING, State.RETURNED):
        raise Problem(409, "only an order that is paid can be returned", "order_id")
    return known.order


def _refuse(order: Order) -> None:
    if order.refusal == "payment":
        raise Problem(402, "the payment was refused: nothing was bought", "payment")
    if order.refusal == "stock":
        short = [f"lines[{at}].quantity" for at, line in enumerate(order.lines) if line.item_id in order.short]
        raise Problem(409, "there is not so much of this item: nothing was bought", *short)


def _page(known: Checkout) -> str:
    return f"{SERVICES['orders']}/{known.order.order_id}"


def _unknown() -> Problem:
    return Problem(404, "there is no order of this id", "order_id")


HANDLERS: list[Any] = [checkout, history, look, take_back]
