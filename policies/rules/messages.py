"""Rules of what belongs together on a queue or a subscription: FIFO, encryption, raw delivery, filters."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.queues import CREATE, QUEUE, QUEUE_POLICY, REDRIVE
from policies.rules.topics import FIFO, FILTERS, SUBSCRIPTION, TOPIC
from policies.stack import Stack
from policies.values import Fault

URLS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
RAW = "https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html"
RAW_PROTOCOLS = ("sqs", "http", "https", "firehose")


@resource_rule(QUEUE, source=CREATE, fix='set deduplication_scope="messageGroup"')
def queue_throughput_by_group(queue: Resource) -> Iterator[Fault]:
    """A limit for each message group needs deduplication within each group; SQS refuses it otherwise."""
    by_group = queue.text("fifoThroughputLimit") == "perMessageGroupId"
    if by_group and queue.text("deduplicationScope") != "messageGroup":
        yield queue.fault("deduplicationScope", "messageGroup, as the throughput is limited by group")


@resource_rule(QUEUE, source=CREATE, fix="drop sqs_managed_sse_enabled, or the key")
def queue_encrypted_once(queue: Resource) -> Iterator[Fault]:
    """A queue is encrypted by SQS's own key or by one of KMS, not by both."""
    if queue.flag("sqsManagedSseEnabled") and "kmsMasterKeyId" in queue:
        yield queue.fault("kmsMasterKeyId", "not set beside sqsManagedSseEnabled")


@resource_rule(QUEUE, source=CREATE, fix="use 60 to 86400 s")
def queue_key_reuse(queue: Resource) -> Iterator[Fault]:
    """SQS uses a data key for a minute to a day before it asks KMS again."""
    yield from queue.between("kmsDataKeyReusePeriodSeconds", 60, 86_400)


@stack_rule(SUBSCRIPTION, source=FIFO, fix="subscribe a queue, and let it call the others")
def subscription_of_a_fifo_topic(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """A FIFO topic delivers to queues alone: no mailbox, no URL, no telephone, no function."""
    for topic in stack.referred(subscription, "topic", TOPIC):
        if topic.flag("fifoTopic") and subscription.text("protocol") not in ("sqs", ""):
            yield subscription.fault("protocol", f"sqs, as {topic.name} is FIFO")


@resource_rule(SUBSCRIPTION, source=RAW, fix="drop raw_message_delivery")
def subscription_raw(subscription: Resource) -> Iterator[Fault]:
    """Messages go raw to queues, URLs and delivery streams alone."""
    if subscription.flag("rawMessageDelivery") and subscription.text("protocol") not in RAW_PROTOCOLS:
        yield subscription.fault("rawMessageDelivery", f"false over {subscription.text('protocol')}")


@resource_rule(SUBSCRIPTION, source=FILTERS, fix='write it as json.dumps({"kind": ["order"]})')
def subscription_filter_is_json(subscription: Resource) -> Iterator[Fault]:
    """A filter policy is a JSON object; SNS refuses any other text."""
    text = subscription.text("filterPolicy")
    if text and not _is_object(text):
        yield subscription.fault("filterPolicy", "a JSON object")


@resource_rule(QUEUE_POLICY, REDRIVE, source=URLS, fix="give the queue's url, or its id")
def queue_by_its_url(policy: Resource) -> Iterator[Fault]:
    """SQS calls a queue by its URL, and refuses an ARN or a name in its place."""
    yield from policy.matching("queueUrl", r"https?://.*|[^:]*", "the queue's URL")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except json.JSONDecodeError:
        return False
