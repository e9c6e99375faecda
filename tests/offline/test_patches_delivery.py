"""Messages between services: a queue's policy lets a topic in, a dead-letter queue chooses its sources."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account
from offline.patches.conditions import admits

QUEUE, TOPIC = "arn:aws:sqs:us-east-1:123456789012:orders", "arn:aws:sns:us-east-1:123456789012:events"
LETS_IN = {
    "Effect": "Allow",
    "Principal": {"Service": "sns.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": QUEUE,
    "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
}
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def received(account: Account, **attributes: str) -> list[str]:
    """What the queue holds after the topic published one message."""
    sqs, sns = account.client("sqs"), account.client("sns")
    url = sqs.create_queue(QueueName="orders", Attributes=attributes)["QueueUrl"]
    topic = sns.create_topic(Name="events")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes={"RawMessageDelivery": "true"})
    sns.publish(TopicArn=topic, Message="paid")
    return [message["Body"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]


def test_a_queue_that_lets_the_topic_in_gets_the_message(account: Account) -> None:
    assert received(account, Policy=policy(LETS_IN, TLS_ONLY)) == ["paid"]


@pytest.mark.parametrize(
    "statement",
    [
        {**LETS_IN, "Condition": {"ArnEquals": {"aws:SourceArn": f"{TOPIC}-other"}}},
        {**LETS_IN, "Principal": {"Service": "events.amazonaws.com"}},
        {**LETS_IN, "Action": "sqs:ReceiveMessage"},
        {**LETS_IN, "Effect": "Deny"},
    ],
)
def test_a_queue_that_does_not_gets_nothing(account: Account, statement: dict[str, Any]) -> None:
    assert received(account, Policy=policy(statement)) == []


def test_a_queue_without_a_policy_gets_nothing(account: Account) -> None:
    assert received(account) == []


def test_a_queue_under_the_key_of_sqs_gets_nothing(account: Account) -> None:
    assert received(account, Policy=policy(LETS_IN), KmsMasterKeyId="alias/aws/sqs") == []


def test_what_is_not_let_in_goes_to_the_dead_letters_of_the_subscription(account: Account) -> None:
    sqs, sns = account.client("sqs"), account.client("sns")
    dead = {**LETS_IN, "Resource": f"{QUEUE}-dead"}
    url = sqs.create_queue(QueueName="orders-dead", Attributes={"Policy": policy(dead)})["QueueUrl"]
    topic = sns.create_topic(Name="events")["TopicArn"]
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{QUEUE}-dead"})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE, Attributes=redrive)
    sns.publish(TopicArn=topic, Message="paid")
    assert [row["Body"] for row in sqs.receive_message(QueueUrl=url)["Messages"]] == ["paid"]


def dead_lettered(account: Account, **allow: Any) -> str:
    """Make a queue over a dead-letter queue that allows *allow*; returns the queue's redrive policy."""
    sqs = account.client("sqs")
    sqs.create_queue(QueueName="dead", Attributes={"RedriveAllowPolicy": json.dumps(allow)})
    target = {"deadLetterTargetArn": QUEUE.replace("orders", "dead"), "maxReceiveCount": 5}
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": json.dumps(target)})
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]


def test_a_dead_letter_queue_admits_the_sources_it_names(account: Account) -> None:
    assert "dead" in dead_lettered(account, redrivePermission="byQueue", sourceQueueArns=[QUEUE])


@pytest.mark.parametrize(
    "allow", [{"redrivePermission": "denyAll"}, {"redrivePermission": "byQueue", "sourceQueueArns": [f"{QUEUE}-2"]}]
)
def test_a_dead_letter_queue_refuses_others(account: Account, allow: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="does not allow arn:aws:sqs:us-east-1:123456789012:orders"):
        dead_lettered(account, **allow)


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"StringEquals": {"aws:SourceAccount": "1"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, False),
        ({"ArnLike": {"AWS:SourceArn": "arn:*:orders"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"NumericLessThan": {"aws:SourceAccount": "2"}}, False),
    ],
)
def test_conditions_are_met_as_aws_meets_them(condition: dict[str, Any], met: bool) -> None:
    context = {"aws:SourceAccount": "1", "aws:SourceArn": "arn:aws:orders", "aws:SecureTransport": "true"}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition}
    assert admits(policy(statement), "any", "s3:PutObject", "arn", context) is met


def test_moto_still_delivers_without_a_policy(shipped: Account) -> None:
    assert received(shipped) == ["paid"]


def test_moto_still_ignores_who_may_send_dead_letters(shipped: Account) -> None:
    assert "dead" in dead_lettered(shipped, redrivePermission="denyAll")
