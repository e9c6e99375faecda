"""What a seller sold is gathered from all shards, page by page, and says which of them did not answer."""

import json

from app.data.customers import Change, Row
from app.data.shards import shard_for
from tests.app.buying import bought, list_item
from tests.app.processes import running
from tests.app.world import new_id


def sold(world, entries, seller, customer_id):
    """A sale of the seller's on a customer's shard, as an order writes it; returns its id."""
    order_id, item_id = new_id(), new_id()
    sale = {"order_id": order_id, "item_id": item_id, "title": "Mug", "quantity": 1, "price_cents": 900}
    row = Row((f"#sales{seller.customer_id}", f"{order_id}/{item_id}/paid"), json.dumps(sale))
    world.run(entries.write(customer_id, [Change("order", "{}", 0)], [row]))
    return order_id


def test_a_seller_sees_what_others_bought_and_what_came_back(store, world, seller):
    customer, item = world.log_in(), list_item(store, seller)
    order = bought(store, customer, item, 2)
    sale = {"order_id": order["order_id"], "item_id": item["item_id"], "title": "Mug", "price_cents": 900}
    assert seller.ask(store, "GET", "/orders/sales") == (
        200,
        {"sales": [sale | {"quantity": 2}], "next": None, "silent": []},
    )
    customer.ask(store, "PUT", f"/orders/{order['order_id']}/return")
    assert seller.ask(store, "GET", "/orders/sales")[1]["sales"] == [sale | {"quantity": 2}, sale | {"quantity": -2}]


def test_pages_over_all_shards_hold_each_sale_once_and_in_order(store, world, seller):
    ids = [sold(world, world.stores.customers, seller, new_id()) for _ in range(7)]
    seen, after = [], ""
    while after is not None:
        _, page = seller.ask(store, "GET", f"/orders/sales?limit=3{after}")
        seen += [sale["order_id"] for sale in page["sales"]]
        after = page["next"] and f"&after={page['next']}"
    assert seen == sorted(ids)


def test_nobody_sees_what_another_sold(store, world, seller):
    sold(world, world.stores.customers, seller, new_id())
    assert world.log_in().ask(store, "GET", "/orders/sales")[1]["sales"] == []


def test_a_shard_that_is_out_is_named_and_the_others_sales_are_there(world, seller):
    tables = world.tables("sales", 2)
    whole = world.stores_with(BIGPICTURE_SHARD_MAP=json.dumps({"version": 2, "tables": tables}))
    customers = {shard_for(each, tables): each for each in (new_id() for _ in range(64))}
    there = {shard: sold(world, whole.customers, seller, customer) for shard, customer in customers.items()}
    world.run(whole.close())
    half = json.dumps({"version": 2, "tables": tables | {"shard-01": "nobody-made-this"}})
    with running("web", "--services", "orders", **world.environment | {"BIGPICTURE_SHARD_MAP": half}) as store:
        _, page = seller.ask(store, "GET", "/orders/sales")
    assert ([sale["order_id"] for sale in page["sales"]], page["silent"]) == ([there["shard-00"]], ["shard-01"])
