"""Rules of topics and their subscriptions."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Iterator

from policies.documents import Statement, statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.queues import QUEUE, QUEUE_POLICY, dead_letter_queue
from policies.stack import Stack
from policies.values import Fault

TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BUDGET = "aws:budgets/budget:Budget"
PROTOCOLS = ("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs")
MAILBOX = (r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")
ENDPOINTS = {
    "email": MAILBOX,
    "email-json": MAILBOX,
    "http": (r"http://\S+", "a URL that begins with http://"),
    "https": (r"https://\S+", "a URL that begins with https://"),
    "sms": (r"\+?\d[\d -]{4,18}", "a telephone number, such as +15550100"),
    "sqs": (r"arn:[\w-]+:sqs:.+", "the ARN of a queue"),
    "lambda": (r"arn:[\w-]+:lambda:.+", "the ARN of a function"),
    "firehose": (r"arn:[\w-]+:firehose:.+", "the ARN of a delivery stream"),
}
"""Protocol -> the form of its endpoints, and how to say it."""
CREATE = "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"
SUBSCRIBE = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"
TO_QUEUE = "https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html"
TO_ENCRYPTED = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
FIFO = "https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html"
FILTERS = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html"
SCOPE = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html"
DEAD_LETTERS = "https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html"
BUDGETS = "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html"


@resource_rule(TOPIC, source=CREATE, fix="write it as allowed, or leave it out: Pulumi makes one")
def topic_name(topic: Resource) -> Iterator[Fault]:
    """A topic's name has at most 256 letters, digits, hyphens and underscores, the .fifo of a FIFO topic among them."""
    allowed = "1 to 256 of A-Z, a-z, 0-9, - and _, with .fifo at the end of a FIFO topic's"
    yield from topic.matching("name", r"[A-Za-z0-9_-]{1,256}|(?=.{6,256}$)[A-Za-z0-9_-]+\.fifo", allowed)


@resource_rule(TOPIC, source=CREATE, fix="end the name in .fifo exactly when fifo_topic is true")
def topic_fifo_suffix(topic: Resource) -> Iterator[Fault]:
    """SNS refuses a FIFO topic whose name does not end in .fifo, and a standard topic whose name does."""
    name, fifo = topic.text("name"), topic.flag("fifoTopic")
    if name and name.endswith(".fifo") is not fifo:
        yield topic.fault("name", "a name with .fifo at its end" if fifo else "a name without .fifo at its end")


@resource_rule(SUBSCRIPTION, source=SUBSCRIBE, fix="name one of the protocols")
def subscription_protocol(subscription: Resource) -> Iterator[Fault]:
    """SNS delivers over nine protocols and refuses any other."""
    yield from subscription.one_of("protocol", *PROTOCOLS)


@resource_rule(SUBSCRIPTION, source=SUBSCRIBE, fix="write the endpoint as its protocol wants it")
def subscription_endpoint(subscription: Resource) -> Iterator[Fault]:
    """An endpoint has the form of its protocol: a mailbox, a URL, a telephone number, or an ARN."""
    form, allowed = ENDPOINTS.get(subscription.text("protocol"), (r".*", ""))
    yield from subscription.matching("endpoint", form, allowed)


