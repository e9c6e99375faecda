"""Parcels: packed when paid, brought by a carrier that may repeat or overtake itself, told of once to who wants it."""

import contextlib
import hmac
import socket
import threading

import pytest

from app.data.outage import Unavailable
from app.data.shard_outbox import EVENTS
from app.messages import OrderLine, OrderPaid, ParcelDelivered, ParcelMoved, ReturnRequested, decode
from app.queue.work import PoisonError
from app.services.shipping.domain import WAY, Webhook
from app.services.shipping.parcels import ShardedParcels, ShardedWebhooks
from app.work.shipping import Shipping
from app.work.webhooks import WebhookCaller
from tests.app.processes import running
from tests.app.queues import Held
from tests.app.receiver import receiver
from tests.app.world import new_id
from tests.waiting import eventually

LINES = (OrderLine(item_id="1", title="Lamp", quantity=2, price_cents=1200),)


@pytest.fixture(scope="module")
def store(world):
    """The service alone: who serves orders sends what lies beside customers' entries, and it is gone from there."""
    with running("web", "--services", "shipping", **world.environment) as app:
        yield app


@pytest.fixture(scope="module")
def worker(world):
    with running("worker", "--queues", "shipping", **world.environment) as app:
        yield app


@pytest.fixture(scope="module")
def shipping(world):
    """The worker's handler, with a carrier that never comes by itself."""
    entries = world.stores.customers
    return Shipping(
        ShardedParcels(entries),
        ShardedWebhooks(entries),
        WebhookCaller(private=False),
        Held.made(world).sender(world.stores.aws),
        world.stores.progress,
    )


def paid(customer, order_id):
    return OrderPaid(message_id=new_id(), order_id=order_id, customer_id=customer.customer_id, lines=LINES)


def moved(customer, order_id, state):
    return ParcelMoved(message_id=new_id(), order_id=order_id, customer_id=customer.customer_id, state=state)


def back(customer, order_id):
    return ReturnRequested(message_id=new_id(), order_id=order_id, customer_id=customer.customer_id)


def tracking(store, customer, order_id):
    status, body = customer.ask(store, "GET", f"/shipping/orders/{order_id}/parcel")
    return tuple(body["tracking"]) if status == 200 else status


def told(world, order_id):
    """The events about an order that lie beside the customers' entries, on whichever shard."""
    rows = [
        decode(row["body"])
        for shard in world.stores.customers.shards.values()
        for row in world.run(shard.partition(EVENTS))
    ]
    return [type(each).__name__ for each in rows if getattr(each, "order_id", "") == order_id]


def test_what_is_paid_is_packed_and_brought_and_told_of_once_however_often_it_is_said(world, store, worker, customer):
    order_id = new_id()
    world.queues["shipping"].send(*[paid(customer, order_id)] * 2)
    assert eventually(lambda: tracking(store, customer, order_id), WAY) == WAY
    assert (told(world, order_id), world.queues["shipping"].dead()) == (["ParcelDelivered"], [])


def test_an_order_without_a_parcel_and_another_customers_have_none_to_track(world, store, shipping, customer):
    order_id = new_id()
    world.run(shipping.handle(paid(customer, order_id)))
    seen = [tracking(store, *each) for each in ((customer, new_id()), (world.log_in(), order_id), (customer, order_id))]
    assert seen == [404, 404, ("packed",)]


def test_a_move_that_overtakes_another_waits_for_it(world, store, shipping, customer):
    order_id = new_id()
    world.run(shipping.handle(paid(customer, order_id)))
    with pytest.raises(Unavailable, match="an earlier move"):
        world.run(shipping.handle(moved(customer, order_id, "delivered")))
    for state in ("shipped", "out_for_delivery", "shipped", "delivered", "delivered"):
        world.run(shipping.handle(moved(customer, order_id, state)))
    assert (tracking(store, customer, order_id), told(world, order_id)) == (WAY, ["ParcelDelivered"])


