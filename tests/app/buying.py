"""What customers do on their way to an order, over HTTP, and what the stores hold of it."""

from typing import Any

from tests.app.inside import Inside
from tests.app.processes import App
from tests.app.world import Caller, World, new_id
from tests.waiting import eventually

MUG = {"title": "Mug", "description": "", "price_cents": 900, "stock": 3}
Answer = tuple[int, Any]


def list_item(store: App, seller: Caller, **other: Any) -> dict[str, Any]:
    """A mug of the seller's, with *other* properties."""
    status, item = seller.ask(store, "PUT", f"/catalog/items/{new_id()}", MUG | other)
    assert status == 201
    return item


def in_stock(world: World, item: dict[str, Any]) -> int:
    """What the primary says, as a replica may lag."""
    return int(
        world.postgres.primary.sql(f"select available from catalog.items where item_id = '{item['item_id']}'", "store")
    )


def fill(store: App, customer: Caller, item: dict[str, Any], quantity: int = 1) -> None:
    """Put the item into the cart."""
    path = f"/orders/cart/lines/{item['item_id']}"
    assert customer.ask(store, "PUT", path, {"quantity": quantity})[0] == 200


def cart(store: App, customer: Caller) -> list[tuple[str, int]]:
    """Item and quantity of each line."""
    return [(line["item_id"], line["quantity"]) for line in customer.ask(store, "GET", "/orders/cart")[1]["lines"]]


def ask_to_buy(store: App, customer: Caller, order_id: str, payment: str = "tok_accepted") -> Answer:
    """The answer to one checkout."""
    key = {"Idempotency-Key": order_id}
    return customer.ask(store, "POST", "/orders/checkout", {"payment": payment}, **key)


def buy(
    store: App, customer: Caller, order_id: str | None = None, payment: str = "tok_accepted", open_as: str = ""
) -> Answer:
    """The answer to a page that asks again, with the same key, while a busy machine's services answer too late."""
    order_id, answers = order_id or new_id(), []

    def is_known() -> bool:
        answers.append(ask_to_buy(store, customer, order_id, payment))
        state = order_of(store, customer, order_id).get("state", "unknown")
        late = {503} if open_as else {202, 503}
        return answers[-1][0] not in late and state not in {"placed", "paying", "refusing"} - {open_as}

    eventually(is_known, wanted=True)
    status, order = answers[-1]
    return 201 if status == 200 else status, order


def buy_slowly(store: App, inside: Inside, customer: Caller, order_id: str, payment: str = "tok_accepted") -> Answer:
    """Buy while the gateway does not answer."""
    inside.is_slow = True
    answer = buy(store, customer, order_id, payment, open_as="paying")
    inside.is_slow = False
    return answer


def bought(store: App, customer: Caller, item: dict[str, Any], quantity: int = 1) -> dict[str, Any]:
    """A paid order."""
    fill(store, customer, item, quantity)
    status, order = buy(store, customer)
    assert (status, order["state"]) == (201, "paid")
    return order


def order_of(store: App, customer: Caller, order_id: str) -> dict[str, Any]:
    """The order as its customer sees it."""
    return customer.ask(store, "GET", f"/orders/{order_id}")[1]


def charged(world: World, *order_ids: str) -> dict[str, int]:
    """Order -> cents that the gateway has, without those of which it has none."""
    ids = ",".join(f"'{order_id}'" for order_id in order_ids)
    rows = world.postgres.primary.sql(
        "select charge_id || ' ' || amount_cents - given_back_cents from sandbox_gateway.charges"
        f" where verdict = 'accepted' and charge_id in ({ids})",
        "store",
    )
    found = (row.split() for row in rows.splitlines())
    return {order_id: int(cents) for order_id, cents in found if int(cents)}
