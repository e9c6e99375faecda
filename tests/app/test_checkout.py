"""Checkout over HTTP: an order that is safe before it is paid, at the catalogue's prices, once however often asked."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.data.shard_relay import ShardRelay
from app.messages import ChargeSettled, OrderDue
from app.services.orders.records import ShardedOrders
from app.services.orders.saga import next_act
from app.work.sagas import sagas
from tests.app.buying import ask_to_buy, bought, buy, buy_slowly, cart, charged, fill, in_stock, list_item, order_of
from tests.app.processes import running
from tests.app.queues import Held
from tests.app.world import new_id
from tests.waiting import eventually

AT_ONCE = (lambda _: 0.0, lambda _: 0.0)


@pytest.fixture
def mug(store, seller):
    """An item of the seller's."""
    return list_item(store, seller)


@pytest.fixture
def work(world, inside):
    """Have a worker carry on an order, as for a message of the order's own in its queue, or of another *kind*."""
    stores = world.stores_with(BIGPICTURE_INTERNAL_URL=inside.url)
    handle = sagas(stores).handle

    def carry_on(customer, order_id, kind=OrderDue, **more):
        message = kind(message_id=order_id, order_id=order_id, customer_id=customer.customer_id, **more)

        def is_settled():
            world.run(handle(message))
            found, _ = world.run(ShardedOrders(stores.customers).find(customer.customer_id, order_id))
            return next_act(found.order) is None

        assert eventually(is_settled, wanted=True)

    yield carry_on
    world.run(stores.close())


def test_what_is_bought_is_paid_at_the_catalogues_price_and_out_of_the_cart(store, world, customer, mug):
    order = bought(store, customer, mug, 2)
    assert order == {
        "order_id": order["order_id"],
        "state": "paid",
        "lines": [
            {
                "item_id": mug["item_id"],
                "quantity": 2,
                "title": "Mug",
                "price_cents": 900,
                "seller_id": mug["seller_id"],
            }
        ],
        "total_cents": 1800,
        "refusal": None,
        "short": [],
    }
    assert (charged(world, order["order_id"]), in_stock(world, mug)) == ({order["order_id"]: 1800}, 1)
    assert cart(store, customer) == []


