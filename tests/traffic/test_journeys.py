"""What one visit asks of a store, in which order, and how many requests that is."""

import asyncio
import random
from types import SimpleNamespace

import httpx
import pytest

from traffic.customers import Customers
from traffic.figures import Report
from traffic.journeys import JOURNEYS, buy
from traffic.visit import Visit

ITEM = {"item_id": "1", "available": 3}
FOUND = {
    "/catalog/items": {"items": [ITEM]},
    "/catalog/items/1": ITEM,
    "/orders": {"orders": [{"order_id": "1"}]},
    "/orders/cart": {"lines": [{"item_id": "1"}]},
}
ANYTHING = {"customer_id": "1", "url": "http://store/upload", "fields": {}}
DELIVERED = b'event: order\r\ndata: {"state": "paid"}\r\n\r\nevent: parcel\r\ndata: {"state": "delivered"}\r\n\r\n'


def opened(paid=(201,)):
    """A store that has all, and answers a checkout with each of *paid* in turn; what it was asked comes with it."""
    asked, answers = [], iter(paid)

    def answer(request):
        path = request.url.path
        asked.append((request.method, path, request.headers.get("Idempotency-Key"), request.content))
        if path.endswith("/events"):
            return httpx.Response(200, content=DELIVERED)
        status = next(answers) if path == "/orders/checkout" else 200
        return httpx.Response(status, json=FOUND.get(path, ANYTHING))

    return httpx.AsyncClient(base_url="http://store", transport=httpx.MockTransport(answer)), asked


def made(journey, paid=(201,), times=1):
    """The journey by customers who are known; what was asked, and the report."""
    store, asked = opened(paid)

    async def make():
        people, report = Customers(store, "correct horse battery"), Report()
        await people.sign_up(1)
        asked.clear()
        for number in range(times):
            visit = Visit(people, report, 0.0, random.Random(number))  # noqa: S311  journeys, not secrets
            await journey(visit)
            visit.leave()
        await store.aclose()
        return SimpleNamespace(asked=asked, report=report)

    return asyncio.run(make())


def checkouts(found):
    return [(key, body) for _, path, key, body in found.asked if path == "/orders/checkout"]


@pytest.mark.parametrize(("journey", "_", "length"), JOURNEYS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_journey_takes_as_many_requests_as_its_plan_says(journey, _, length):
    times = 12
    assert made(journey, [201] * times, times=times).report.requests / times == pytest.approx(length, rel=0.1)


def test_who_buys_waits_until_the_parcel_is_there_and_looks_into_the_history():
    found = made(buy)
    [(key, _)] = checkouts(found)
    paths = [path for _, path, _, _ in found.asked]
    bought = paths[paths.index("/orders/checkout") :]
    wanted = ["/orders/checkout", "/order.html", *(each.format(key) for each in (
        "/orders/{}", "/orders/{}/events", "/shipping/orders/{}/parcel", "/orders"))]  # fmt: skip
    assert (bought[: len(wanted)], [*found.report.waits]) == (wanted, ["until delivered"])


def test_who_is_refused_pays_by_another_card_for_another_order():
    (first, _), (second, body) = checkouts(made(buy, [402, 201]))
    assert (first != second, body) == (True, b'{"payment":"tok_accepted"}')


def test_who_does_not_know_what_became_of_the_order_asks_for_the_same_again():
    first, second = checkouts(made(buy, [503, 201]))
    assert first == second


def test_who_came_too_late_leaves_an_empty_cart_and_the_store_is_not_blamed():
    found = made(buy, [409])
    assert found.asked[-1][:2] == ("DELETE", "/orders/cart/lines/1")
    refused = [dict(each.refusals) for each in found.report.by_kind.values() if each.refusals]
    assert (refused, found.report.faults.total()) == ([{"409": 1}], 0)
