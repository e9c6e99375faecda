"""The event bus: which event reaches which queue, what happens to one that reaches none, and who may publish."""

import json

import pytest

from components.event_bus import EventBus, EventBusArgs
from components.subscription import Subscription, SubscriptionArgs
from components.work_queue import WorkQueue, WorkQueueArgs
from tests.deploying import deploy

ALARMS = "arn:aws:sns:us-east-1:123456789012:alarms"
HEARD = {"mail": ["OrderPlaced", "OrderPaid"], "shipping": ["OrderPaid"]}
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def _program():
    bus = EventBus("events", EventBusArgs(alarm_topic_arn=ALARMS))
    for kind, types in HEARD.items():
        queue = WorkQueue(kind, WorkQueueArgs(max_job_s=20, topic_arns=[bus.arn]))
        wanted = {"topic_arn": bus.arn, "queue_arn": queue.arn, "filter_policy": {"type": types}}
        Subscription(f"events-to-{kind}", SubscriptionArgs(**wanted, alarm_topic_arn=ALARMS))
    every = WorkQueue("archive", WorkQueueArgs(max_job_s=20, topic_arns=[bus.arn]))
    wanted = SubscriptionArgs(topic_arn=bus.arn, queue_arn=every.arn, keeps_undeliverable=False)
    Subscription("events-to-archive", wanted)


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program)


def bus(deployed):
    return deployed.one("bigpicture:messaging:EventBus").outputs


