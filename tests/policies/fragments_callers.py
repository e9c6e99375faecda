"""Fragments about services that call a queue, a topic or a function."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_functions import function


def policy(service, action):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def queue(admits=""):
    made = aws.sqs.Queue("queue")
    if admits:
        aws.sqs.QueuePolicy("queue", queue_url=made.url, policy=policy(admits, "sqs:SendMessage"))
    return made


def topic(admits=""):
    made = aws.sns.Topic("topic")
    if admits:
        aws.sns.TopicPolicy("topic", arn=made.arn, policy=policy(admits, "sns:Publish"))
    return made


def called(admits=""):
    made = function()
    if admits:
        aws.lambda_.Permission("call", function=made.name, action="lambda:InvokeFunction", principal=admits)
    return made


def target(arn, **more):
    rule = aws.cloudwatch.EventRule("rule", schedule_expression="rate(1 day)")
    aws.cloudwatch.EventTarget("target", rule=rule.name, arn=arn, **more)


def subscription(endpoint):
    aws.sns.TopicSubscription("subscription", topic=aws.sns.Topic("topic").arn, protocol="lambda", endpoint=endpoint)


def notification(**more):
    aws.s3.BucketNotification("notification", bucket=aws.s3.Bucket("bucket").id, **more)


@breaks(
    "event-target-queue-lets-it-in",
    "aws:cloudwatch/eventTarget:EventTarget 'target': arn is \"queue\"; allowed: one whose policy lets "
    "events.amazonaws.com in.",
)
def event_to_a_closed_queue():
    target(queue().arn)


@breaks(
    "event-target-queue-lets-it-in",
    "aws:cloudwatch/eventTarget:EventTarget 'target': arn is \"queue\"; allowed: one whose policy lets "
    "events.amazonaws.com in.",
)
def event_to_a_queue_for_buckets():
    target(queue("s3.amazonaws.com").arn)


@keeps("event-target-queue-lets-it-in")
def event_to_an_open_queue():
    target(queue("events.amazonaws.com").arn)


@keeps("event-target-queue-lets-it-in")
def event_to_a_queue_open_by_the_name_in_china():
    target(queue("events.amazonaws.com.cn").arn)


@breaks(
    "event-target-topic-lets-it-in",
    "aws:cloudwatch/eventTarget:EventTarget 'target': arn is \"topic\"; allowed: one whose policy lets "
    "events.amazonaws.com in.",
)
def event_to_a_closed_topic():
    target(topic().arn)


@keeps("event-target-topic-lets-it-in")
def event_to_an_open_topic():
    target(topic("events.amazonaws.com").arn)


@breaks(
    "event-target-function-lets-it-in",
    "aws:cloudwatch/eventTarget:EventTarget 'target': arn is \"function\"; allowed: a function that has a "
    "permission for events.amazonaws.com.",
)
def event_to_a_closed_function():
    target(called().arn)


@keeps("event-target-function-lets-it-in")
def event_to_an_open_function():
    target(called("events.amazonaws.com").arn)


@keeps("event-target-function-lets-it-in")
def event_to_a_function_by_a_role():
    target(called().arn, role_arn="arn:aws:iam::123456789012:role/events")


@breaks(
    "subscription-function-lets-it-in",
    "aws:sns/topicSubscription:TopicSubscription 'subscription': endpoint is \"function\"; allowed: a "
    "function that has a permission for sns.amazonaws.com.",
)
def message_to_a_function_for_events():
    subscription(called("events.amazonaws.com").arn)


@keeps("subscription-function-lets-it-in")
def message_to_an_open_function():
    subscription(called("sns.amazonaws.com").arn)


@keeps("subscription-function-lets-it-in")
def message_from_a_region_that_is_opted_into():
    subscription(called("sns.eu-south-1.amazonaws.com").arn)


@breaks(
    "subscription-function-lets-it-in",
    "aws:sns/topicSubscription:TopicSubscription 'subscription': endpoint is \"function\"; allowed: a "
    "function that has a permission for sns.amazonaws.com.",
)
def message_to_a_function_for_another_service_of_the_region():
    subscription(called("s3.eu-south-1.amazonaws.com").arn)


@breaks(
    "notification-topic-lets-it-in",
    "aws:s3/bucketNotification:BucketNotification 'notification': topics is \"topic\"; allowed: one whose "
    "policy lets s3.amazonaws.com in.",
)
def notification_to_a_closed_topic():
    notification(topics=[{"topic_arn": topic().arn, "events": ["s3:ObjectCreated:*"]}])


@keeps("notification-topic-lets-it-in")
def notification_to_an_open_topic():
    notification(topics=[{"topic_arn": topic("s3.amazonaws.com").arn, "events": ["s3:ObjectCreated:*"]}])


@breaks(
    "notification-function-lets-it-in",
    "aws:s3/bucketNotification:BucketNotification 'notification': lambdaFunctions is \"function\"; allowed:"
    " a function that has a permission for s3.amazonaws.com.",
)
def notification_to_a_closed_function():
    notification(lambda_functions=[{"lambda_function_arn": called().arn, "events": ["s3:ObjectCreated:*"]}])


@keeps("notification-function-lets-it-in")
def notification_to_an_open_function():
    open_ = called("s3.amazonaws.com")
    notification(lambda_functions=[{"lambda_function_arn": open_.arn, "events": ["s3:ObjectCreated:*"]}])
