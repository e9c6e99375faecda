"""Rules of who may call: a queue, a topic or a function that does not let its caller in is called for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policies.documents import service_of, statements
from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.placement import LAMBDA as FUNCTION
from policies.rules.queues import QUEUE, QUEUE_POLICY
from policies.rules.schedules import TARGET
from policies.rules.topics import SUBSCRIPTION, TOPIC, TOPIC_POLICY
from policies.stack import Stack
from policies.values import Fault

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
PERMISSION = "aws:lambda/permission:Permission"
EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"
BUCKETS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"
TOPICS = "https://docs.aws.amazon.com/sns/latest/dg/lambda-console.html"
HELD = {QUEUE: (QUEUE_POLICY, "queueUrl", "sqs:SendMessage"), TOPIC: (TOPIC_POLICY, "arn", "sns:Publish")}
"""Type -> the type of its policy, the property that says whose it is, and what a caller does with it."""


@stack_rule(TARGET, source=EVENTS, fix="let events.amazonaws.com sqs:SendMessage in a QueuePolicy")
def event_target_queue_lets_it_in(target: Resource, stack: Stack) -> Iterator[Fault]:
    """EventBridge needs the queue's own policy; without it every event is dropped, and only a metric says so."""
    yield from _closed(target, "arn", QUEUE, "events.amazonaws.com", stack)


@stack_rule(TARGET, source=EVENTS, fix="let events.amazonaws.com sns:Publish in a TopicPolicy")
def event_target_topic_lets_it_in(target: Resource, stack: Stack) -> Iterator[Fault]:
    """A topic's default policy admits its own account alone: EventBridge needs a statement of its own."""
    yield from _closed(target, "arn", TOPIC, "events.amazonaws.com", stack)


@stack_rule(TARGET, source=EVENTS, fix='add a lambda_.Permission for principal="events.amazonaws.com"')
def event_target_function_lets_it_in(target: Resource, stack: Stack) -> Iterator[Fault]:
    """EventBridge calls a function that has a permission for it, and drops the event otherwise."""
    yield from _uncalled(target, "arn", "events.amazonaws.com", stack)


@stack_rule(NOTIFICATION, source=BUCKETS, fix="let s3.amazonaws.com sns:Publish in a TopicPolicy")
def notification_topic_lets_it_in(notification: Resource, stack: Stack) -> Iterator[Fault]:
    """S3 tries the topic when it is told of it, and refuses one that it may not publish to."""
    yield from _closed(notification, "topics", TOPIC, "s3.amazonaws.com", stack)


@stack_rule(NOTIFICATION, source=BUCKETS, fix='add a lambda_.Permission for principal="s3.amazonaws.com"')
def notification_function_lets_it_in(notification: Resource, stack: Stack) -> Iterator[Fault]:
    """S3 refuses to be told of a function that it may not call."""
    yield from _uncalled(notification, "lambdaFunctions", "s3.amazonaws.com", stack)


@stack_rule(SUBSCRIPTION, source=TOPICS, fix='add a lambda_.Permission for principal="sns.amazonaws.com"')
def subscription_function_lets_it_in(subscription: Resource, stack: Stack) -> Iterator[Fault]:
    """SNS may call a function that has a permission for it: without one each message is lost."""
    yield from _uncalled(subscription, "endpoint", "sns.amazonaws.com", stack)


def _closed(caller: Resource, path: str, type_: str, service: str, stack: Stack) -> Iterator[Fault]:
    """A fault for each queue or topic at *path* whose policy does not name the service, where no role calls it."""
    policy, whose, action = HELD[type_]
    if caller.type == TARGET and "roleArn" in caller:
        return
    for called in stack.referred(caller, path, type_):
        holders = [called, *stack.referring(policy, whose, called)]
        given = [each for holder in holders for each in statements(holder.document("policy")) if each.allows]
        if not any(each.names_service(service) and each.covers(action) for each in given):
            yield caller.fault(path, f"one whose policy lets {service} in", got=called.name)


def _uncalled(caller: Resource, path: str, service: str, stack: Stack) -> Iterator[Fault]:
    """A fault for each function at *path* that has no permission for the service, where no role calls it."""
    if caller.type == TARGET and "roleArn" in caller:
        return
    for function in stack.referred(caller, path, FUNCTION):
        admitted = {service_of(each) for permission in stack.referring(PERMISSION, "function", function)
                    for each in permission.texts("principal")}  # fmt: skip
        if not {service, "*"} & admitted:
            yield caller.fault(path, f"a function that has a permission for {service}", got=function.name)
