"""Events reach their queues, once what they tell of is safe, and never in the way of the customer."""

import time

import pytest
from botocore.exceptions import ClientError

from app.data import outbox
from app.data.outage import Unavailable
from app.data.outbox import Relay
from app.messages import CustomerSignedUp, UnknownMessageError, decode
from tests.app.world import PASSWORD, ask, new_id
from tests.waiting import eventually


@pytest.fixture(scope="module")
def mail(world):
    """The URL of a queue that hears of new customers, as the store subscribes it."""
    return world.hearing("mail", "CustomerSignedUp")


def taken(world, queue, customer_id):
    """The messages about one customer, for which it waits up to 60 s."""
    sqs, deadline = world.account.client("sqs"), time.monotonic() + 60
    while time.monotonic() < deadline:
        for job in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            message = decode(job["Body"])
            if isinstance(message, CustomerSignedUp) and message.customer_id == customer_id:
                return message
        time.sleep(0.1)
    return None


def waiting(world):
    return int(world.postgres.primary.sql("select count(*) from accounts.outbox", "store"))


def sign_up(store):
    body = {"email": f"{new_id()}@example.org", "name": "Ann", "password": PASSWORD}
    return ask(store, "POST", "/accounts/customers", body)[1]["customer_id"]


def test_a_sign_up_is_told_to_who_subscribed(store, world, mail):
    customer_id = sign_up(store)
    message = taken(world, mail, customer_id)
    assert message == CustomerSignedUp(message_id=message.message_id if message else "", customer_id=customer_id)


def test_what_cannot_be_published_stays_where_it_is_until_it_can(world, mail):
    world.postgres.primary.sql(
        "set role store; create schema other; create table other.outbox (like accounts.outbox including all)", "store"
    )
    message = CustomerSignedUp(message_id=new_id(), customer_id=new_id())
    lost, right = (Relay(world.stores.database, world.stores.aws, topic, ["other"]) for topic in topics(world))
    world.run(world.stores.database.write(lambda at: outbox.add(at, "other", message)))
    with pytest.raises(ClientError, match="NotFound"):
        world.run(lost.publish("other"))
    sent = [world.run(right.publish("other")) for _ in range(2)]
    assert (sent, taken(world, mail, message.customer_id)) == ([1, 0], message)


def topics(world):
    """One that nobody made, and the store's."""
    there = world.environment["BIGPICTURE_TOPIC_ARN"]
    return f"{there}-gone", there


def test_a_published_event_leaves_the_outbox(store, world, mail):
    taken(world, mail, sign_up(store))
    assert eventually(lambda: waiting(world), 0) == 0


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"CustomerSignedUp","version":2,"message_id":"1","customer_id":"2"}',
        '{"type":"Unheard","version":1,"message_id":"1"}',
        '{"type":"CustomerSignedUp","message_id":"1"}',
        "[]",
        "{",
    ],
)
def test_a_message_of_an_unknown_type_version_or_shape_is_refused(text):
    with pytest.raises(UnknownMessageError):
        decode(text)


def test_a_newer_producers_additional_field_is_passed_over():
    text = '{"type":"CustomerSignedUp","version":1,"message_id":"1","customer_id":"2","language":"nl"}'
    assert decode(text) == CustomerSignedUp(message_id="1", customer_id="2")


def test_no_call_of_aws_waits_for_ever(world):
    world.stores.aws._asked = 72
    with pytest.raises(Unavailable, match="72 calls wait"):
        world.run(world.stores.aws.call("sns", "list_topics"))
    world.stores.aws._asked = 0
