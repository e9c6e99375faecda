"""What was sold, paid and left at the deployed store, read from its tables and its database past who served it."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.deploying import Deployed

SETTLED = {"paid", "refused", "returned"}
_CHARGED = """
SELECT charge_id || ' ' || amount_cents - given_back_cents FROM sandbox_gateway.charges WHERE verdict = 'accepted'
"""


def open_orders(store: Deployed) -> list[str]:
    """The state of every order that is not settled."""
    return [each["state"] for each in _orders(store) if each["state"] not in SETTLED]


def paid(store: Deployed) -> dict[str, int]:
    """Order -> cents, of every order that is paid, as customers see it."""
    return {each["order_id"]: each["total_cents"] for each in _orders(store) if each["state"] == "paid"}


def sold(store: Deployed, item_id: str) -> int:
    """How many of an item are in paid orders."""
    bought: Counter[str] = Counter()
    for order in _orders(store):
        if order["state"] == "paid":
            bought.update({line["item_id"]: line["quantity"] for line in order["lines"]})
    return bought[item_id]


def charged(region: Any) -> dict[str, int]:
    """Order -> cents that the payment gateway has, by its own books."""
    found = (row.split() for row in _rows(region, _CHARGED))
    return {order: int(cents) for order, cents in found if int(cents)}


def in_stock(region: Any, item_id: str) -> int:
    """What the primary says."""
    [row] = _rows(region, f"SELECT available FROM catalog.items WHERE item_id = '{item_id}'")
    return int(row)


def _orders(store: Deployed) -> Iterator[dict[str, Any]]:
    dynamodb = store.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for item in dynamodb.get_paginator("scan").paginate(TableName=table).search("Items[]"):
            if item["entry"]["S"].startswith("order#"):
                yield json.loads(item["body"]["S"])["order"]


def _rows(region: Any, question: str) -> list[str]:
    [database] = region.databases.values()
    return database.primary.sql(question, database.args.database).splitlines()
