"""One SQS queue and the dead-letter queue behind it, in batches of ten."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.data.aws import Aws

REASON = "reason"
"""Message attribute that says, in the dead-letter queue, why a message is there."""
REASON_CHARACTERS = 300
MAX_ATTRIBUTES = 10
"""SQS Developer Guide, "Amazon SQS message metadata": at most ten attributes."""


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """One message, as it was handed out this time; equal to itself alone."""

    receipt: str
    body: str
    tries: int
    """How often it has been handed out, this time included."""
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the queue itself says: the one place where it is written is what was deployed."""

    visibility_s: int
    max_tries: int
    dead_letter_url: str


class Queue:
    """Implements what a `Consumer` needs of a queue."""

    def __init__(self, aws: Aws, polls: Aws, url: str) -> None:
        """Wait for messages through *polls*, whose threads may be silent for 20 s, and do the rest through *aws*."""
        self._aws = aws
        self._polling = _Polling(polls)
        self._url = url

    async def settings(self) -> Settings:
        """Read what was deployed. The dead-letter queue has the same account and region: only the name differs."""
        wanted = ["VisibilityTimeout", "RedrivePolicy"]
        answer = await self._aws.call("sqs", "get_queue_attributes", QueueUrl=self._url, AttributeNames=wanted)
        redrive = json.loads(answer["Attributes"]["RedrivePolicy"])
        name = redrive["deadLetterTargetArn"].rpartition(":")[2]
        return Settings(
            visibility_s=int(answer["Attributes"]["VisibilityTimeout"]),
            max_tries=int(redrive["maxReceiveCount"]),
            dead_letter_url=f"{self._url.rpartition('/')[0]}/{name}",
        )

    async def receive(self, most: int) -> list[Delivery]:
        """Wait for messages for as long as the queue is set to (long polling), and return up to *most*."""
        return await self._polling.receive(self._url, most)

    async def delete(self, deliveries: Sequence[Delivery]) -> None:
        """Have them out of the queue for good; one that SQS cannot delete now comes again."""
        entries = [{"Id": str(at), "ReceiptHandle": each.receipt} for at, each in enumerate(deliveries)]
        await self._aws.call("sqs", "delete_message_batch", QueueUrl=self._url, Entries=entries)

    async def hide(self, seconds: Mapping[Delivery, int]) -> None:
        """Keep each message from everybody for so many seconds from now; 0 gives it back at once."""
        entries = [
            {"Id": str(at), "ReceiptHandle": each.receipt, "VisibilityTimeout": hidden_s}
            for at, (each, hidden_s) in enumerate(seconds.items())
        ]
        await self._aws.call("sqs", "change_message_visibility_batch", QueueUrl=self._url, Entries=entries)

    async def bury(self, delivery: Delivery, reason: str, grave: str) -> None:
        """Copy a message with its attributes and the *reason* to the dead-letter queue *grave*.

        Delete it only after that: a crash in between leaves two copies, never none.
        """
        kept = dict(list(delivery.attributes.items())[: MAX_ATTRIBUTES - 1])
        kept[REASON] = {"DataType": "String", "StringValue": reason[:REASON_CHARACTERS]}
        await self._aws.call("sqs", "send_message", QueueUrl=grave, MessageBody=delivery.body, MessageAttributes=kept)


class _Polling:
    """The calls that are silent for as long as nothing comes."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    async def receive(self, url: str, most: int) -> list[Delivery]:
        answer = await self._aws.call(
            "sqs",
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=most,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return [_delivery(message) for message in answer.get("Messages", ())]


def _delivery(message: Mapping[str, Any]) -> Delivery:
    """A reason of an earlier burial is dropped: who moved the message back has mended that."""
    attributes = {
        name: {key: value for key, value in each.items() if key in ("DataType", "StringValue", "BinaryValue")}
        for name, each in message.get("MessageAttributes", {}).items()
        if name != REASON
    }
    return Delivery(
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        tries=int(message["Attributes"]["ApproximateReceiveCount"]),
        attributes=attributes,
    )
