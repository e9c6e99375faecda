"""Make a security group that is closed: whoever is to pass adds a rule to it."""

import pulumi
import pulumi_aws as aws

from components import names


def make_security_group(
    parent: pulumi.Resource, vpc_id: pulumi.Input[str], description: str, name: str, *role: str
) -> aws.ec2.SecurityGroup:
    """Another *description* would replace the group: give a constant. *name* is the component's."""
    return aws.ec2.SecurityGroup(
        names.logical(aws.ec2.SecurityGroup, name, *role),
        vpc_id=vpc_id,
        description=description,
        tags={"Name": name},
        opts=pulumi.ResourceOptions(parent=parent),
    )
