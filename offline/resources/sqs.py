"""Carry SQS queues, their policies and redrive permissions into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, changed, fields, tag_changes

ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
UNSAID: dict[str, Any] = {
    "contentBasedDeduplication": False,
    "delaySeconds": 0,
    "fifoQueue": False,
    "kmsDataKeyReusePeriodSeconds": 300,
    "kmsMasterKeyId": "",
    "maxMessageSize": 1_048_576,
    "messageRetentionSeconds": 345_600,
    "receiveWaitTimeSeconds": 0,
    "redrivePolicy": "",
    "sqsManagedSseEnabled": True,
    "visibilityTimeoutSeconds": 30,
}
"""What an attribute is when it is not asked for (SQS API, CreateQueue)."""
BOOLEANS = fields("contentBasedDeduplication fifoQueue sqsManagedSseEnabled")
TEXTS = fields("kmsMasterKeyId redrivePolicy")


def _from_wire(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _to_wire(name: str, text: str) -> Any:
    if name in BOOLEANS:
        return text.lower() == "true"
    return text if name in TEXTS else int(text)


def _attributes(aws: Aws, url: str, name: str) -> Mapping[str, str] | None:
    ask = aws("sqs").get_queue_attributes
    return unless_gone(lambda: ask(QueueUrl=url, AttributeNames=[name]).get("Attributes", {}), "*NonExistentQueue")


class Queue(Handler):
    """`aws.sqs.Queue`; its id is the queue's URL."""

    token = "aws:sqs/queue:Queue"
    emulates = fields(" ".join(ATTRIBUTES)) | fields("name tags")
    defaults = UNSAID

    def create(self, aws: Aws, inputs: Properties) -> str:
        attributes = {aws_name: _from_wire(inputs[name]) for name, aws_name in ATTRIBUTES.items() if name in inputs}
        made = aws("sqs").create_queue(QueueName=inputs["name"], Attributes=attributes, tags=inputs.get("tags", {}))
        return made["QueueUrl"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        attributes = _attributes(aws, id_, "All")
        if attributes is None:
            return None
        tags = aws("sqs").list_queue_tags(QueueUrl=id_).get("Tags", {})
        held = {name: _to_wire(name, attributes[of]) for name, of in ATTRIBUTES.items() if of in attributes}
        arn = attributes["QueueArn"]
        return {**held, "name": arn.rsplit(":", 1)[1], "arn": arn, "url": id_, "tags": tags, "tagsAll": tags}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("sqs").delete_queue(QueueUrl=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        wanted = {
            of: _from_wire(new.get(name, UNSAID[name])) for name, of in ATTRIBUTES.items() if changed(old, new, name)
        }
        if wanted:
            aws("sqs").set_queue_attributes(QueueUrl=id_, Attributes=wanted)
        tags, gone = tag_changes(old, new)
        if tags:
            aws("sqs").tag_queue(QueueUrl=id_, Tags=tags)
        if gone:
            aws("sqs").untag_queue(QueueUrl=id_, TagKeys=gone)


class _QueueAttribute(Put):
    """A resource that is one attribute of a queue; its id is the queue's URL."""

    property: str
    attribute: str

    def create(self, aws: Aws, inputs: Properties) -> str:
        url = inputs["queueUrl"]
        aws("sqs").set_queue_attributes(QueueUrl=url, Attributes={self.attribute: inputs[self.property]})
        return url

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        attributes = _attributes(aws, id_, self.attribute)
        if not attributes or self.attribute not in attributes:
            return None
        return {"queueUrl": id_, self.property: attributes[self.attribute]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """An empty text takes the attribute away (SQS API, SetQueueAttributes)."""
        aws("sqs").set_queue_attributes(QueueUrl=id_, Attributes={self.attribute: ""})


class QueuePolicy(_QueueAttribute):
    """`aws.sqs.QueuePolicy`."""

    token = "aws:sqs/queuePolicy:QueuePolicy"
    emulates = fields("queueUrl policy")
    property, attribute = "policy", "Policy"


class RedriveAllowPolicy(_QueueAttribute):
    """`aws.sqs.RedriveAllowPolicy`."""

    token = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
    emulates = fields("queueUrl redriveAllowPolicy")
    property, attribute = "redriveAllowPolicy", "RedriveAllowPolicy"


HANDLERS: tuple[Handler, ...] = (Queue(), QueuePolicy(), RedriveAllowPolicy())
INVOKES: dict[str, Any] = {}
