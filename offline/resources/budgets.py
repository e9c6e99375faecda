"""Carry budgets, their notifications and their subscribers into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, fields, tag_changes, tag_list, tag_map

NOTIFICATION = {
    "comparisonOperator": "ComparisonOperator",
    "notificationType": "NotificationType",
    "threshold": "Threshold",
    "thresholdType": "ThresholdType",
}
SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}


def _notification(wire: Properties) -> dict[str, Any]:
    subscribers = [
        {"SubscriptionType": kind, "Address": address}
        for name, kind in SUBSCRIBERS.items()
        for address in wire.get(name, [])
    ]
    return {
        "Notification": {aws_name: wire[name] for name, aws_name in NOTIFICATION.items()},
        "Subscribers": subscribers,
    }


def _budget(inputs: Properties) -> dict[str, Any]:
    return {
        "BudgetName": inputs["name"],
        "BudgetType": inputs["budgetType"],
        "BudgetLimit": {"Amount": inputs["limitAmount"], "Unit": inputs["limitUnit"]},
        "TimeUnit": inputs["timeUnit"],
    }


class Budget(Handler):
    """`aws.budgets.Budget`; its id is account:name."""

    token = "aws:budgets/budget:Budget"
    emulates = fields("budgetType limitAmount limitUnit name notifications tags timeUnit")

    def create(self, aws: Aws, inputs: Properties) -> str:
        account = aws.account.account_id
        aws("budgets").create_budget(
            AccountId=account,
            Budget=_budget(inputs),
            NotificationsWithSubscribers=[_notification(wire) for wire in inputs.get("notifications", [])],
            ResourceTags=tag_list(inputs.get("tags")),
        )
        return f"{account}:{inputs['name']}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        account, name = id_.split(":", 1)
        describe = aws("budgets").describe_budget
        answer = unless_gone(lambda: describe(AccountId=account, BudgetName=name), "NotFoundException")
        if answer is None:
            return None
        budget = answer["Budget"]
        arn = aws.arn("budgets", f"budget/{name}", regional=False)
        tags = tag_map(aws("budgets").list_tags_for_resource(ResourceARN=arn)["ResourceTags"])
        return {
            "name": name,
            "accountId": account,
            "budgetType": budget["BudgetType"],
            "limitAmount": budget["BudgetLimit"]["Amount"],
            "limitUnit": budget["BudgetLimit"]["Unit"],
            "timeUnit": budget["TimeUnit"],
            "notifications": _notifications(aws, account, name),
            "arn": arn,
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        account, name = id_.split(":", 1)
        aws("budgets").delete_budget(AccountId=account, BudgetName=name)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        account, name = id_.split(":", 1)
        aws("budgets").update_budget(AccountId=account, NewBudget=_budget(new))
        where = {"AccountId": account, "BudgetName": name}
        held, wanted = ([_notification(wire) for wire in each.get("notifications", [])] for each in (old, new))
        for gone in [each for each in held if each not in wanted]:
            aws("budgets").delete_notification(**where, Notification=gone["Notification"])
        for added in [each for each in wanted if each not in held]:
            aws("budgets").create_notification(**where, **added)
        _retag(aws, name, old, new)


def _retag(aws: Aws, name: str, old: Properties, new: Properties) -> None:
    arn, (tags, gone) = aws.arn("budgets", f"budget/{name}", regional=False), tag_changes(old, new)
    if tags:
        aws("budgets").tag_resource(ResourceARN=arn, ResourceTags=tag_list(tags))
    if gone:
        aws("budgets").untag_resource(ResourceARN=arn, ResourceTagKeys=gone)


def _notifications(aws: Aws, account: str, name: str) -> list[Properties]:
    found = aws("budgets").describe_notifications_for_budget(AccountId=account, BudgetName=name)["Notifications"]
    return [_wire(aws, account, name, notification) for notification in found]


def _wire(aws: Aws, account: str, name: str, notification: Mapping[str, Any]) -> Properties:
    subscribers = aws("budgets").describe_subscribers_for_notification(
        AccountId=account, BudgetName=name, Notification=notification
    )["Subscribers"]
    addresses = {
        wire_name: [each["Address"] for each in subscribers if each["SubscriptionType"] == kind]
        for wire_name, kind in SUBSCRIBERS.items()
    }
    settings = {wire_name: notification[aws_name] for wire_name, aws_name in NOTIFICATION.items()}
    return {**settings, **{wire_name: found for wire_name, found in addresses.items() if found}}


HANDLERS: tuple[Handler, ...] = (Budget(),)
INVOKES: dict[str, Any] = {}