def subscription(deployed, kind):
    arn = deployed.one("bigpicture:messaging:Subscription", f"events-to-{kind}").outputs["arn"]
    return deployed.client("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]


def url(deployed, kind):
    return deployed.one("bigpicture:messaging:WorkQueue", kind).outputs["url"]


def publish(deployed, type_, body):
    attributes = {"type": {"DataType": "String", "StringValue": type_}}
    deployed.client("sns").publish(TopicArn=bus(deployed)["arn"], Message=body, MessageAttributes=attributes)


def arrived(deployed, kind):
    """Take everything that waits in the queue of *kind*, bodies and types."""
    taken = deployed.client("sqs").receive_message(
        QueueUrl=url(deployed, kind), MaxNumberOfMessages=10, MessageAttributeNames=["All"], WaitTimeSeconds=0
    )
    jobs = taken.get("Messages", [])
    for job in jobs:
        deployed.client("sqs").delete_message(QueueUrl=url(deployed, kind), ReceiptHandle=job["ReceiptHandle"])
    return [(job["MessageAttributes"]["type"]["StringValue"], job["Body"]) for job in jobs]


@pytest.mark.parametrize(
    ("type_", "reached"),
    [
        ("OrderPaid", ["archive", "mail", "shipping"]),
        ("OrderPlaced", ["archive", "mail"]),
        ("ReviewWritten", ["archive"]),
        ("orderpaid", ["archive"]),
    ],
)
def test_an_event_reaches_exactly_the_queues_that_asked_for_its_type(deployed, type_, reached):
    publish(deployed, type_, "{}")
    assert [kind for kind in ("archive", "mail", "shipping") if arrived(deployed, kind)] == reached


def test_an_event_arrives_as_it_was_published(deployed):
    publish(deployed, "OrderPaid", '{"order": 7}')
    assert arrived(deployed, "mail") == [("OrderPaid", '{"order": 7}')]
    assert [arrived(deployed, kind) for kind in ("archive", "shipping")] == [[("OrderPaid", '{"order": 7}')]] * 2


@pytest.mark.parametrize("kind", HEARD)
def test_a_subscription_leads_from_the_topic_to_its_queue(deployed, kind):
    found = subscription(deployed, kind)
    queue = deployed.client("sqs").get_queue_attributes(QueueUrl=url(deployed, kind), AttributeNames=["QueueArn"])
    expected = (bus(deployed)["arn"], "sqs", queue["Attributes"]["QueueArn"])
    assert (found["TopicArn"], found["Protocol"], found["Endpoint"]) == expected


@pytest.mark.parametrize("kind", HEARD)
def test_a_subscription_filters_by_message_attributes_and_says_so(deployed, kind):
    found = subscription(deployed, kind)
    filter_ = (json.loads(found["FilterPolicy"]), found["FilterPolicyScope"])
    said = deployed.one(SUBSCRIPTION, f"events-to-{kind}").inputs[
        "filterPolicyScope"
    ]  # the account shows a default too
    assert (filter_, said) == (({"type": HEARD[kind]}, "MessageAttributes"), "MessageAttributes")


def test_without_a_filter_every_event_passes(deployed):
    assert "FilterPolicy" not in subscription(deployed, "archive")


@pytest.mark.parametrize("kind", ["archive", *HEARD])
def test_no_subscription_wraps_events_in_an_envelope(deployed, kind):
    assert subscription(deployed, kind)["RawMessageDelivery"] == "true"


def test_the_queues_policy_names_the_topic_that_the_subscription_comes_from(deployed):
    found = deployed.client("sqs").get_queue_attributes(QueueUrl=url(deployed, "mail"), AttributeNames=["Policy"])
    sources = [
        statement["Condition"]["ArnEquals"]["aws:SourceArn"]
        for statement in json.loads(found["Attributes"]["Policy"])["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert sources == [[subscription(deployed, "mail")["TopicArn"]]]


@pytest.mark.parametrize(
    ("property_", "token", "name"),
    [
        ("topic", "aws:sns/topicPolicy:TopicPolicy", "events"),
        ("endpoint", "aws:sqs/queuePolicy:QueuePolicy", "mail"),
        ("redrivePolicy", "aws:sqs/queuePolicy:QueuePolicy", "events-to-mail-dead-letters"),
    ],
)
def test_a_subscription_waits_for_every_policy_that_it_needs(deployed, property_, token, name):
    waits = deployed.one(SUBSCRIPTION, "events-to-mail").property_dependencies[property_]
    assert deployed.one(token, name).urn in waits


def undeliverable(deployed, kind):
    arn = json.loads(subscription(deployed, kind)["RedrivePolicy"])["deadLetterTargetArn"]
    address = deployed.client("sqs").get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"]
    return deployed.client("sqs").get_queue_attributes(QueueUrl=address, AttributeNames=["All"])["Attributes"]


@pytest.mark.parametrize("kind", HEARD)
def test_what_cannot_be_delivered_is_kept_for_14_days_encrypted(deployed, kind):
    kept = undeliverable(deployed, kind)
    assert (kept["MessageRetentionPeriod"], kept["SqsManagedSseEnabled"]) == ("1209600", "true")


def test_sns_may_put_what_it_cannot_deliver_aside(deployed):
    kept = undeliverable(deployed, "mail")
    allowed = [one for one in json.loads(kept["Policy"])["Statement"] if one["Effect"] == "Allow"]
    assert [(one["Principal"], one["Action"], one["Condition"]) for one in allowed] == [
        (
            {"Service": "sns.amazonaws.com"},
            ["sqs:SendMessage"],
            {"ArnEquals": {"aws:SourceArn": [bus(deployed)["arn"]]}},
        )
    ]


def test_a_subscription_may_do_without_a_dead_letter_queue(deployed):
    assert "RedrivePolicy" not in subscription(deployed, "archive")


def topic(deployed):
    return deployed.client("sns").get_topic_attributes(TopicArn=bus(deployed)["arn"])["Attributes"]


def test_the_topic_is_encrypted_and_signs_with_sha256(deployed):
    assert (topic(deployed)["KmsMasterKeyId"], topic(deployed)["SignatureVersion"]) == ("alias/aws/sns", "2")


def test_the_topic_refuses_plain_http(deployed):
    assert json.loads(topic(deployed)["Policy"])["Statement"] == [
        {
            "Effect": "Deny",
            "Action": ["sns:Publish"],
            "Resource": bus(deployed)["arn"],
            "Principal": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_a_publisher_may_publish_and_no_more(deployed):
    statements = json.loads(bus(deployed)["publish_policy"])["Statement"]
    assert statements == [{"Effect": "Allow", "Action": ["sns:Publish"], "Resource": topic(deployed)["TopicArn"]}]


def alarms(deployed):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["AlarmName"].rsplit("-", 1)[0]: alarm for alarm in found}


def test_failed_deliveries_of_the_topic_raise_an_alarm(deployed):
    alarm = alarms(deployed)["events-undelivered"]
    seen = (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"], alarm["OKActions"])
    dimensions = [{"Name": "TopicName", "Value": topic(deployed)["TopicArn"].rsplit(":", 1)[1]}]
    assert seen == ("AWS/SNS", "NumberOfNotificationsFailed", dimensions, [ALARMS])


@pytest.mark.parametrize("kind", HEARD)
def test_each_subscriptions_dead_letters_raise_an_alarm(deployed, kind):
    alarm = alarms(deployed)[f"events-to-{kind}-dead-letters"]
    name = undeliverable(deployed, kind)["QueueArn"].rsplit(":", 1)[1]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": name}]


def wanted(filter_policy):
    return SubscriptionArgs(topic_arn="t", queue_arn="q", filter_policy=filter_policy)


@pytest.mark.parametrize(
    ("filter_policy", "said"),
    [
        ({}, "0 keys"),
        ({"type": []}, "1 keys and 0 combinations"),
        ({f"key{n}": ["a"] for n in range(6)}, "6 keys and 1 combinations"),
        ({"type": [str(n) for n in range(151)]}, "1 keys and 151 combinations"),
        ({"type": list("abcdefghijklmnop"), "shop": list("abcdefghij")}, "2 keys and 160 combinations"),
    ],
)
def test_a_filter_that_sns_refuses_is_refused_at_once(filter_policy, said):
    with pytest.raises(ValueError, match=rf"filter_policy has {said}.*allowed: 1 to 5 keys and 1 to 150 combinations"):
        wanted(filter_policy)


def test_the_largest_filter_that_sns_takes_is_taken():
    assert wanted({"type": [str(n) for n in range(150)]}).filter_policy is not None


@pytest.mark.parametrize(
    ("token", "name", "class_"),
    [
        ("bigpicture:messaging:EventBus", "events", EventBus),
        ("bigpicture:messaging:Subscription", "events-to-mail", Subscription),
    ],
)
def test_what_is_declared_is_registered(deployed, token, name, class_):
    assert set(deployed.one(token, name).outputs) == set(class_.__annotations__)
