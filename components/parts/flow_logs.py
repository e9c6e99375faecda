"""Log every connection of a VPC into CloudWatch."""

import pulumi
import pulumi_aws as aws

from components import names, policy
from components.parts.subnets import Site

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
FIND_ACTIONS = ("logs:DescribeLogGroups",)
"""Allowed on one log group it allows nothing: its resource must be every group (CloudWatch Logs User Guide, "Logs sent
to CloudWatch Logs")."""


def make_flow_log(site: Site, retention_days: int | None) -> aws.ec2.FlowLog | None:
    """Log accepted and rejected traffic, summed up over 10 minutes; None when nothing is kept."""
    if retention_days is None:
        return None
    name, tags = site.named("flow-logs")
    group = aws.cloudwatch.LogGroup(
        names.logical(aws.cloudwatch.LogGroup, name), retention_in_days=retention_days, opts=site.opts
    )
    writer = _writer(site, name)
    may_write = aws.iam.RolePolicy(
        names.logical(aws.iam.RolePolicy, name),
        role=writer.name,
        policy=policy.document(
            policy.allow(WRITE_ACTIONS, group.arn.apply(lambda arn: f"{arn}:*")),
            policy.allow(FIND_ACTIONS, group.arn.apply(_every_group)),
        ),
        opts=site.opts,
    )
    return aws.ec2.FlowLog(
        name,
        vpc_id=site.vpc.id,
        traffic_type="ALL",
        log_destination=group.arn,
        iam_role_arn=writer.arn,
        max_aggregation_interval=600,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=site.owner, depends_on=[may_write]),
    )


def _every_group(arn: str) -> str:
    """Every log group of the account and region of the one with *arn*."""
    return ":".join([*arn.split(":")[:5], "log-group", "*"])


def _writer(site: Site, name: str) -> aws.iam.Role:
    """The service's role, for this account's logs only (VPC User Guide, "IAM role for publishing flow logs")."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": site.vpc.owner_id}},
    }
    return aws.iam.Role(names.logical(aws.iam.Role, name), assume_role_policy=policy.document(trust), opts=site.opts)