@stack_rule(SUBSCRIPTION, source=TO_QUEUE, fix="add a QueuePolicy that allows sns.amazonaws.com sqs:SendMessage for it")
def subscription_queue_lets_it_in(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """Without a queue policy for its topic SNS drops every message to the queue, and nothing says so."""
    for queue in stack.referred(subscription, "endpoint", QUEUE):
        if subscription.text("protocol") == "sqs" and not _lets_in(queue, subscription, stack):
            allowed = "a queue whose policy lets this topic send"
            yield subscription.fault("endpoint", allowed, got=queue.name)


@stack_rule(SUBSCRIPTION, source=DEAD_LETTERS, fix="add a QueuePolicy that allows sns.amazonaws.com sqs:SendMessage")
def subscription_dead_letters_let_in(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """A subscription's dead-letter queue needs its own policy for the topic, or what could not be delivered is lost."""
    dead = dead_letter_queue(subscription, stack)
    if dead is not None and not _lets_in(dead, subscription, stack):
        yield subscription.fault("redrivePolicy", "a queue whose policy lets this topic send", got=dead.name)


@stack_rule(SUBSCRIPTION, source=FIFO, fix="make the topic FIFO as well, or the queue standard")
def subscription_fifo_queue_fifo_topic(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """SNS refuses to subscribe a FIFO queue to a standard topic."""
    topic = stack.one(subscription, "topic", TOPIC)
    for queue in stack.referred(subscription, "endpoint", QUEUE):
        if topic is not None and queue.flag("fifoQueue") and not topic.flag("fifoTopic"):
            yield subscription.fault("endpoint", "a standard queue, as the topic is standard", got=queue.name)


@stack_rule(SUBSCRIPTION, source=TO_ENCRYPTED, fix="use sqs_managed_sse_enabled, or a key of your own that SNS may use")
def subscription_encrypted_queue(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """SNS may not use the key alias/aws/sqs: what it sends to a queue encrypted with it is lost."""
    for queue in stack.referred(subscription, "endpoint", QUEUE):
        if "alias/aws/sqs" in queue.text("kmsMasterKeyId"):
            allowed = "a queue encrypted by SQS itself, or with a key that SNS may use"
            yield subscription.fault("endpoint", allowed, got=f"{queue.name}: {queue.text('kmsMasterKeyId')}")


@stack_rule(SUBSCRIPTION, source=TO_ENCRYPTED, fix="allow sns.amazonaws.com kms:GenerateDataKey* and kms:Decrypt in it")
def subscription_key_policy(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """SNS must be allowed to use the key of an encrypted queue, or its messages never arrive."""
    for queue in stack.referred(subscription, "endpoint", QUEUE):
        for key in stack.referred(queue, "kmsMasterKeyId", KEY):
            granted = [each for each in _key_statements(key, stack) if each.names_service("sns.amazonaws.com")]
            needed = ("kms:GenerateDataKey", "kms:Decrypt")
            if not all(any(each.covers(action) for each in granted) for action in needed):
                yield subscription.fault("endpoint", "a queue whose key lets SNS in", got=f"{queue.name}: {key.name}")


@resource_rule(SUBSCRIPTION, source=FILTERS, fix="filter on fewer keys or values, or use a topic for each kind")
def subscription_filter_size(subscription: Resource) -> Iterator[Fault]:
    """A filter policy has at most 5 keys, and its numbers of values multiply to at most 150."""
    values = [each for each in subscription.document("filterPolicy").values() if isinstance(each, list)]
    product = math.prod(len(each) for each in values)
    if len(values) > 5 or product > 150:
        got = f"{len(values)} keys, {product} combinations"
        yield subscription.fault("filterPolicy", "at most 5 keys and 150 combinations", got=got)


@resource_rule(SUBSCRIPTION, source=SCOPE, fix="set filter_policy_scope to MessageAttributes or MessageBody",
               severity=Severity.ADVISORY)  # fmt: skip
def subscription_filter_scope(subscription: Resource) -> Iterator[Fault]:
    """A filter that looks at the wrong half of a message drops all of them: say where the publisher puts the field."""
    if "filterPolicy" in subscription and "filterPolicyScope" not in subscription:
        yield subscription.fault("filterPolicyScope", "MessageAttributes or MessageBody")


@resource_rule(SUBSCRIPTION, source=DEAD_LETTERS, fix="give it a redrive_policy", severity=Severity.ADVISORY)
def subscription_has_dead_letters(subscription: Resource) -> Iterator[Fault]:
    """What a subscription cannot deliver after its retries is lost, unless it has a dead-letter queue of its own."""
    if subscription.text("protocol") == "sqs" and "redrivePolicy" not in subscription:
        yield subscription.fault("redrivePolicy", "a dead-letter queue")


@stack_rule(
    ALARM, source=TO_ENCRYPTED, fix="encrypt the topic with a key of your own that cloudwatch.amazonaws.com may use"
)
def alarm_topic_key(alarm: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudWatch may not use the key alias/aws/sns: an alarm's message to a topic encrypted with it is lost."""
    for topic in stack.referred(alarm, "alarmActions", TOPIC):
        if topic.text("kmsMasterKeyId") == "alias/aws/sns":
            yield alarm.fault("alarmActions", "a topic that CloudWatch can encrypt for", got=topic.name)


@stack_rule(ALARM, source=TO_ENCRYPTED, fix="allow cloudwatch.amazonaws.com sns:Publish in the topic's policy")
def alarm_topic_policy(alarm: Resource, stack: Stack) -> Iterator[Fault]:
    """A topic policy replaces the default one: an alarm may publish only when the policy names CloudWatch."""
    yield from _unheard(alarm, "alarmActions", "cloudwatch.amazonaws.com", stack)


@stack_rule(BUDGET, source=BUDGETS, fix="add a TopicPolicy that allows budgets.amazonaws.com sns:Publish")
def budget_topic_policy(budget: Resource, stack: Stack) -> Iterator[Fault]:
    """A budget may publish to a topic only when the topic's policy names the budgets service."""
    for topic in stack.referred(budget, "notifications", TOPIC):
        if not stack.referring(TOPIC_POLICY, "arn", topic) and "policy" not in topic:
            yield budget.fault(
                "notifications", "a topic whose policy lets budgets.amazonaws.com publish", got=topic.name
            )
    yield from _unheard(budget, "notifications", "budgets.amazonaws.com", stack)


def _unheard(publisher: Resource, path: str, service: str, stack: Stack) -> Iterator[Fault]:
    for topic in stack.referred(publisher, path, TOPIC):
        documents = [each.document("policy") for each in stack.referring(TOPIC_POLICY, "arn", topic)]
        given = [each for document in documents for each in statements(document)]
        heard = any(each.allows and each.names_service(service) and each.covers("sns:Publish") for each in given)
        if given and not heard:
            yield publisher.fault(path, f"a topic whose policy lets {service} publish", got=topic.name)


def _lets_in(queue: Resource, subscription: Resource, stack: Stack) -> bool:
    policies = [queue, *stack.referring(QUEUE_POLICY, "queueUrl", queue)]
    return any(_sends(each, subscription) for policy in policies for each in statements(policy.document("policy")))


def _sends(statement: Statement, subscription: Resource) -> bool:
    sources = statement.condition("aws:SourceArn")
    return (
        statement.allows
        and statement.covers("sqs:SendMessage")
        and statement.names_service("sns.amazonaws.com")
        and (not sources or any(fnmatch.fnmatchcase(subscription.text("topic"), each) for each in sources))
    )


def _key_statements(key: Resource, stack: Stack) -> list[Statement]:
    holders = [key, *stack.referring(KEY_POLICY, "keyId", key)]
    return [each for holder in holders for each in statements(holder.document("policy")) if each.allows]
