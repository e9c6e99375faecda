"""What AWS is asked between the customer's click and the thank-you page: the order's own shard, and nobody else.

Stock and payments are held by services that are given PostgreSQL alone; what is asked by orders is heard here.
"""

from collections import Counter

import pytest

from app.settling import settling
from tests.app.world import new_id
from tests.waiting import eventually

SERVICES = ("dynamodb", "sns", "sqs", "s3", "secretsmanager")


@pytest.fixture
def stores(world, inside):
    stores = world.stores_with(BIGPICTURE_INTERNAL_URL=inside.url)
    yield stores
    world.run(stores.close())


def bought(world, stores, store):
    """The state of a new customer's order, put together in this process; other services answer from theirs."""
    seller, customer, item_id = world.log_in(), world.log_in(), new_id()
    seller.ask(store, "PUT", f"/catalog/items/{item_id}", {"title": "Mug", "price_cents": 900, "stock": 1})
    customer.ask(store, "PUT", f"/orders/cart/lines/{item_id}", {"quantity": 1})
    checkout, _ = world.run(settling(stores).checkout(customer.customer_id, new_id(), "tok_accepted"))
    return str(checkout.order.state)


def test_a_checkout_asks_aws_for_one_look_and_two_conditional_writes_of_the_customers_shard(world, stores, store):
    bought(world, stores, store)  # the first of a process fetches the secret of its calls
    asked = Counter()
    for service in SERVICES:
        stores.aws.client(service).meta.events.register("before-call", lambda model, **_: asked.update([model.name]))

    def once_more():
        asked.clear()
        return bought(world, stores, store), dict(asked)

    wanted = "paid", {"TransactGetItems": 1, "TransactWriteItems": 2}
    assert eventually(once_more, wanted) == wanted  # on a busy machine a charge may be answered too late
    assert set(stores.aws._clients) == set(SERVICES)
