"""Queues, topics, subscriptions, keys, tables and budgets stand in the account as a program asked for them."""

import json
from functools import partial

import pulumi_aws as aws
import pytest

from offline import resources
from offline.handler import Aws
from tests.deploying import deploy

TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:other"
STATEMENT = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TAGS = {"owner": "shop"}


def _queues():
    dead = aws.sqs.Queue("dead", message_retention_seconds=1_209_600, sqs_managed_sse_enabled=True, tags=TAGS)
    redrive = dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5}))
    queue = aws.sqs.Queue("work", redrive_policy=redrive, visibility_timeout_seconds=60, receive_wait_time_seconds=20)
    aws.sqs.QueuePolicy("work", queue_url=queue.url, policy=POLICY)
    admitted = queue.arn.apply(lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]}))
    aws.sqs.RedriveAllowPolicy("dead", queue_url=dead.url, redrive_allow_policy=admitted)
    return queue


def _topics(queue):
    key = aws.kms.Key("key", description="a key", enable_key_rotation=True, deletion_window_in_days=7, tags=TAGS)
    aws.kms.KeyPolicy("key", key_id=key.id, policy=POLICY)
    aws.kms.Alias("alias", target_key_id=key.id)
    topic = aws.sns.Topic("events", kms_master_key_id=key.id, signature_version=2, tags=TAGS)
    aws.sns.TopicPolicy("events", arn=topic.arn, policy=POLICY)
    aws.sns.TopicSubscription(
        "heard",
        topic=topic.arn,
        protocol="sqs",
        endpoint=queue.arn,
        raw_message_delivery=True,
        filter_policy='{"type": ["Sold"]}',
        filter_policy_scope="MessageAttributes",
        redrive_policy=queue.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn})),
    )
    aws.sns.TopicSubscription("mailed", topic=topic.arn, protocol="email", endpoint="shop@example.org")


def _table():
    aws.dynamodb.Table(
        "items",
        attributes=[{"name": "customer", "type": "S"}, {"name": "entry", "type": "S"}],
        hash_key="customer",
        range_key="entry",
        billing_mode="PAY_PER_REQUEST",
        ttl={"enabled": True, "attribute_name": "ends"},
        point_in_time_recovery={"enabled": True, "recovery_period_in_days": 35},
        deletion_protection_enabled=True,
        tags=TAGS,
    )
    aws.dynamodb.Table(
        "counted",
        attributes=[{"name": "id", "type": "N"}],
        hash_key="id",
        billing_mode="PROVISIONED",
        read_capacity=2,
        write_capacity=1,
    )


def _budget():
    passed = partial(
        aws.budgets.BudgetNotificationArgs,
        comparison_operator="GREATER_THAN",
        threshold=100,
        threshold_type="PERCENTAGE",
    )
    aws.budgets.Budget(
        "money",
        budget_type="COST",
        limit_amount="250",
        limit_unit="USD",
        time_unit="MONTHLY",
        notifications=[
            passed(notification_type="ACTUAL", subscriber_sns_topic_arns=[TOPIC_ARN]),
            passed(notification_type="FORECASTED", subscriber_email_addresses=["shop@example.org"]),
        ],
        tags=TAGS,
    )


def _program():
    _topics(_queues())
    _table()
    _budget()


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program, region="eu-west-1")


def _read(deployed, token, name):
    live = deployed.monitor.live[deployed.one(token, name).urn]
    return live.inputs, live.handler.read(live.aws, live.id, {}), live.handler


MADE = [
    ("aws:sqs/queue:Queue", "dead"),
    ("aws:sqs/queue:Queue", "work"),
    ("aws:sqs/queuePolicy:QueuePolicy", "work"),
    ("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "dead"),
    ("aws:kms/key:Key", "key"),
    ("aws:kms/keyPolicy:KeyPolicy", "key"),
    ("aws:kms/alias:Alias", "alias"),
    ("aws:sns/topic:Topic", "events"),
    ("aws:sns/topicPolicy:TopicPolicy", "events"),
    ("aws:sns/topicSubscription:TopicSubscription", "heard"),
    ("aws:sns/topicSubscription:TopicSubscription", "mailed"),
    ("aws:dynamodb/table:Table", "items"),
    ("aws:dynamodb/table:Table", "counted"),
    ("aws:budgets/budget:Budget", "money"),
]


@pytest.mark.parametrize(("token", "name"), MADE)
def test_what_the_account_says_is_what_went_in(deployed, token, name):
    inputs, said, handler = _read(deployed, token, name)
    emulated = sorted(handler.emulates & inputs.keys())
    assert {key: said.get(key) for key in emulated} == {key: inputs[key] for key in emulated}


@pytest.mark.parametrize(
    ("token", "name", "outputs"),
    [
        ("aws:sqs/queue:Queue", "work", {"arn", "url"}),
        ("aws:kms/key:Key", "key", {"arn", "keyId", "tagsAll"}),
        ("aws:kms/alias:Alias", "alias", {"arn", "targetKeyArn"}),
        ("aws:sns/topic:Topic", "events", {"arn", "owner", "tagsAll"}),
        ("aws:sns/topicSubscription:TopicSubscription", "heard", {"arn", "ownerId"}),
        ("aws:dynamodb/table:Table", "items", {"arn", "tagsAll"}),
        ("aws:budgets/budget:Budget", "money", {"arn", "accountId", "tagsAll"}),
    ],
)
def test_what_aws_computes_is_computed(deployed, token, name, outputs):
    assert {key for key in outputs if deployed.one(token, name).outputs.get(key)} == outputs


def test_a_mailed_subscription_is_pending_and_a_queues_is_not(deployed):
    token = "aws:sns/topicSubscription:TopicSubscription"
    pending = [deployed.one(token, name).outputs["pendingConfirmation"] for name in ("mailed", "heard")]
    assert pending == [True, False]


GONE = [
    ("aws:sqs/queue:Queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/gone"),
    ("aws:sqs/queuePolicy:QueuePolicy", "https://sqs.eu-west-1.amazonaws.com/123456789012/gone"),
    ("aws:kms/key:Key", "00000000-0000-0000-0000-000000000000"),
    ("aws:kms/keyPolicy:KeyPolicy", "00000000-0000-0000-0000-000000000000"),
    ("aws:kms/alias:Alias", "alias/gone"),
    ("aws:sns/topic:Topic", "arn:aws:sns:eu-west-1:123456789012:gone"),
    ("aws:sns/topicPolicy:TopicPolicy", "arn:aws:sns:eu-west-1:123456789012:gone"),
    ("aws:sns/topicSubscription:TopicSubscription", "arn:aws:sns:eu-west-1:123456789012:gone:1"),
    ("aws:dynamodb/table:Table", "gone"),
    ("aws:budgets/budget:Budget", "123456789012:gone"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "gone"),
    ("aws:cloudwatch/dashboard:Dashboard", "gone"),
]


@pytest.mark.parametrize(("token", "id_"), GONE)
def test_what_is_gone_is_read_as_nothing(deployed, token, id_):
    assert resources.handlers()[token].read(Aws(deployed.account, "eu-west-1"), id_, {}) is None
