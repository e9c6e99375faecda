"""Open a fleet's security group towards exactly the groups it talks with, both ends of each connection."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names

HTTPS = 443


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A store that the servers may open connections to."""

    security_group_id: pulumi.Input[str]
    port: int
    """TCP port of the store, 1 to 65535."""


def make_group(parent: pulumi.Resource, name: str, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    """Let servers call HTTPS endpoints anywhere (AWS's APIs, packages) and nobody call them."""
    group = aws.ec2.SecurityGroup(
        names.logical(aws.ec2.SecurityGroup.pulumi_type, name),
        vpc_id=vpc_id,
        description="Servers of one fleet",  # constant: another text replaces the group
        tags={"Name": name},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    aws.vpc.SecurityGroupEgressRule(
        names.logical(aws.vpc.SecurityGroupEgressRule.pulumi_type, name, "to-https"),
        security_group_id=group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description="AWS's APIs and the package repository",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return group


def connect(parent: pulumi.Resource, name: str, group: aws.ec2.SecurityGroup, stores: Mapping[str, Connection]) -> None:
    """Let the servers call each store."""
    for store, connection in stores.items():
        _allow(parent, f"{name}-to-{store}", group.id, connection.security_group_id, connection.port)


def accept(
    parent: pulumi.Resource, name: str, group: aws.ec2.SecurityGroup, source_id: pulumi.Input[str], port: int
) -> None:
    """Let the load balancer, whose group is *source_id*, call the servers on *port*."""
    _allow(parent, f"{name}-from-balancer", source_id, group.id, port)


def _allow(
    parent: pulumi.Resource, name: str, source_id: pulumi.Input[str], target_id: pulumi.Input[str], port: int
) -> None:
    """Both ends of one connection: AWS's rules are about one group each, and ours have no allow-all."""
    opts = pulumi.ResourceOptions(parent=parent)
    shared = {"ip_protocol": "tcp", "from_port": port, "to_port": port, "opts": opts}
    aws.vpc.SecurityGroupEgressRule(
        names.logical(aws.vpc.SecurityGroupEgressRule.pulumi_type, name),
        security_group_id=source_id,
        referenced_security_group_id=target_id,
        **shared,
    )
    aws.vpc.SecurityGroupIngressRule(
        names.logical(aws.vpc.SecurityGroupIngressRule.pulumi_type, name),
        security_group_id=target_id,
        referenced_security_group_id=source_id,
        **shared,
    )
