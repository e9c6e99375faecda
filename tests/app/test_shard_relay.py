"""What waits on the shards is sent once by whoever comes first, and again when who claimed it has died."""

import asyncio
import json

import pytest

from app.contract import ShardMap
from app.data.aws import Aws
from app.data.customers import Change, ShardedEntries
from app.data.outage import Unavailable
from app.data.shard_outbox import EVENTS, OPEN, event, open_key, unfinished
from app.data.shard_relay import PATIENCE_S, ShardRelay, when_left, when_open
from app.messages import CustomerSignedUp, OrderDue, decode
from tests.app.world import new_id

IMPATIENT = (lambda _: 0.0, lambda _: 0.0)


def admitting_topics(queue_arn):
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


class Silent(Aws):
    """A server that can reach the tables and nothing else."""

    async def call(self, service, operation, **parameters):
        if service != "dynamodb":
            raise Unavailable(service, "silent")
        return await super().call(service, operation, **parameters)


class Heard(Aws):
    """Says when something was published."""

    def __init__(self, region) -> None:
        super().__init__(region)
        self.published = asyncio.Event()

    async def call(self, service, operation, **parameters):
        answer = await super().call(service, operation, **parameters)
        if service == "sns":
            self.published.set()
        return answer


class Place:
    """Tables of their own, a queue that hears of everything, and relays."""

    def __init__(self, world) -> None:
        sqs, sns, name = world.account.client("sqs"), world.account.client("sns"), f"r{new_id()[:8]}"
        self.world = world
        self.queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        self.events = sqs.create_queue(QueueName=f"{name}-events")["QueueUrl"]
        self.topic = sns.create_topic(Name=name)["TopicArn"]
        arn = sqs.get_queue_attributes(QueueUrl=self.events, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.set_queue_attributes(QueueUrl=self.events, Attributes={"Policy": admitting_topics(arn)})
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn, Attributes=raw)
        self.map = ShardMap(version=2, tables=world.tables(name, 2))
        self.entries = ShardedEntries(world.stores.aws, self.map)

    def relay(self, patience=IMPATIENT, aws=None, **more) -> ShardRelay:
        return ShardRelay(self.entries, aws or self.world.stores.aws, self.topic, self.queue, patience, **more)

    def dying(self) -> ShardRelay:
        return self.relay(aws=Silent("eu-west-1"))

    def write(self, rows=(), without=(), customer_id=None) -> None:
        self.world.run(self.entries.write(customer_id or new_id(), [Change(new_id(), "{}", 0)], rows, without))

    def sweep(self, relay) -> int:
        return self.world.run(relay.sweep())

    def heard(self, url) -> list:
        found = self.world.account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [decode(each["Body"]) for each in found.get("Messages", [])]

    def left(self, partition) -> int:
        shards = self.entries.shards.values()
        return sum(len(self.world.run(shard.partition(partition))) for shard in shards)


@pytest.fixture
def place(world):
    return Place(world)


def signed_up():
    return CustomerSignedUp(message_id=new_id(), customer_id=new_id())


def due(order_id=None):
    order_id = order_id or new_id()
    return OrderDue(message_id=order_id, order_id=order_id, customer_id=new_id())


def test_events_of_all_shards_are_published_and_then_gone(place):
    told = [signed_up() for _ in range(8)]
    for message in told:
        place.write([event(message)])
    sent = place.sweep(place.relay())
    assert (sent, place.left(EVENTS)) == (8, 0)
    assert {each.message_id for each in place.heard(place.events)} == {each.message_id for each in told}


def test_what_this_process_writes_goes_out_at_once(place):
    aws = Heard("eu-west-1")
    relay = place.relay(aws=aws, pause_s=3600.0)

    async def write_while_it_waits():
        running = asyncio.create_task(relay.run())
        for _ in range(3):
            aws.published.clear()
            await place.entries.write(new_id(), [Change("order", "{}", 0)], [event(signed_up())])
            await asyncio.wait_for(aws.published.wait(), 60)
        running.cancel()

    place.world.run(write_while_it_waits())
    aws.close()


