"""The orders service over HTTP: a cart that no server holds, and shards that fail alone."""

import json
from concurrent.futures import ThreadPoolExecutor

from app.data.shards import shard_for
from tests.app.processes import running
from tests.app.world import ask, new_id


def put(store, caller, item_id, quantity=1):
    return caller.ask(store, "PUT", f"/orders/cart/lines/{item_id}", {"quantity": quantity})


def test_a_new_customers_cart_is_empty(store, customer):
    assert customer.ask(store, "GET", "/orders/cart") == (200, {"lines": []})


def test_a_cart_holds_what_was_put_in_and_was_not_taken_out(store, customer):
    cup, mug = new_id(), new_id()
    put(store, customer, cup)
    put(store, customer, mug, 2)
    changed = put(store, customer, cup, 3)
    taken = customer.ask(store, "DELETE", f"/orders/cart/lines/{mug}")
    assert changed == (200, {"lines": [{"item_id": cup, "quantity": 3}, {"item_id": mug, "quantity": 2}]})
    assert taken == customer.ask(store, "GET", "/orders/cart") == (200, {"lines": [{"item_id": cup, "quantity": 3}]})


def test_the_same_request_again_changes_nothing_more(store, customer):
    item_id = new_id()
    assert put(store, customer, item_id, 2) == put(store, customer, item_id, 2)


def test_changes_at_once_from_several_pages_are_all_kept(store, world, customer):
    items = [new_id() for _ in range(4)]
    with running("web", "--services", "orders", **world.environment) as other, ThreadPoolExecutor(4) as pages:
        statuses = list(pages.map(lambda at: put((store, other)[at % 2], customer, items[at])[0], range(4)))
    lines = customer.ask(store, "GET", "/orders/cart")[1]["lines"]
    assert (statuses, {line["item_id"] for line in lines}) == ([200] * 4, set(items))


def test_a_cart_has_room_for_twenty_items(store, customer):
    statuses = [put(store, customer, new_id())[0] for _ in range(21)]
    assert statuses == [200] * 20 + [409]


def test_nobody_sees_anothers_cart(store, world, customer):
    put(store, customer, new_id())
    assert world.log_in().ask(store, "GET", "/orders/cart")[1] == {"lines": []}
    assert ask(store, "GET", "/orders/cart")[0] == 401


def test_one_shard_out_is_a_clear_503_for_its_customers_and_nothing_for_all_others(world):
    tables = world.tables("half", 2) | {"shard-01": "nobody-made-this"}
    callers = {shard_for(each.customer_id, tables): each for each in (world.log_in() for _ in range(16))}
    shard_map = json.dumps({"version": 2, "tables": tables})
    with running("web", "--services", "orders", **world.environment | {"BIGPICTURE_SHARD_MAP": shard_map}) as half:
        cookie = {"Cookie": f"session={callers['shard-01'].session_id}"}
        lost, problem = half.ask("GET", "/orders/cart", headers=cookie)
        well = put(half, callers["shard-00"], new_id())[0]
    assert (lost.status, lost.headers["Retry-After"], well) == (503, "5", 200)
    assert json.loads(problem)["detail"] == (
        "the store's shard shard-01 cannot answer now; the same request may succeed later"
    )
