"""Messages between services as AWS delivers them: only where the receiving queue lets the sender in."""

import json
from typing import Any

from moto.sns.models import Subscription
from moto.sqs.models import Queue, SQSBackend, sqs_backends

from offline.patches.conditions import admits
from offline.patches.overlay import Refusal
from offline.patches.swap import replaces

KEY_OF_SQS = "alias/aws/sqs"


@replaces(Subscription, "publish")
def a_queue_lets_its_topic_in(original: Any, subscription: Subscription, message: str, *args: Any, **more: Any) -> None:
    """Deliver only where the queue's policy admits the topic; moto delivers to any queue.

    AWS drops the rest, and what it would have to encrypt with SQS's own key, which SNS may not use; or sends it to the
    subscription's dead-letter queue: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
    """
    if subscription.protocol != "sqs" or _lets_in(subscription, subscription.endpoint):
        original(subscription, message, *args, **more)
        return
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
    if redrive and _lets_in(subscription, redrive):
        _queues(subscription, redrive).send_message(redrive.split(":")[-1], message)


def _queues(subscription: Subscription, arn: str) -> SQSBackend:
    return sqs_backends[subscription.account_id][arn.split(":")[3]]


def _lets_in(subscription: Subscription, arn: str) -> bool:
    queue = _queues(subscription, arn).queues.get(arn.rpartition(":")[2])
    if queue is None or getattr(queue, "kms_master_key_id", None) == KEY_OF_SQS:
        return False
    context = {
        "aws:SourceArn": subscription.topic.arn,
        "aws:SourceAccount": subscription.account_id,
        "aws:SecureTransport": "true",
    }
    policy = json.dumps(queue.policy) if isinstance(queue.policy, dict) else queue.policy
    return admits(policy, "sns.amazonaws.com", "sqs:SendMessage", arn, context)


@replaces(Queue, "_setup_dlq")
def a_dead_letter_queue_chooses_its_sources(original: Any, queue: Queue, policy: Any) -> None:
    """Moto keeps a RedriveAllowPolicy and never looks at it."""
    original(queue, policy)
    target = queue.dead_letter_queue
    allowed = json.loads(getattr(target, "redrive_allow_policy", None) or "{}")
    permission = allowed.get("redrivePermission", "allowAll")
    listed = permission == "byQueue" and queue.queue_arn in allowed.get("sourceQueueArns", [])
    if permission != "allowAll" and not listed:
        queue.redrive_policy, queue.dead_letter_queue = None, None
        raise Refusal("InvalidParameterValue", f"The dead-letter queue does not allow {queue.queue_arn} as its source.")