def test_more_events_than_one_call_takes_all_go_out(place):
    place.write([event(signed_up()) for _ in range(23)])
    assert (place.sweep(place.relay()), place.left(EVENTS)) == (23, 0)


def test_of_several_relays_at_once_one_sends_each_event(place):
    place.write([event(signed_up()) for _ in range(8)])
    relays = [place.relay((when_left, when_open)) for _ in range(3)]

    async def all_at_once():
        return sum(await asyncio.gather(*(relay.sweep() for relay in relays)))

    assert place.world.run(all_at_once()) == 8


def test_what_a_relay_claimed_before_it_died_is_sent_by_another(place):
    message = signed_up()
    place.write([event(message)])
    assert place.sweep(place.dying()) == 0
    assert (place.sweep(place.relay()), place.heard(place.events)) == (1, [message])


def test_a_claim_that_was_just_made_is_left_to_who_made_it(place):
    place.write([event(signed_up())])
    place.sweep(place.dying())
    assert (place.sweep(place.relay((when_left, when_open))), place.left(EVENTS)) == (0, 1)


def test_unfinished_work_is_sent_again_and_again_until_it_is_done(place):
    work, relay = due(), place.relay()
    place.write([unfinished(work)])
    sent = [place.sweep(relay) for _ in range(2)]
    assert (sent, place.heard(place.queue)) == ([1, 1], [work, work])


def test_work_that_was_done_is_sent_no_more(place):
    work, customer_id, relay = due(), new_id(), place.relay()
    place.write([unfinished(work)], customer_id=customer_id)
    place.write(without=[open_key(work.message_id)], customer_id=customer_id)
    assert place.sweep(relay) == 0


def test_work_that_was_just_begun_is_no_news(place):
    place.write([unfinished(due())])
    assert (place.sweep(place.relay((when_left, when_open))), place.left(OPEN)) == (0, 1)


@pytest.mark.parametrize(("claims", "factor"), [(0, 1), (1, 2), (5, 6), (50, 6)])
def test_the_queue_is_told_of_unfinished_work_less_and_less_often(claims, factor):
    assert when_open(claims) == PATIENCE_S * factor


def test_a_lane_longer_than_one_look_is_gone_through_to_its_end_and_from_the_start(place):
    customer_id, relay, known = new_id(), place.relay((when_left, when_open)), []
    for _ in range(2):
        place.write([unfinished(due()) for _ in range(70)], customer_id=customer_id)
    for _ in range(2):
        place.sweep(relay)
        known.append(len(remembered(relay)))
    place.write([unfinished(due("0" * 36))], customer_id=customer_id)
    place.sweep(relay)
    assert (known, "0" * 36 in remembered(relay)) == ([100, 140], True)


def test_what_is_gone_is_forgotten(place):
    work, customer_id = due(), new_id()
    relay = place.relay((when_left, when_open))
    place.write([unfinished(work)], customer_id=customer_id)
    place.sweep(relay)
    kept = remembered(relay)
    place.write(without=[open_key(work.message_id)], customer_id=customer_id)
    place.sweep(relay)
    assert (kept, remembered(relay)) == ({work.message_id}, set())


def remembered(relay):
    return {entry for lanes in relay._lanes.values() for lane in lanes for entry in lane._since}


def test_a_shard_that_is_out_keeps_back_only_its_own_events(place):
    messages = [signed_up() for _ in range(12)]
    for message in messages:
        place.write([event(message)])
    there = len(place.world.run(place.entries.shards["shard-00"].partition(EVENTS)))
    place.entries._adopt(ShardMap(version=2, tables=dict(place.map.tables) | {"shard-01": "nobody-made-this"}))
    assert (place.sweep(place.relay()), there > 0) == (there, True)
