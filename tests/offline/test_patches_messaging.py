"""SQS, SNS and Budgets as AWS answers them: what outlives a change, what is shown, what waits for a click."""

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from offline.account import Account
from tests.waiting import eventually

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}],
}
WARNING = {
    "NotificationType": "ACTUAL",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 100.0,
    "ThresholdType": "PERCENTAGE",
}
SUBSCRIBER = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:us-east-1:123456789012:alarms"}
BUDGET_ARN = "arn:aws:budgets::123456789012:budget/money"


def policy_after_another_change(account: Account) -> str | None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="work", Attributes={"Policy": json.dumps(POLICY)})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "40"})
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {}).get("Policy")


def test_a_queues_policy_outlives_a_change_of_another_attribute(account: Account):
    assert json.loads(policy_after_another_change(account) or "null") == POLICY


def test_shipped_moto_drops_a_queues_policy(shipped: Account):
    assert policy_after_another_change(shipped) is None


def admitted(account: Account, names: list[str]) -> str | None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="dead")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": '{"redrivePermission": "denyAll"}'})
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].get("RedriveAllowPolicy")


@pytest.mark.parametrize("names", [["All"], ["RedriveAllowPolicy"]])
def test_a_queue_shows_who_may_use_it_for_dead_letters(account: Account, names):
    assert admitted(account, names) == '{"redrivePermission": "denyAll"}'


def test_shipped_moto_does_not_know_redrive_permissions(shipped: Account):
    with pytest.raises(ClientError, match="Unknown Attribute RedriveAllowPolicy"):
        admitted(shipped, ["RedriveAllowPolicy"])


def hidden_by_the_dead(account: Account) -> str:
    """How many messages nobody gets, as they came after their only consumer had asked for one, and died."""
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="work", Attributes={"ReceiveMessageWaitTimeSeconds": "20"})["QueueUrl"]
    consumer = http.client.HTTPConnection(urlsplit(account.serve()).netloc)
    caller = "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=any"
    headers = {"Authorization": caller, "X-Amz-Target": "AmazonSQS.ReceiveMessage"}
    consumer.request("POST", "/", json.dumps({"QueueUrl": url}), headers)
    eventually(is_answering, wanted=True)
    consumer.close()
    sqs.send_message(QueueUrl=url, MessageBody="job")
    eventually(is_answering, wanted=False)
    hidden = "ApproximateNumberOfMessagesNotVisible"
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[hidden])["Attributes"][hidden]


def is_answering() -> bool:
    """Whether a request is under way at an account's server, which has a thread for each."""
    return any("process_request_thread" in each.name for each in threading.enumerate())


def test_a_dead_consumer_takes_no_message_from_who_lives(account: Account):
    assert hidden_by_the_dead(account) == "0"


def test_shipped_moto_hands_a_message_to_a_dead_consumer(shipped: Account):
    assert hidden_by_the_dead(shipped) == "1"


def shown_of_a_topic(account: Account) -> dict[str, str]:
    sns = account.client("sns")
    arn = sns.create_topic(Name="events", Attributes={"SignatureVersion": "2"})["TopicArn"]
    sns.set_topic_attributes(TopicArn=arn, AttributeName="TracingConfig", AttributeValue="Active")
    shown = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    return {name: shown[name] for name in ("SignatureVersion", "TracingConfig") if name in shown}


def test_a_topic_shows_its_signature_version_and_its_tracing(account: Account):
    assert shown_of_a_topic(account) == {"SignatureVersion": "2", "TracingConfig": "Active"}


def test_shipped_moto_hides_a_topics_signature_version(shipped: Account):
    assert shown_of_a_topic(shipped) == {}


def confirmation(account: Account, protocol: str, endpoint: str) -> str:
    sns = account.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, ReturnSubscriptionArn=True)
    return sns.get_subscription_attributes(SubscriptionArn=arn["SubscriptionArn"])["Attributes"]["PendingConfirmation"]


def test_a_mail_address_waits_to_be_confirmed(account: Account):
    assert confirmation(account, "email", "shop@example.org") == "true"


def test_a_queue_is_confirmed_at_once(account: Account):
    assert confirmation(account, "sqs", "arn:aws:sqs:us-east-1:123456789012:work") == "false"


def test_shipped_moto_confirms_a_mail_address_by_itself(shipped: Account):
    assert confirmation(shipped, "email", "shop@example.org") == "false"


def budget(account: Account) -> None:
    account.client("budgets").create_budget(
        AccountId="123456789012",
        Budget={
            "BudgetName": "money",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "250", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[{"Notification": WARNING, "Subscribers": [SUBSCRIBER]}],
        ResourceTags=[{"Key": "owner", "Value": "shop"}],
    )


def subscribers(account: Account, notification: dict) -> list[dict[str, str]]:
    found = account.client("budgets").describe_subscribers_for_notification(
        AccountId="123456789012", BudgetName="money", Notification=notification
    )
    return found["Subscribers"]


def test_a_budget_shows_whom_it_warns(account: Account):
    budget(account)
    assert subscribers(account, WARNING) == [SUBSCRIBER]


def test_a_warning_that_does_not_exist_has_no_subscribers(account: Account):
    budget(account)
    with pytest.raises(ClientError, match="NotFoundException"):
        subscribers(account, {**WARNING, "Threshold": 50.0})


def test_a_budget_keeps_its_tags(account: Account):
    budget(account)
    tags = account.client("budgets").list_tags_for_resource(ResourceARN=BUDGET_ARN)["ResourceTags"]
    assert tags == [{"Key": "owner", "Value": "shop"}]


def test_shipped_moto_cannot_show_a_budgets_subscribers(shipped: Account):
    budget(shipped)
    with pytest.raises(NotImplementedError, match="describe_subscribers_for_notification"):
        subscribers(shipped, WARNING)


def test_shipped_moto_cannot_show_a_budgets_tags(shipped: Account):
    budget(shipped)
    with pytest.raises(NotImplementedError, match="list_tags_for_resource"):
        shipped.client("budgets").list_tags_for_resource(ResourceARN=BUDGET_ARN)
