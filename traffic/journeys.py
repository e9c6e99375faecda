"""What a person does at the store, request by request: looks around, buys, looks after an order, sells."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from traffic.catalogue import THINGS, Listing, catalogue
from traffic.pictures import CONTENT_TYPE, drawn
from traffic.visit import Visit, is_success

Journey = Callable[[Visit], Awaitable[None]]

CARDS = {"tok_accepted": 90, "tok_refused": 4, "tok_late": 3, "tok_lost": 2, "tok_late_refused": 1}
"""Token of the sandbox gateway -> how many of a hundred customers pay by it (app/services/payments/sandbox.py)."""
SLOW = {"tok_late", "tok_lost", "tok_late_refused"}
"""Cards whose bank lets the checkout wait, on purpose, for as long as it waits at all."""
REVIEWS, RETURNS = 0.4, 0.1
"""The parts of buyers who review what they got, and who send it back."""


async def look_around(visit: Visit) -> None:
    """Open the first page, search, and look at one item and what others say of it."""
    await visit.ask("page", "GET", "/")
    if found := await _search(visit):
        await _look_at(visit, found)


async def fill_a_cart(visit: Visit) -> None:
    """Put two items aside, look into the cart, and take one out again; buy nothing."""
    if await visit.enter():
        first, _ = [await _put_into_cart(visit) for _ in range(2)]
        await visit.ask("cart", "GET", "/orders/cart")
        if first:
            await visit.ask("take out of cart", "DELETE", f"/orders/cart/lines/{first}")


async def buy(visit: Visit) -> None:
    """Find something, pay for what is in the cart, and stay on the order's page until the parcel is there."""
    if not await visit.enter():
        return
    await visit.ask("page", "GET", "/")
    item = await _put_into_cart(visit)
    if not item or not await visit.find("cart", "/orders/cart"):
        return
    if order := await _check_out(visit):
        await _wait_for(visit, order, item)
    else:
        await _empty_cart(visit)


async def look_after_orders(visit: Visit) -> None:
    """See what one has ordered, and what was charged for it."""
    if await visit.enter():
        history = await visit.find("order history", "/orders")
        for order in (history or {"orders": []})["orders"][:1]:
            await visit.ask("order", "GET", f"/orders/{order['order_id']}")
        await visit.ask("charges", "GET", "/payments/charges")


async def sell(visit: Visit) -> None:
    """List an item with a picture of it, and see what one has sold."""
    if not await visit.enter():
        return
    listing, item = next(catalogue(1, visit.rng.getrandbits(32))), str(uuid.uuid4())
    listed = await visit.ask("list item", "PUT", f"/catalog/items/{item}", listing.as_item)
    if is_success(listed):
        await _photograph(visit, listing, f"/catalog/items/{item}/pictures")
    await visit.ask("sales", "GET", "/orders/sales")


JOURNEYS: tuple[tuple[Journey, int, float], ...] = (
    (look_around, 62, 4.0),
    (fill_a_cart, 15, 11.0),
    (buy, 12, 13.7),
    (look_after_orders, 6, 4.0),
    (sell, 5, 6.5),
)
"""A journey, how often it is made in a hundred, and how many requests it takes on average."""


async def _search(visit: Visit) -> str:
    """An item that a search finds, preferably one that is there; "" where there is none."""
    asked = httpx.QueryParams(words=visit.rng.choice([*THINGS]).lower(), limit=20)
    page = await visit.find("search", f"/catalog/items?{asked}") or {"items": []}
    found = [each for each in page["items"] if each["available"]] or page["items"]
    return visit.rng.choice(found)["item_id"] if found else ""


async def _look_at(visit: Visit, item_id: str) -> Any:
    item = await visit.find("item", f"/catalog/items/{item_id}")
    await visit.ask("reviews", "GET", f"/feedback/items/{item_id}/reviews")
    return item


async def _put_into_cart(visit: Visit) -> str:
    """The item that is in the cart now; "" where nothing was found that is in stock."""
    found = await _search(visit)
    item = await _look_at(visit, found) if found else None
    if not item or not item["available"]:
        return ""
    wanted = {"quantity": min(visit.rng.choice((1, 1, 1, 2, 3)), item["available"])}
    return found if is_success(await visit.ask("put into cart", "PUT", f"/orders/cart/lines/{found}", wanted)) else ""


async def _check_out(visit: Visit) -> str:
    """The order's id; "" where nothing was bought. Who is refused pays by another card."""
    [card] = visit.rng.choices([*CARDS], [*CARDS.values()])
    for payment in (card, "tok_accepted"):
        order = str(uuid.uuid4())
        answer = await _pay(visit, order, payment)
        if answer is None or answer.status_code != httpx.codes.PAYMENT_REQUIRED:
            return order if is_success(answer) else ""
    return ""


async def _pay(visit: Visit, order: str, payment: str) -> httpx.Response | None:
    """Press the button, and once more where nobody knows what came of it: the same key is the same order."""
    kind = "checkout, slow bank" if payment in SLOW else "checkout"
    answer = await visit.ask(kind, "POST", "/orders/checkout", {"payment": payment}, key=order)
    if answer is None or answer.is_server_error:
        answer = await visit.ask(kind, "POST", "/orders/checkout", {"payment": payment}, key=order)
    return answer


async def _empty_cart(visit: Visit) -> None:
    """Leave without what is sold out."""
    cart = await visit.find("cart", "/orders/cart") or {"lines": []}
    for line in cart["lines"]:
        await visit.ask("take out of cart", "DELETE", f"/orders/cart/lines/{line['item_id']}")


async def _wait_for(visit: Visit, order: str, item: str) -> None:
    """Stay on the thank-you page until the parcel is there; some say what they think of it, or send it back."""
    await visit.ask("page", "GET", f"/order.html?id={order}")
    await visit.ask("order", "GET", f"/orders/{order}")
    if await visit.wait_for(order) != "delivered":
        return
    await visit.ask("parcel", "GET", f"/shipping/orders/{order}/parcel")
    await visit.ask("order history", "GET", "/orders")
    if visit.rng.random() < REVIEWS:
        await visit.ask("review", "PUT", f"/feedback/items/{item}/review", _opinion(visit.rng))
    if visit.rng.random() < RETURNS:
        await visit.ask("return", "PUT", f"/orders/{order}/return")


def _opinion(rng: random.Random) -> dict[str, Any]:
    rating = rng.choice((1, 2, 3, 4, 4, 5, 5, 5))
    return {"rating": rating, "words": "As expected." if rating > 2 else "Not what I had hoped for."}


async def _photograph(visit: Visit, listing: Listing, path: str) -> None:
    """Upload a picture by the store's signed form, and look once what became of it."""
    picture = f"{path}/{uuid.uuid4()}"
    form = await visit.ask("announce picture", "PUT", picture, {"content_type": CONTENT_TYPE})
    if form is None or not form.is_success:
        return
    content = await asyncio.to_thread(drawn, listing)
    if is_success(await visit.upload(form.json(), content, CONTENT_TYPE)):
        await visit.ask("picture is uploaded", "PUT", f"{picture}/upload")
        await visit.ask("pictures", "GET", path)
