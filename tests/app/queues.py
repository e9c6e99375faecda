"""Queues as the store deploys them, and what is in them."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from app.data.aws import Aws
from app.messages import Message, encode
from app.queue.sender import Sender
from app.queue.sqs import Queue

WAIT_S = 1
"""Seconds that a poll waits in tests: so long takes an idle consumer to notice that it is to stop."""


@dataclass
class Held:
    """One kind of work: its queue and its dead-letter queue."""

    world: Any
    url: str
    grave: str

    @classmethod
    def made(cls, world: Any, *, tries: int = 3, visibility_s: int = 60) -> "Held":
        """Make both, under names of their own."""
        sqs, name = world.account.client("sqs"), str(uuid.uuid4())
        grave = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=grave, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": tries})
        attributes = {
            "RedrivePolicy": redrive,
            "VisibilityTimeout": str(visibility_s),
            "ReceiveMessageWaitTimeSeconds": str(WAIT_S),
        }
        return cls(world, sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"], grave)

    def send(self, *messages: Message | str) -> None:
        """Put messages in, with the attribute that SNS leaves on them."""
        for each in messages:
            text = each if isinstance(each, str) else encode(each)
            kind = {"DataType": "String", "StringValue": type(each).__name__}
            self.world.account.client("sqs").send_message(
                QueueUrl=self.url, MessageBody=text, MessageAttributes={"type": kind}
            )

    def count(self) -> tuple[int, int]:
        """How many messages wait, and how many are hidden: in somebody's hands, or until their next try."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.world.account.client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return tuple(int(told["Attributes"][name]) for name in names)  # pyright: ignore[reportReturnType]

    def dead(self) -> list[dict[str, Any]]:
        """What is in the dead-letter queue: `body` and attributes by name."""
        found = self.world.account.client("sqs").receive_message(
            QueueUrl=self.grave, MaxNumberOfMessages=10, MessageAttributeNames=["All"], WaitTimeSeconds=0
        )
        return [
            {"body": each["Body"]}
            | {name: value["StringValue"] for name, value in each.get("MessageAttributes", {}).items()}
            for each in found.get("Messages", [])
        ]

    def queue(self) -> Queue:
        """The queue as a worker reaches it."""
        polls = Aws(self.world.account.region, threads=2, read_s=25)
        return Queue(self.world.stores.aws, polls, self.url)

    def sender(self, aws: Aws) -> Sender:
        """The producers' end."""
        return Sender(aws, self.url)
