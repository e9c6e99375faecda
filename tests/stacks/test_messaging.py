"""The store's messaging: every kind of work has its queue, and every event finds the queues that are to hear it."""

import json

import pulumi
import pytest

from app.contract import QUEUES
from stacks.grants import EVENTS
from stacks.messaging import messaging
from tests.deploying import deploy

TYPES = sorted({type_ for types in EVENTS.values() for type_ in types})


@pytest.fixture(scope="module")
def deployed():
    return deploy(lambda: messaging(pulumi.Output.from_input("arn:aws:sns:us-east-1:123456789012:alarms")))


def queue(deployed, kind):
    return deployed.one("bigpicture:messaging:WorkQueue", f"work-{kind}").outputs


def take(deployed, kind):
    """Take everything that waits in the queue of *kind*."""
    sqs, url = deployed.client("sqs"), queue(deployed, kind)["url"]
    jobs = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
    for job in jobs:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=job["ReceiptHandle"])
    return [job["Body"] for job in jobs]


@pytest.mark.parametrize("type_", [*TYPES, "NobodyListens"])
def test_an_event_arrives_in_the_right_queues_and_in_no_other(deployed, type_):
    topic = deployed.one("bigpicture:messaging:EventBus").outputs["arn"]
    attributes = {"type": {"DataType": "String", "StringValue": type_}}
    deployed.client("sns").publish(TopicArn=topic, Message=type_, MessageAttributes=attributes)
    arrived = {kind: take(deployed, kind) for kind in QUEUES}
    assert arrived == {kind: [type_] if type_ in EVENTS.get(kind, ()) else [] for kind in QUEUES}


@pytest.mark.parametrize("kind", QUEUES)
def test_every_kind_of_work_has_a_queue_with_dead_letters(deployed, kind):
    named = {"QueueUrl": queue(deployed, kind)["url"], "AttributeNames": ["RedrivePolicy"]}
    policy = json.loads(deployed.client("sqs").get_queue_attributes(**named)["Attributes"]["RedrivePolicy"])
    assert policy["deadLetterTargetArn"] == queue(deployed, kind)["dead_letter_arn"]


@pytest.mark.parametrize("kind", QUEUES)
def test_the_topic_may_deliver_only_where_events_are_heard(deployed, kind):
    named = {"QueueUrl": queue(deployed, kind)["url"], "AttributeNames": ["Policy"]}
    policy = json.loads(deployed.client("sqs").get_queue_attributes(**named)["Attributes"]["Policy"])
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert len(allowed) == (1 if kind in EVENTS else 0)
