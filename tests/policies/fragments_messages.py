"""Fragments about what belongs together on a queue or a subscription."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

GROUPS = "perMessageGroupId"


def queue(**more):
    return aws.sqs.Queue("queue", **more)


def subscription(*, fifo=False, **more):
    topic = aws.sns.Topic("topic", fifo_topic=fifo)
    given = {"protocol": "email", "endpoint": "alarms@bigpicture.dev", **more}
    aws.sns.TopicSubscription("subscription", topic=topic.arn, **given)


def policy(url):
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    aws.sqs.QueuePolicy("policy", queue_url=url, policy=document)


@breaks(
    "queue-throughput-by-group",
    "aws:sqs/queue:Queue 'queue': deduplicationScope is not set; allowed: messageGroup, as the throughput"
    " is limited by group.",
)
def throughput_by_group_alone():
    queue(fifo_queue=True, fifo_throughput_limit=GROUPS)


@keeps("queue-throughput-by-group")
def throughput_and_deduplication_by_group():
    queue(fifo_queue=True, fifo_throughput_limit=GROUPS, deduplication_scope="messageGroup")


@breaks(
    "queue-encrypted-once",
    "aws:sqs/queue:Queue 'queue': kmsMasterKeyId is \"alias/made-elsewhere\"; allowed: not set beside "
    "sqsManagedSseEnabled.",
)
def queue_encrypted_twice():
    queue(sqs_managed_sse_enabled=True, kms_master_key_id="alias/made-elsewhere")


@keeps("queue-encrypted-once")
def queue_encrypted_by_a_key():
    queue(sqs_managed_sse_enabled=False, kms_master_key_id="alias/made-elsewhere")


@breaks(
    "queue-key-reuse",
    "aws:sqs/queue:Queue 'queue': kmsDataKeyReusePeriodSeconds is 59; allowed: 60 to 86400.",
)
def key_asked_every_59_seconds():
    queue(kms_master_key_id="alias/made-elsewhere", kms_data_key_reuse_period_seconds=59)


@keeps("queue-key-reuse")
def key_asked_every_minute():
    queue(kms_master_key_id="alias/made-elsewhere", kms_data_key_reuse_period_seconds=60)


@breaks(
    "subscription-of-a-fifo-topic",
    "aws:sns/topicSubscription:TopicSubscription 'subscription': protocol is \"email\"; allowed: sqs, as "
    "topic is FIFO.",
)
def mailbox_of_a_fifo_topic():
    subscription(fifo=True)


@keeps("subscription-of-a-fifo-topic")
def mailbox_of_a_standard_topic():
    subscription()


@breaks(
    "subscription-raw",
    "aws:sns/topicSubscription:TopicSubscription 'subscription': rawMessageDelivery is true; allowed: "
    "false over email.",
)
def raw_mail():
    subscription(raw_message_delivery=True)


@keeps("subscription-raw")
def raw_call():
    subscription(protocol="https", endpoint="https://bigpicture.dev/hook", raw_message_delivery=True)


@breaks(
    "subscription-filter-is-json",
    "aws:sns/topicSubscription:TopicSubscription 'subscription': filterPolicy is \"colour: red\"; allowed: "
    "a JSON object.",
)
def filter_of_yaml():
    subscription(filter_policy="colour: red")


@keeps("subscription-filter-is-json")
def filter_of_an_object():
    subscription(filter_policy='{"colour": ["red"]}')


@breaks(
    "queue-by-its-url",
    "aws:sqs/queuePolicy:QueuePolicy 'policy': queueUrl is \"arn:aws:sqs:us-east-1:123456789012:queue\"; "
    "allowed: the queue's URL.",
)
def queue_by_its_arn():
    policy(queue().arn)


@keeps("queue-by-its-url")
def queue_by_its_url():
    policy("https://sqs.us-east-1.amazonaws.com/123456789012/made-elsewhere")
