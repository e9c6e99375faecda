"""The order page's stream: told without asking, from the last state on, and never in the way of a draining server."""

import http.client
import json
import signal
from contextlib import ExitStack, closing

import pytest

from app.data.progress import Step
from app.services.orders.carts import ShardedCarts
from app.services.orders.records import ShardedOrders
from tests.app.processes import running
from tests.app.world import new_id
from tests.waiting import eventually


@pytest.fixture
def watch():
    """Opens streams, and closes them behind the test."""
    with ExitStack() as opened:
        yield lambda *whose: opened.enter_context(closing(Stream(*whose)))


@pytest.fixture
def order(world):
    """A customer with one order: whose it is, and its id."""
    caller, order_id = world.log_in(), new_id()
    world.run(ShardedCarts(world.stores.customers).set_line(caller.customer_id, new_id(), 1))
    world.run(ShardedOrders(world.stores.customers).begin(caller.customer_id, order_id, "card"))
    return caller, order_id


class Stream:
    """What a browser hears."""

    def __init__(self, app, caller, order_id):
        self._connection = app.connect()
        headers = {"Cookie": f"session={caller.session_id}", "Accept": "text/event-stream"}
        self._connection.request("GET", f"/orders/{order_id}/events", headers=headers)
        self.response = self._connection.getresponse()

    def close(self):
        self.response.close()
        self._connection.close()

    def next(self):
        """The next event: its name and state; None at the end of the stream."""
        event: dict[str, str] = {}
        while line := self.response.readline():
            name, _, value = line.decode().rstrip("\r\n").partition(": ")
            if name:
                event[name] = value
            elif "data" in event:
                return event["event"], json.loads(event["data"])["state"]
        return None


def tell(world, order_id, number, state):
    world.run(world.stores.progress.tell(order_id, Step("parcel", number, state)))


def test_a_browser_is_told_the_last_state_first_and_then_each_step_as_it_happens(world, store, order, watch):
    tell(world, order[1], 1, "packed")
    stream = watch(store, *order)
    first = [stream.next(), stream.next()]
    tell(world, order[1], 2, "shipped")
    assert [*first, stream.next()] == [("order", "placed"), ("parcel", "packed"), ("parcel", "shipped")]


def test_a_step_that_comes_late_or_twice_is_not_told(world, store, order, watch):
    stream = watch(store, *order)
    heard = [stream.next()]
    for number, state in ((2, "shipped"), (1, "packed"), (2, "shipped")):
        tell(world, order[1], number, state)
    heard.append(stream.next())
    tell(world, order[1], 3, "delivered")
    assert [*heard, stream.next()] == [("order", "placed"), ("parcel", "shipped"), ("parcel", "delivered")]


def test_a_browser_at_another_server_hears_the_same(world, store, order, watch):
    with running("web", "--services", "orders", **world.environment) as other:
        streams = [watch(store, *order), watch(other, *order)]
        assert [stream.next() for stream in streams] == [("order", "placed")] * 2
        tell(world, order[1], 1, "packed")
        assert [stream.next() for stream in streams] == [("parcel", "packed")] * 2


def test_the_stream_is_kept_by_nobody_on_its_way(store, order, watch):
    headers = watch(store, *order).response.headers
    assert (headers.get_content_type(), headers["Cache-Control"]) == ("text/event-stream", "no-cache")


def test_nobody_watches_another_customers_order(world, store, order):
    assert world.log_in().ask(store, "GET", f"/orders/{order[1]}/events")[0] == 404


def test_a_server_that_drains_ends_its_streams_for_the_browser_to_go_elsewhere(world, order, watch):
    with running("web", "--services", "orders", **world.environment) as other:
        stream = watch(other, *order)
        assert stream.next() == ("order", "placed")
        other.process.send_signal(signal.SIGTERM)
        assert (stream.next(), other.process.wait(timeout=60)) == (None, 0)


def test_no_stream_is_opened_without_a_session(store, order):
    response, _ = store.ask("GET", f"/orders/{order[1]}/events")
    assert response.status == http.client.UNAUTHORIZED


def test_the_progress_of_an_order_is_forgotten_a_day_after_its_last_step(world, order):
    tell(world, order[1], 1, "packed")

    async def lifetime():
        async with world.stores.cache.client() as valkey:
            return await valkey.ttl(f"progress:{order[1]}")

    assert eventually(lambda: 0 < world.run(lifetime()) <= 24 * 3600, wanted=True)
