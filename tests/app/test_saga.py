"""The checkout saga under every fault: never sold without a charge, never charged without an order, stock adds up."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.data.outage import Unavailable
from app.messages import OrderPaid, OrderPlaced, OrderRefused, OrderReturned
from app.services.orders.domain import State
from tests.app.sagas import Killed, Market
from tests.app.world import new_id

SETTLED = {State.PAID, State.REFUSED, State.RETURNED}
PAYMENTS = ["accepted-0", "refused-0", "accepted-2", "refused-1"]
"""What the gateway says in the end, and how often it says nothing before."""
VISITS = st.lists(
    st.tuples(st.lists(st.integers(0, 2), min_size=2, max_size=2), st.sampled_from(PAYMENTS)), min_size=1, max_size=3
)
FAULTS = {"goes on": None, "dies": Killed(), "is not answered": Unavailable("other", "silent")}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["goes on"] * 7 + ["dies", "is not answered", "worker", "return", "again"]), st.integers(0, 5)
    ),
    max_size=60,
)


def take(market, step, at):
    if step in FAULTS:
        market.go_on(at, FAULTS[step])
    elif step == "worker":
        market.again(at, market.settling.resume)
    elif step == "return":
        market.again(at, market.settling.take_back)
    else:
        market.again(at, lambda customer, order: market.settling.checkout(customer, order, "accepted-0"))


def assert_paid_is_charged_and_held(market):
    for checkout in market.checkouts():
        order = checkout.order
        if order.state is State.PAID:
            assert market.till.taken[order.order_id] == order.total_cents > 0
            assert market.shelf.held[order.order_id] == order.lines


def assert_all_adds_up(market):
    states = {each.order.order_id: each.order.state for each in market.checkouts()}
    sold = {order_id for order_id, state in states.items() if state is State.PAID}
    assert set(states.values()) <= SETTLED
    assert {order_id for order_id, cents in market.till.taken.items() if cents} == sold
    assert {order_id for order_id, lines in market.shelf.held.items() if lines} == sold
    held = [line for lines in market.shelf.held.values() for line in lines or ()]
    for item, count in market.stock.items():
        assert count == market.shelf.available[item] + sum(line.quantity for line in held if line.item_id == item)
        assert market.shelf.available[item] >= 0


@given(st.lists(st.integers(0, 3), min_size=2, max_size=2), VISITS, STEPS)
@settings(max_examples=300, deadline=None)
def test_whoever_dies_wherever_all_that_is_sold_is_charged_and_all_that_is_charged_is_sold(stock, visits, steps):
    market = Market(stock)
    for quantities, payment in visits:
        market.visit(quantities, payment)
    for step, at in steps:
        take(market, step, at)
        assert_paid_is_charged_and_held(market)
    market.finish()
    assert_all_adds_up(market)


@pytest.mark.parametrize("payment", PAYMENTS)
@pytest.mark.parametrize("fault", ["dies", "is not answered"])
@pytest.mark.parametrize("steps", range(16))
def test_an_order_that_is_left_after_any_step_is_finished_or_undone_by_a_worker(steps, fault, payment):
    market = Market([1, 1])
    market.visit([1, 1], payment)
    for _ in range(steps):
        market.go_on(0)
    market.go_on(0, FAULTS[fault])
    market.finish()
    assert_all_adds_up(market)
    assert [each.order.state for each in market.checkouts()] in ([], [State.PAID if "acc" in payment else "refused"])


@given(VISITS, STEPS)
@settings(max_examples=100, deadline=None)
def test_each_change_of_an_order_is_told_once_and_nothing_else_is(visits, steps):
    market = Market([2, 2])
    for quantities, payment in visits:
        market.visit(quantities, payment)
    for step, at in steps:
        take(market, step, at)
    market.finish()
    told = [(type(each), each.order_id) for each in market.events()]
    for checkout in market.checkouts():
        order_id, state = checkout.order.order_id, checkout.order.state
        assert ((OrderRefused, order_id) in told) == (state is State.REFUSED)
        assert ((OrderPaid, order_id) in told) == (state is not State.REFUSED)
        assert ((OrderReturned, order_id) in told) == (state is State.RETURNED)
        assert (OrderPlaced, order_id) in told or state is State.REFUSED


def test_what_was_refused_is_in_the_cart_again():
    market = Market([1, 1])
    market.visit([1, 1], "refused-0")
    before = market.cart(market.begun[0][0])
    market.finish()
    assert json.loads(market.cart(market.begun[0][0])) == json.loads(before)


def test_two_pages_that_buy_one_cart_buy_it_once():
    market = Market([5, 5])
    market.visit([1, 1], "accepted-0")
    customer_id, _ = market.begun[0]
    market.running.append(market.settling.checkout(customer_id, new_id(), "accepted-0"))
    for at in range(40):
        market.go_on(at)
    market.finish()
    assert market.shelf.available == dict.fromkeys(market.items, 4)