def test_the_same_checkout_again_finds_the_same_order(store, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    first = buy(store, customer, order_id)
    assert (first[0], ask_to_buy(store, customer, order_id)) == (201, (200, first[1]))


def test_two_pages_that_buy_one_cart_at_once_buy_it_once(store, world, customer, mug):
    fill(store, customer, mug)
    with ThreadPoolExecutor(2) as pages:
        statuses = sorted(status for status, _ in pages.map(lambda _: buy(store, customer), range(2)))
    assert (statuses, in_stock(world, mug)) == ([201, 409], 2)


def test_a_checkout_says_where_its_order_is(store, customer, mug):
    fill(store, customer, mug)
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
    response, text = store.ask(
        "POST",
        "/orders/checkout",
        body=json.dumps({"payment": "tok_accepted"}),
        headers=headers | {"Cookie": f"session={customer.session_id}"},
    )
    assert customer.ask(store, "GET", response.headers["Location"]) == (200, json.loads(text))


def test_a_refused_payment_is_a_problem_and_all_is_as_it_was(store, world, customer, mug):
    fill(store, customer, mug, 2)
    order_id = new_id()
    status, problem = buy(store, customer, order_id, "tok_refused")
    assert (status, problem["errors"][0]["field"]) == (402, "payment")
    assert (in_stock(world, mug), charged(world, order_id)) == (3, {})
    assert cart(store, customer) == [(mug["item_id"], 2)]


def test_who_was_refused_may_pay_otherwise_for_the_same_cart(store, customer, mug):
    fill(store, customer, mug)
    assert (buy(store, customer, payment="tok_refused")[0], buy(store, customer)[0]) == (402, 201)


def test_too_little_stock_is_a_problem_that_names_the_line(store, world, customer, seller, mug):
    rare, order_id = list_item(store, seller, stock=1), new_id()
    fill(store, customer, mug)
    fill(store, customer, rare, 2)
    status, problem = buy(store, customer, order_id)
    assert (status, [error["field"] for error in problem["errors"]]) == (409, ["lines[1].quantity"])
    assert (in_stock(world, mug), in_stock(world, rare), charged(world, order_id)) == (3, 1, {})


def test_an_empty_cart_cannot_be_bought(store, customer):
    assert buy(store, customer)[0] == 409


def test_an_order_needs_its_key(store, customer):
    status, problem = customer.ask(store, "POST", "/orders/checkout", {"payment": "tok_accepted"})
    fault = {"field": "Idempotency-Key", "detail": "this parameter is required"}
    assert (status, problem["errors"]) == (400, [fault])


def test_a_payment_that_nobody_knows_of_yet_is_accepted_and_settled_later(store, inside, work, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    status, order = buy_slowly(store, inside, customer, order_id)
    work(customer, order_id)
    assert (status, order["state"], order["total_cents"]) == (202, "paying", 900)
    assert order_of(store, customer, order_id)["state"] == "paid"


def test_an_order_goes_on_as_soon_as_payments_tells_what_became_of_its_charge(store, inside, work, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    buy_slowly(store, inside, customer, order_id)
    work(customer, order_id, ChargeSettled, verdict="accepted")
    assert order_of(store, customer, order_id)["state"] == "paid"


def test_while_payments_fails_orders_are_safe_and_paid_later(store, inside, work, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    inside.is_out = True
    status, order = buy(store, customer, order_id, open_as="paying")
    inside.is_out = False
    work(customer, order_id)
    assert (status, order["state"], order_of(store, customer, order_id)["state"]) == (202, "paying", "paid")


def test_a_payment_that_is_refused_later_gives_the_stock_back(store, world, inside, work, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    buy_slowly(store, inside, customer, order_id, "tok_refused")
    work(customer, order_id)
    order = order_of(store, customer, order_id)
    assert (order["state"], order["refusal"], in_stock(world, mug)) == ("refused", "payment", 3)


def test_a_server_that_dies_between_charge_and_record_leaves_an_order_that_is_finished(
    world, inside, store, work, customer, mug
):
    fill(store, customer, mug)
    order_id = new_id()
    with running("web", "--services", "orders", **world.environment | {"BIGPICTURE_INTERNAL_URL": inside.url}) as dying:
        inside.when_charged = dying.process.kill
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            ask_to_buy(dying, customer, order_id)
    inside.when_charged = lambda: None
    left = order_of(store, customer, order_id)["state"]
    work(customer, order_id)
    assert (left, order_of(store, customer, order_id)["state"]) == ("placed", "paid")
    assert charged(world, order_id) == {order_id: 900}


def test_an_order_that_was_left_open_is_finished_by_a_worker_that_its_shard_has_told(
    world, inside, store, customer, mug
):
    fill(store, customer, mug)
    order_id, queue = new_id(), Held.made(world)
    buy_slowly(store, inside, customer, order_id)
    urls = json.loads(world.environment["BIGPICTURE_QUEUE_URLS"]) | {"sagas": queue.url}
    told = {"BIGPICTURE_INTERNAL_URL": inside.url, "BIGPICTURE_QUEUE_URLS": json.dumps(urls)}
    topic = world.environment["BIGPICTURE_TOPIC_ARN"]
    relay = ShardRelay(world.stores.customers, world.stores.aws, topic, queue.url, AT_ONCE)
    with running("worker", "--queues", "sagas", **world.environment | told):
        world.run(relay.sweep())
        assert eventually(lambda: order_of(store, customer, order_id)["state"], wanted="paid") == "paid"


def test_a_returned_order_gives_money_and_stock_back_once(store, world, customer, mug):
    order = bought(store, customer, mug, 2)
    path = f"/orders/{order['order_id']}/return"
    assert eventually(lambda: customer.ask(store, "PUT", path)[1]["state"], wanted="returned") == "returned"
    assert customer.ask(store, "PUT", path)[0] == 200
    assert eventually(lambda: charged(world, order["order_id"]), wanted={}) == {}
    assert in_stock(world, mug) == 3


def test_only_a_paid_order_is_returned(store, inside, customer, mug):
    fill(store, customer, mug)
    order_id = new_id()
    buy_slowly(store, inside, customer, order_id)
    assert customer.ask(store, "PUT", f"/orders/{order_id}/return")[0] == 409
    assert customer.ask(store, "PUT", f"/orders/{new_id()}/return")[0] == 404


def test_the_history_holds_each_order_once_the_latest_first(store, customer, seller):
    item = list_item(store, seller, stock=10)
    ids = [bought(store, customer, item)["order_id"] for _ in range(5)]
    seen, before = [], ""
    while before is not None:
        _, page = customer.ask(store, "GET", f"/orders?limit=2{before}")
        seen += [order["order_id"] for order in page["orders"]]
        before = page["next"] and f"&before={page['next']}"
    assert seen == ids[::-1]


def test_nobody_sees_or_returns_anothers_order(store, world, customer, mug):
    path = f"/orders/{bought(store, customer, mug)['order_id']}"
    stranger = world.log_in()
    assert [stranger.ask(store, method, at)[0] for method, at in (("GET", path), ("PUT", f"{path}/return"))] == [
        404
    ] * 2
    assert stranger.ask(store, "GET", "/orders") == (200, {"orders": [], "next": None})


def test_of_fifty_customers_at_two_servers_just_as_many_buy_and_pay_as_there_are(store, world, inside, seller):
    rare, callers = list_item(store, seller, stock=10), [world.log_in() for _ in range(50)]
    environment = world.environment | {"BIGPICTURE_INTERNAL_URL": inside.url}
    with (
        running("web", "--services", "catalog,orders,payments", **environment) as second,
        ThreadPoolExecutor(16) as many,
    ):
        inside.servers.append(second.port)

        def visit(at):
            order_id = new_id()
            fill((store, second)[at % 2], callers[at], rare)
            return order_id, buy((store, second)[at % 2], callers[at], order_id)[0]

        told = dict(many.map(visit, range(50)))
        inside.servers.pop()
    assert (sorted(told.values()), in_stock(world, rare)) == ([201] * 10 + [409] * 40, 0)
    assert charged(world, *told) == {order_id: 900 for order_id, status in told.items() if status == 201}
