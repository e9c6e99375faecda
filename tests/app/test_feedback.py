"""The feedback service over HTTP: one review a customer and item, and ratings that always add up."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.world import ask, new_id


@pytest.fixture
def item():
    return new_id()


def review(store, caller, item, rating, words="Fine"):
    body = {"rating": rating, "words": words}
    return caller.ask(store, "PUT", f"/feedback/items/{item}/review", body)[0]


def reviews(store, caller, item, query=""):
    return caller.ask(store, "GET", f"/feedback/items/{item}/reviews{query}")[1]


def rating(world, item):
    """Reviews and stars as the primary has them, then as the reviews themselves add up."""
    sums = "coalesce(sum({}), 0), coalesce(sum({}), 0)"
    found = [
        world.postgres.primary.sql(f"select {columns} from feedback.{table} where item_id = '{item}'", "store")
        for table, columns in (
            ("ratings", sums.format("reviews", "stars")),
            ("reviews", "count(*), coalesce(sum(rating), 0)"),
        )
    ]
    return [tuple(map(int, row.split("|"))) for row in found]


def test_an_item_without_reviews_has_none(store, item):
    assert ask(store, "GET", f"/feedback/items/{item}/reviews") == (
        200,
        {"count": 0, "stars": 0, "reviews": [], "next": None},
    )


def test_who_reviews_an_item_reads_it_back_at_once(store, world, item):
    caller = world.log_in()
    assert review(store, caller, item, 4, "Good\ncup") == 201
    assert reviews(store, caller, item) == {
        "count": 1,
        "stars": 4,
        "reviews": [{"rating": 4, "words": "Good\ncup"}],
        "next": None,
    }


def test_a_customers_second_review_replaces_the_first_and_a_repetition_changes_nothing(store, world, item):
    caller = world.log_in()
    statuses = [review(store, caller, item, stars) for stars in (5, 2, 2)]
    assert (statuses, rating(world, item)) == ([201, 200, 200], [(1, 2)] * 2)


def test_a_review_that_is_taken_back_counts_no_more(store, world, item):
    caller = world.log_in()
    review(store, caller, item, 5)
    taken = [caller.ask(store, "DELETE", f"/feedback/items/{item}/review")[0] for _ in range(2)]
    assert (taken, rating(world, item)) == ([204, 204], [(0, 0)] * 2)


def test_ratings_add_up_whoever_writes_and_takes_back_at_the_same_time(store, world, item):
    callers = [world.log_in() for _ in range(6)]

    def change(at):
        caller = callers[at % 6]
        if at % 5 == 4:
            return caller.ask(store, "DELETE", f"/feedback/items/{item}/review")[0]
        return review(store, caller, item, at % 5 + 1)

    with ThreadPoolExecutor(8) as many:
        assert set(many.map(change, range(36))) <= {200, 201, 204}
    from_ratings, from_reviews = rating(world, item)
    assert from_ratings == from_reviews


def test_pages_hold_each_review_once_the_latest_first(store, world, item):
    for stars in (1, 2, 3):
        review(store, last := world.log_in(), item, stars)
    first = reviews(store, last, item, "?limit=2")
    second = reviews(store, last, item, f"?limit=2&before={first['next']}")
    assert [[each["rating"] for each in page["reviews"]] for page in (first, second)] == [[3, 2], [1]]


def test_without_a_session_nobody_reviews(store, item):
    assert ask(store, "PUT", f"/feedback/items/{item}/review", {"rating": 5})[0] == 401


@pytest.fixture(scope="module")
def statistics(world):
    """The URL of a queue that hears of every event, as a worker hears: without SNS's envelope."""
    sns, sqs = world.account.client("sns"), world.account.client("sqs")
    queue = sqs.create_queue(QueueName="statistics")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=world.environment["BIGPICTURE_TOPIC_ARN"], Protocol="sqs", Endpoint=arn, Attributes=raw)
    return queue


def test_a_review_is_told_once_and_its_repetition_is_not(store, world, item, statistics):
    caller, after = world.log_in(), new_id()
    for stars in (3, 3, 4):
        review(store, caller, item, stars)
    review(store, caller, after, 5)
    assert heard(world, statistics, {item: 2, after: 1})[item] == 2


def heard(world, queue, wanted):
    """How many events there are of each item, once there are as many as *wanted*, for which it waits 60 s."""
    sqs, items, deadline = world.account.client("sqs"), {}, time.monotonic() + 60
    while not Counter(items.values()) >= Counter(wanted) and time.monotonic() < deadline:
        jobs = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in (json.loads(job["Body"]) for job in jobs):
            items[message["message_id"]] = message.get("item_id")  # at least once: a message may come again
        time.sleep(0 if jobs else 0.1)
    return Counter(items.values())
