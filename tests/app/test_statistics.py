"""Statistics: each message counted once, page views and searches sent by nobody who waits."""

import pytest

from app.data.hints import MOST, Hints
from app.messages import (
    CustomerSignedUp,
    ItemsSearched,
    ItemViewed,
    OrderLine,
    OrderPaid,
    OrderPlaced,
    OrderReturned,
    ParcelDelivered,
    ReviewWritten,
    decode,
)
from app.queue.work import PoisonError
from app.work.statistics import CLEAR_EVERY, PostgresStatistics
from tests.app.processes import running
from tests.app.world import new_id
from tests.waiting import eventually


@pytest.fixture(scope="module")
def worker(world):
    with running("worker", "--queues", "statistics", **world.environment) as app:
        yield app


@pytest.fixture
def statistics(world, worker):
    return PostgresStatistics(world.stores.database)


def counted(world, item_id):
    """What is counted of an item."""
    rows = world.postgres.primary.sql(
        f"select what || ' ' || count from statistics.items where item_id = '{item_id}' order by what", "store"
    )
    return rows.split("\n") if rows else []


def total(world, what):
    found = world.postgres.primary.sql(f"select sum(count) from statistics.totals where what = '{what}'", "store")
    return int(found or 0)


def order(kind, item_id, quantity):
    lines = (OrderLine(item_id=item_id, title="Lamp", quantity=quantity, price_cents=1),)
    return kind(message_id=new_id(), order_id=new_id(), customer_id=new_id(), lines=lines)


def test_each_message_is_counted_once_however_often_it_comes(world, statistics):
    item_id = new_id()
    review = ReviewWritten(message_id=new_id(), item_id=item_id, rating=4)
    for message in (order(OrderPaid, item_id, 3), review, order(OrderReturned, item_id, 1)):
        world.run(statistics.handle(message))
        world.run(statistics.handle(message))
    assert counted(world, item_id) == ["returned 1", "reviews 1", "sold 3", "stars 4"]


def test_orders_and_deliveries_are_counted_over_all(world, statistics):
    before = [total(world, what) for what in ("placed", "delivered")]
    world.run(statistics.handle(order(OrderPlaced, new_id(), 1)))
    delivered = ParcelDelivered(message_id=new_id(), order_id=new_id(), customer_id=new_id(), parcel_id=new_id())
    world.run(statistics.handle(delivered))
    assert [total(world, what) for what in ("placed", "delivered")] == [each + 1 for each in before]


def test_what_is_not_counted_is_poison(world, statistics):
    with pytest.raises(PoisonError, match="not for the queue of statistics"):
        world.run(statistics.handle(CustomerSignedUp(message_id=new_id(), customer_id=new_id())))


def test_what_was_counted_long_ago_is_forgotten_in_passing(world, statistics):
    world.postgres.primary.sql(
        "insert into statistics.handled (message_id, handled_at) values ('old', now() - interval '16 days'),"
        " ('young', now() - interval '13 days')",
        "store",
    )
    for _ in range(CLEAR_EVERY - 1):
        next(statistics._turns)
    world.run(statistics.handle(ItemViewed(message_id=new_id(), item_id=new_id())))
    left = "select string_agg(message_id, ' ') from statistics.handled where message_id in ('old', 'young')"
    assert world.postgres.primary.sql(left, "store") == "young"


def test_a_look_and_a_search_are_counted_behind_the_visitor(world, store, worker):
    seller, item_id, word = world.log_in(), new_id(), f"lamp{new_id()[:8]}"
    seller.ask(store, "PUT", f"/catalog/items/{item_id}", {"title": word, "price_cents": 1, "stock": 1})
    looks = [seller.ask(store, "GET", f"/catalog/items/{item_id}")[0] for _ in range(2)]
    assert looks == [200, 200]
    assert seller.ask(store, "GET", f"/catalog/items?words={word.upper()}")[0] == 200
    assert eventually(lambda: counted(world, item_id), ["views 2"]) == ["views 2"]
    searched = f"select searches || ' ' || found from statistics.searches where words = '{word}'"
    assert eventually(lambda: world.postgres.primary.sql(searched, "store"), "1 1") == "1 1"


def test_a_seller_reads_what_was_counted_of_their_items_and_of_nobody_elses(world, store, statistics):
    seller, sold, unseen = world.log_in(), new_id(), new_id()
    for item_id, title in ((sold, "Lamp"), (unseen, "Shade")):
        seller.ask(store, "PUT", f"/catalog/items/{item_id}", {"title": title, "price_cents": 1, "stock": 1})
    review = ReviewWritten(message_id=new_id(), item_id=sold, rating=4)
    for message in (order(OrderPaid, sold, 3), order(OrderReturned, sold, 1), review, order(OrderPaid, new_id(), 1)):
        world.run(statistics.handle(message))
    world.caught_up()
    nothing = dict.fromkeys(("views", "sold", "returned", "reviews", "stars"), 0)
    counts = {"views": 0, "sold": 3, "returned": 1, "reviews": 1, "stars": 4}
    status, page = seller.ask(store, "GET", "/catalog/statistics/items")
    assert (status, page["next"]) == (200, None)
    assert {each["title"]: each["counts"] for each in page["items"]} == {"Lamp": counts, "Shade": nothing}
    assert world.log_in().ask(store, "GET", "/catalog/statistics/items")[1]["items"] == []


def test_a_seller_reads_what_the_store_did_and_what_visitors_search_for_more_than_once(world, store, statistics):
    often, once = (f"cup{new_id()}" for _ in range(2))
    before = {what: total(world, what) for what in ("placed", "paid", "returned", "delivered")}
    for words, times in ((often, 10**6), (once, 1)):
        world.run(statistics.handle(ItemsSearched(message_id=new_id(), words=words, times=times, found=2)))
    world.run(statistics.handle(order(OrderPlaced, new_id(), 1)))
    world.caught_up()
    status, told = world.log_in().ask(store, "GET", "/catalog/statistics/store")
    searched = {each["words"]: each for each in told.pop("searches")}
    assert (status, told) == (200, before | {"placed": before["placed"] + 1})
    assert (searched[often], once in searched) == ({"words": often, "searches": 10**6, "found": 2}, False)


def test_strangers_read_no_numbers(store):
    asked = [store.ask("GET", f"/catalog/statistics/{of}")[0].status for of in ("items", "store")]
    assert asked == [401, 401]


def test_hints_are_dropped_rather_than_waited_for_or_piled_up(world):
    hints = Hints(world.stores.aws, f"{world.queues['statistics'].url}-gone")
    for at in range(MOST + 5):
        hints.drop_in(ItemsSearched, words=str(at), found=0)
    waiting = len(hints._waiting)
    world.run(hints.flush())
    assert (waiting, len(hints._waiting)) == (MOST, 0)


def test_the_same_hint_again_is_sent_once_for_all_its_times(world):
    sqs, item_id = world.account.client("sqs"), new_id()
    url = sqs.create_queue(QueueName=new_id())["QueueUrl"]
    hints = Hints(world.stores.aws, url)
    for _ in range(3):
        hints.drop_in(ItemViewed, item_id=item_id)
    world.run(hints.flush())
    [heard] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    message = decode(heard["Body"])
    assert message == ItemViewed(message_id=message.message_id, item_id=item_id, times=3)
