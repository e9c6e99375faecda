"""Carry SNS topics, their policies and their subscriptions into the offline account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, change_tags, changed, fields, tag_list, tags_told

TOPIC = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
BOOLEANS = fields("contentBasedDeduplication fifoTopic rawMessageDelivery")
NUMBERS = fields("signatureVersion")
UNSET = ("", None)
UNSAID: dict[str, Any] = {
    "contentBasedDeduplication": False,
    "filterPolicyScope": "MessageAttributes",
    "rawMessageDelivery": False,
    "signatureVersion": 1,
    "tracingConfig": "PassThrough",
}
"""What a setting is when it is not asked for, where that is not an empty text (SNS API)."""


def _from_wire(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _to_wire(name: str, text: str) -> Any:
    if name in BOOLEANS:
        return text.lower() == "true"
    return int(text) if name in NUMBERS else text


def _attributes(inputs: Properties, names: Mapping[str, str]) -> dict[str, str]:
    return {aws_name: _from_wire(inputs[name]) for name, aws_name in names.items() if name in inputs}


def _held(attributes: Mapping[str, str], names: Mapping[str, str]) -> Properties:
    found = {name: attributes.get(aws_name) for name, aws_name in names.items()}
    return {name: _to_wire(name, text) for name, text in found.items() if text not in UNSET}


def _policy(attributes: Mapping[str, str]) -> str:
    """Spell the policy as Pulumi's `json_dumps` does: the account keeps its meaning, not its blanks."""
    return json.dumps(json.loads(attributes["Policy"]))


def _held_attributes(call: Any, **parameters: str) -> Mapping[str, str] | None:
    """Call for attributes; None when the topic or the subscription is gone."""
    return unless_gone(lambda: call(**parameters)["Attributes"], "NotFound", "NotFoundException")


def default_policy(aws: Aws, arn: str) -> str:
    """What AWS gives a new topic (SNS Developer Guide, "Default access policy"): its own account, and nobody else."""
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in [*actions.split(), "ListSubscriptionsByTopic", "Publish"]],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": aws.account.account_id}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


class Topic(Handler):
    """`aws.sns.Topic`; its id is its ARN."""

    token = "aws:sns/topic:Topic"
    emulates = fields(" ".join(TOPIC)) | fields("name tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("sns").create_topic(
            Name=inputs["name"], Attributes=_attributes(inputs, TOPIC), Tags=tag_list(inputs.get("tags"))
        )
        return made["TopicArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        attributes = _held_attributes(aws("sns").get_topic_attributes, TopicArn=id_)
        if attributes is None:
            return None
        tags = tags_told(aws("sns").list_tags_for_resource(ResourceArn=id_)["Tags"])
        named = {"name": id_.rsplit(":", 1)[1], "arn": id_, "owner": attributes["Owner"]}
        return {**_held(attributes, TOPIC), **named, "policy": _policy(attributes), **tags}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("sns").delete_topic(TopicArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        for name, of in TOPIC.items():
            if changed(old, new, name):
                value = _from_wire(new.get(name, UNSAID.get(name, "")))
                aws("sns").set_topic_attributes(TopicArn=id_, AttributeName=of, AttributeValue=value)
        change_tags(old, new, aws("sns").tag_resource, aws("sns").untag_resource, ResourceArn=id_)


class TopicPolicy(Put):
    """`aws.sns.TopicPolicy`; its id is the topic's ARN."""

    token = "aws:sns/topicPolicy:TopicPolicy"
    emulates = fields("arn policy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        arn = inputs["arn"]
        aws("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=inputs["policy"])
        return arn

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        attributes = _held_attributes(aws("sns").get_topic_attributes, TopicArn=id_)
        if attributes is None:
            return None
        return {"arn": id_, "policy": _policy(attributes), "owner": attributes["Owner"]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Put AWS's default policy back, as the AWS provider does: a topic is never without one."""
        policy = default_policy(aws, id_)
        aws("sns").set_topic_attributes(TopicArn=id_, AttributeName="Policy", AttributeValue=policy)


class TopicSubscription(Handler):
    """`aws.sns.TopicSubscription`; its id is its ARN, also while a mail address is unconfirmed."""

    token = "aws:sns/topicSubscription:TopicSubscription"
    emulates = fields(" ".join(SUBSCRIPTION)) | fields("topic protocol endpoint")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("sns").subscribe(
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes=_attributes(inputs, SUBSCRIPTION),
            ReturnSubscriptionArn=True,
        )
        return made["SubscriptionArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        attributes = _held_attributes(aws("sns").get_subscription_attributes, SubscriptionArn=id_)
        if attributes is None:
            return None
        return {
            **_held(attributes, SUBSCRIPTION),
            "topic": attributes["TopicArn"],
            "protocol": attributes["Protocol"],
            "endpoint": attributes["Endpoint"],
            "arn": id_,
            "ownerId": attributes["Owner"],
            "pendingConfirmation": attributes["PendingConfirmation"].lower() == "true",
            "confirmationWasAuthenticated": attributes["ConfirmationWasAuthenticated"].lower() == "true",
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("sns").unsubscribe(SubscriptionArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        for name, of in SUBSCRIPTION.items():
            if changed(old, new, name):
                value = _from_wire(new.get(name, UNSAID.get(name, "")))
                aws("sns").set_subscription_attributes(SubscriptionArn=id_, AttributeName=of, AttributeValue=value)


HANDLERS: tuple[Handler, ...] = (Topic(), TopicPolicy(), TopicSubscription())
INVOKES: dict[str, Any] = {}
