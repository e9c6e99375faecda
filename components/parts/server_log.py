"""Keep what a fleet's servers log after the servers are gone: a log group that they alone may write to."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.policy import allow, document

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
"""What the CloudWatch agent needs where the group is there; with CreateLogGroup it would revive a deleted one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerLog:
    """Where servers log to. Storing costs about 0.03 USD per GB and month, taking it in 0.50 USD per GB."""

    name: str
    """Log group, unique in its account and region: user data names it before there is a fleet to name it after."""
    retention_days: int
    """Days for which it is kept; CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, ..."""


def make_log(parent: pulumi.Resource, name: str, log: ServerLog) -> pulumi.Output[str]:
    """Make the group as the child `name-log` of *parent*; gives the policy that lets a server write streams into it."""
    group = aws.cloudwatch.LogGroup(
        names.logical(aws.cloudwatch.LogGroup, name, "log"),
        name=log.name,
        retention_in_days=log.retention_days,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return document(allow(WRITE_ACTIONS, group.arn.apply(lambda arn: f"{arn}:*")))
