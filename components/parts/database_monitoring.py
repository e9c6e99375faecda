"""Let RDS send what it measures inside an instance's operating system to CloudWatch."""

import pulumi
import pulumi_aws as aws

from components import names
from components.policy import service_trust

POLICY = "service-role/AmazonRDSEnhancedMonitoringRole"


def monitoring_role(parent: pulumi.Resource, name: str, interval_s: int) -> pulumi.Output[str] | None:
    """Give the ARN of a role that may do so, once it may; None when *interval_s* is 0, which is off."""
    if not interval_s:
        return None
    opts = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        names.logical(aws.iam.Role, name, "monitoring"),
        assume_role_policy=service_trust("monitoring.rds.amazonaws.com"),
        opts=opts,
    )
    partition = aws.get_partition_output(opts=pulumi.InvokeOptions(parent=parent)).partition
    attached = aws.iam.RolePolicyAttachment(
        f"{name}-monitoring",
        role=role.name,
        policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/", POLICY),
        opts=opts,
    )
    return pulumi.Output.all(role.arn, attached.id).apply(lambda both: both[0])
