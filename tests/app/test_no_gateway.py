"""A store whose money nobody takes: carts are filled, nothing is bought for nothing, what was taken still goes back."""

import pytest

from app.services.orders.records import ShardedOrders
from app.services.payments.sandbox import SandboxGateway
from tests.app.paying import Paying
from tests.app.processes import running
from tests.app.world import new_id

CLOSED = {"BIGPICTURE_PAYMENT_GATEWAY": "none"}


@pytest.fixture(scope="module")
def app(world):
    with running("web", "--services", "orders,payments", **world.environment | CLOSED) as app:
        yield app


def buy(customer, app, order_id):
    return customer.ask(app, "POST", "/orders/checkout", {"payment": "tok_accepted"}, **{"Idempotency-Key": order_id})


def test_a_checkout_is_refused_before_there_is_an_order(world, app):
    ann, wanted, line = world.log_in(), new_id(), f"/orders/cart/lines/{new_id()}"
    assert ann.ask(app, "PUT", line, {"quantity": 1})[0] == 200
    cart = ann.ask(app, "GET", "/orders/cart")
    status, problem = buy(ann, app, wanted)
    assert (status, problem["detail"]) == (409, "this store takes no payments yet: nothing was bought")
    assert (ann.ask(app, "GET", "/orders/")[1]["orders"], ann.ask(app, "GET", "/orders/cart")) == ([], cart)


def test_an_order_of_the_time_before_is_found_again_and_carried_on(world, app):
    ann, order_id = world.log_in(), new_id()
    assert ann.ask(app, "PUT", f"/orders/cart/lines/{new_id()}", {"quantity": 1})[0] == 200
    world.run(ShardedOrders(world.stores.customers).begin(ann.customer_id, order_id, "tok_accepted"))
    status, order = buy(ann, app, order_id)
    assert (status, order["order_id"]) == (202, order_id)


def test_no_token_is_money(world, app):
    path, body = f"/internal/payments/charges/{new_id()}", {"amount_cents": 100, "payment": "tok_accepted"}
    assert world.call(app, "PUT", path, "ann", body)[1]["state"] == "refused"


def test_what_was_taken_before_goes_back(world):
    paying = Paying(world)
    paying.charge()
    paying.gateway = SandboxGateway(world.stores.database, {})
    paying.cancel()
    paying.errand()
    assert (paying.taken_cents(), paying.found().refunded_cents) == (0, 100)
