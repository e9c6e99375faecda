"""Open a fleet's security group towards exactly the groups it talks with, both ends of each connection."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.security_group import make_security_group

HTTPS = 443


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A store that the servers may open connections to."""

    security_group_id: pulumi.Input[str]
    port: int
    """TCP port of the store, 1 to 65535."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The servers' security group, and the rules that must stand from the first boot to the last drained request."""

    group: aws.ec2.SecurityGroup
    rules: list[pulumi.Resource]


def make_reach(parent: pulumi.Resource, name: str, vpc_id: pulumi.Input[str]) -> Reach:
    """Let servers call HTTPS endpoints anywhere (AWS's APIs, packages) and nobody call them."""
    group = make_security_group(parent, vpc_id, "Servers of one fleet", name)
    rule = aws.vpc.SecurityGroupEgressRule(
        names.logical(aws.vpc.SecurityGroupEgressRule, name, "to-https"),
        security_group_id=group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        description="APIs of AWS and the package repository",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return Reach(group, [rule])


def connect(parent: pulumi.Resource, name: str, reach: Reach, stores: Mapping[str, Connection]) -> None:
    """Let the servers call each store."""
    for store, to in stores.items():
        reach.rules.extend(_allow(parent, f"{name}-to-{store}", reach.group.id, to.security_group_id, to.port))


def accept(parent: pulumi.Resource, name: str, reach: Reach, source_id: pulumi.Input[str], port: int) -> None:
    """Let a load balancer, whose group is *source_id*, call the servers on *port*; *name* is the rules' own."""
    reach.rules.extend(_allow(parent, name, source_id, reach.group.id, port))


def _allow(
    parent: pulumi.Resource, name: str, source_id: pulumi.Input[str], target_id: pulumi.Input[str], port: int
) -> list[pulumi.Resource]:
    """Both ends of one connection: AWS's rules are about one group each, and ours have no allow-all."""
    opts = pulumi.ResourceOptions(parent=parent)
    out = aws.vpc.SecurityGroupEgressRule(
        names.logical(aws.vpc.SecurityGroupEgressRule, name),
        security_group_id=source_id,
        referenced_security_group_id=target_id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        opts=opts,
    )
    in_ = aws.vpc.SecurityGroupIngressRule(
        names.logical(aws.vpc.SecurityGroupIngressRule, name),
        security_group_id=target_id,
        referenced_security_group_id=source_id,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        opts=opts,
    )
    return [out, in_]
