"""Dead letters go back to their queue; a budget and a launch template change as on AWS."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

DEAD = "arn:aws:sqs:us-east-1:123456789012:dead"
BUDGET: dict[str, Any] = {
    "BudgetName": "store",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
    "TimeUnit": "MONTHLY",
    "BudgetType": "COST",
}
TAGS = [{"ResourceType": "instance", "Tags": [{"Key": "box", "Value": "fleet"}]}]


def dead_letters(account: Account) -> tuple[str, str]:
    """A queue over a dead-letter queue that holds one message; returns both addresses."""
    sqs = account.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 3})
    queue = sqs.create_queue(QueueName="orders", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    kind = {"kind": {"DataType": "String", "StringValue": "order"}}
    sqs.send_message(QueueUrl=dead, MessageBody="paid", MessageAttributes=kind)
    return queue, dead


def received(account: Account, url: str) -> list[dict[str, Any]]:
    return account.client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])


def template(account: Account) -> dict[str, Any]:
    ec2 = account.client("ec2")
    own = [{"ResourceType": "launch-template", "Tags": [{"Key": "box", "Value": "template"}]}]
    data = {"InstanceType": "t4g.micro", "TagSpecifications": TAGS}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data, TagSpecifications=own)
    return ec2.describe_launch_template_versions(LaunchTemplateName="web")["LaunchTemplateVersions"][0]


def test_dead_letters_go_back_to_their_queue(account: Account) -> None:
    queue, dead = dead_letters(account)
    account.client("sqs").start_message_move_task(SourceArn=DEAD)
    [message] = received(account, queue)
    assert (message["Body"], message["MessageAttributes"]["kind"]["StringValue"]) == ("paid", "order")
    assert received(account, dead) == []


def test_a_finished_move_is_listed(account: Account) -> None:
    dead_letters(account)
    account.client("sqs").start_message_move_task(SourceArn=DEAD)
    [task] = account.client("sqs").list_message_move_tasks(SourceArn=DEAD)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)


def test_a_queue_that_holds_no_dead_letters_is_refused(account: Account) -> None:
    account.client("sqs").create_queue(QueueName="dead")
    with pytest.raises(ClientError, match="must be configured as a Dead Letter Queue"):
        account.client("sqs").start_message_move_task(SourceArn=DEAD)


def test_a_budget_can_be_changed(account: Account) -> None:
    budgets, owner = account.client("budgets"), account.account_id
    budgets.create_budget(AccountId=owner, Budget=BUDGET)
    limit = {"Amount": "200", "Unit": "USD"}
    budgets.update_budget(AccountId=owner, NewBudget={**BUDGET, "BudgetLimit": limit})
    assert budgets.describe_budget(AccountId=owner, BudgetName="store")["Budget"]["BudgetLimit"] == limit


def test_a_template_version_shows_only_the_tags_that_it_gives(account: Account) -> None:
    assert template(account)["LaunchTemplateData"]["TagSpecifications"] == TAGS


def test_moto_still_moves_no_messages(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="start_message_move_task"):
        shipped.client("sqs").start_message_move_task(SourceArn=DEAD)


def test_moto_still_changes_no_budget(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="update_budget"):
        shipped.client("budgets").update_budget(AccountId=shipped.account_id, NewBudget=BUDGET)


def test_moto_still_shows_the_templates_own_tags(shipped: Account) -> None:
    assert len(template(shipped)["LaunchTemplateData"]["TagSpecifications"]) == 2