def test_a_return_stops_the_parcel_wherever_it_is_and_whenever_it_is_heard_of(world, store, shipping, customer):
    early, late = new_id(), new_id()
    for message in (back(customer, early), paid(customer, early), paid(customer, late), back(customer, late)):
        world.run(shipping.handle(message))
    world.run(shipping.handle(moved(customer, late, "shipped")))
    seen = [tracking(store, customer, order_id) for order_id in (early, late)]
    assert seen == [("stopped",), ("packed", "stopped")]


@pytest.mark.parametrize("state", ["lost", "stopped", ""])
def test_a_move_that_no_carrier_makes_is_poison(world, shipping, customer, state):
    with pytest.raises(PoisonError, match="no such state"):
        world.run(shipping.handle(moved(customer, new_id(), state)))


def test_a_parcel_that_nobody_packed_is_not_moved(world, shipping, customer):
    with pytest.raises(PoisonError, match="nobody packed"):
        world.run(shipping.handle(moved(customer, new_id(), "shipped")))


def test_a_delivery_is_told_to_the_customers_own_server_signed_and_again_until_it_listens(
    world, store, worker, customer
):
    message = ParcelDelivered(
        message_id=new_id(), order_id=new_id(), customer_id=customer.customer_id, parcel_id=new_id()
    )
    with receiver(503, 204) as (url, heard, _):
        _, webhook = customer.ask(store, "PUT", "/shipping/webhook", {"url": url})
        world.queues["shipping"].send(message)
        eventually(lambda: len(heard), 2)
    [first, second] = heard
    signed = hmac.new(webhook["secret"].encode(), f"{first[0]}.".encode() + first[2], "sha256").hexdigest()
    assert (first, first[:2]) == (second, (message.message_id, f"v1={signed}"))


def test_a_redirect_is_not_followed(world):
    with receiver(307) as (url, heard, _):
        with pytest.raises(Unavailable, match="status 307"):
            world.run(WebhookCaller(private=True).post(Webhook(url, "s"), "1", b"{}"))
        assert len(heard) == 1


def drip(listener, called_off):
    """Answer a byte at a time, without end, until the caller has gone."""
    caller, _ = listener.accept()
    with caller, contextlib.suppress(OSError):
        while not called_off.wait(0.05):
            caller.sendall(b"H")


def test_a_receiver_that_answers_byte_by_byte_is_given_up(world):
    called_off = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener, called_off), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(Unavailable, match="customer's webhook"):
            world.run(WebhookCaller(private=True, whole_s=0.5).post(Webhook(url, "s"), "1", b"{}"))
        assert not called_off.is_set()
        called_off.set()


def test_an_address_of_ours_is_not_called_whatever_was_kept(world):
    with receiver(204) as (url, heard, _):
        with pytest.raises(PoisonError, match="refused"):
            world.run(WebhookCaller(private=False).post(Webhook(url, "s"), "1", b"{}"))
        assert heard == []


def test_a_webhook_keeps_its_secret_until_it_leads_elsewhere_or_is_forgotten(store, customer):
    def put(url):
        return customer.ask(store, "PUT", "/shipping/webhook", {"url": url})[1]["secret"]

    first, again, other = put("https://a.example/1"), put("https://a.example/1"), put("https://a.example/2")
    assert (first == again, first == other, len(first)) == (True, False, 64)
    assert customer.ask(store, "GET", "/shipping/webhook") == (200, {"url": "https://a.example/2", "secret": other})
    assert (
        customer.ask(store, "DELETE", "/shipping/webhook")[0],
        customer.ask(store, "GET", "/shipping/webhook")[0],
    ) == (204, 404)


def test_a_webhook_that_is_no_address_is_refused_by_name(store, customer):
    status, body = customer.ask(store, "PUT", "/shipping/webhook", {"url": "https://user@a.example/"})
    assert (status, [each["field"] for each in body["errors"]]) == (400, ["url"])
