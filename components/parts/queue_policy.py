"""Write the one policy that an SQS queue can have: the only place in which a component does so."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.policy import Statement, allow, deny, document


def make_queue_policy(
    parent: pulumi.Resource, name: str, queue: aws.sqs.Queue, topic_arns: Sequence[pulumi.Input[str]] = ()
) -> aws.sqs.QueuePolicy:
    """Refuse plain HTTP, and let SNS deliver from *topic_arns*; without the latter SNS loses messages in silence."""
    return aws.sqs.QueuePolicy(
        name,
        queue_url=queue.url,
        policy=document(_refuse_plain_http(queue), *_deliveries(queue, topic_arns)),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _refuse_plain_http(queue: aws.sqs.Queue) -> Statement:
    return deny(["sqs:*"], queue.arn, Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})


def _deliveries(queue: aws.sqs.Queue, topic_arns: Sequence[pulumi.Input[str]]) -> list[Statement]:
    if not topic_arns:
        return []
    sns = {"Service": "sns.amazonaws.com"}
    condition = {"ArnEquals": {"aws:SourceArn": list(topic_arns)}}
    return [allow(["sqs:SendMessage"], queue.arn, Principal=sns, Condition=condition)]
