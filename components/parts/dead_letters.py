"""Make one dead-letter queue: the only place in which a component does so."""

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.alarm import Alarm, make_alarm

TOKEN = aws.sqs.Queue
RETENTION_DAYS = 14
"""SQS's longest. On a standard queue a message's age goes on from its first send, so it arrives with less than this."""
DAY_S = 86_400
ROLE = "dead-letters"


def make_dead_letter_queue(
    parent: pulumi.Resource, name: str, alarm_topic_arn: pulumi.Input[str] | None
) -> aws.sqs.Queue:
    """Keep what could not be handled, as the child `name-dead-letters` of *parent*; the topic hears of the first one.

    Encrypted with SQS's own key: to a queue under `alias/aws/sqs` SNS delivers nothing (aws-cdk#19796).
    """
    queue = aws.sqs.Queue(
        names.logical(TOKEN, name, ROLE),
        message_retention_seconds=RETENTION_DAYS * DAY_S,
        sqs_managed_sse_enabled=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    make_alarm(parent, name, ROLE, _depth(queue, name), alarm_topic_arn)
    return queue


def _depth(queue: aws.sqs.Queue, name: str) -> Alarm:
    return Alarm(
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        threshold=0,
        evaluations=1,
        description=f"Dead letters of {name}: read one, mend the cause, then move them back with an SQS redrive.",
    )
