"""The HTTP contract of shipping: where an order's parcel is, and whom to tell when it has arrived."""

from litestar import delete, get, put
from litestar.params import JSONBody

from app.contract import SERVICES
from app.data.sessions import Session
from app.http.dependencies import Given, Routes
from app.http.problems import Problem
from app.http.session_cookie import SECURITY
from app.services.fields import PathId
from app.services.shipping.addresses import RefusedAddressError, check
from app.services.shipping.domain import NewWebhook, Parcel, Parcels, UnknownParcelError, Webhook, Webhooks


@get("/orders/{order_id:str}/parcel", summary="Track an order's parcel", security=SECURITY)
async def track(order_id: PathId, session: Given[Session], parcels: Given[Parcels]) -> Parcel:
    """Where the parcel is and has been. Consistent; a 404 until the order is paid and packed."""
    try:
        return await parcels.find(session.customer_id, order_id)
    except UnknownParcelError:
        raise Problem(404, "this order has no parcel, or none yet", "order_id") from None


@put("/webhook", summary="Be told of deliveries", security=SECURITY)
async def tell(
    data: JSONBody[NewWebhook], session: Given[Session], webhooks: Given[Webhooks], private: Given[bool]
) -> Webhook:
    """Have each delivery of the caller's orders posted to an address, signed with the secret in the answer.

    Consistent. The address must be https and public. What it does not take with a status of 2xx is tried again for
    some minutes; the Webhook-Id stays the same.
    """
    try:
        check(data.url, private=private)
    except RefusedAddressError as refused:
        raise Problem(400, str(refused), "url") from None
    return await webhooks.set(session.customer_id, data.url)


@get("/webhook", summary="See who is told of deliveries", security=SECURITY)
async def told(session: Given[Session], webhooks: Given[Webhooks]) -> Webhook:
    """The address and its secret. Consistent."""
    found = await webhooks.find(session.customer_id)
    if found is None:
        raise Problem(404, "no address is told of deliveries")
    return found


@delete("/webhook", summary="Be told no more", security=SECURITY)
async def forget(session: Given[Session], webhooks: Given[Webhooks]) -> None:
    """Forget the address and its secret. Consistent."""
    await webhooks.unset(session.customer_id)


def shipping_router(parcels: Parcels, webhooks: Webhooks, *, private: bool) -> Routes:
    """The service over what it keeps parcels and webhooks in; with *private* it may call this very machine."""
    return Routes(
        SERVICES["shipping"],
        [track, tell, told, forget],
        {"parcels": parcels, "webhooks": webhooks, "private": private},
    )
