"""Messages on their way out, ten in one call: to the topic, where queues subscribe by type, or straight to a queue."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.data.aws import Aws
from app.data.outage import Unavailable

BATCH = 10
"""SNS and SQS take ten messages in one call."""


class _Typed(msgspec.Struct):
    type: str


async def publish(aws: Aws, topic_arn: str, bodies: Sequence[str]) -> None:
    """Publish up to BATCH messages; raises Unavailable when one of them was refused, though others may be out."""
    entries = [{"Id": str(at), "Message": body, "MessageAttributes": _kind(body)} for at, body in enumerate(bodies)]
    _all_taken(await aws.call("sns", "publish_batch", TopicArn=topic_arn, PublishBatchRequestEntries=entries))


async def send(aws: Aws, queue_url: str, bodies: Sequence[str], delay_s: int = 0) -> None:
    """Send up to BATCH messages, which consumers see after *delay_s* seconds (0 to 900).

    Raises Unavailable when one of them was refused, though others may be out.
    """
    entries = [
        {"Id": str(at), "MessageBody": body, "DelaySeconds": delay_s, "MessageAttributes": _kind(body)}
        for at, body in enumerate(bodies)
    ]
    _all_taken(await aws.call("sqs", "send_message_batch", QueueUrl=queue_url, Entries=entries))


def _kind(body: str) -> dict[str, Any]:
    return {"type": {"DataType": "String", "StringValue": msgspec.json.decode(body, type=_Typed).type}}


def _all_taken(answer: dict[str, Any]) -> None:
    if refused := answer.get("Failed"):
        raise Unavailable("events", f"{len(refused)} were refused")
