"""Rules of what must be of one VPC: what runs in a subnet, and the security groups and routes that it is given."""

from __future__ import annotations

from collections.abc import Iterator

from policies.openings import GROUP
from policies.resource import Resource
from policies.routes import ASSOCIATION, ROUTE_TABLE, SUBNET, VPC
from policies.rule import stack_rule
from policies.rules.fleets import GROUP as FLEET
from policies.rules.fleets import TEMPLATE
from policies.rules.network import CACHE_SUBNETS, DATABASE_SUBNETS, ENDPOINT
from policies.stack import Stack
from policies.values import Fault

EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
SHARED = "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"
LAMBDA = "aws:lambda/function:Function"
KINDS = {GROUP: "security groups", ROUTE_TABLE: "route tables", SUBNET: "subnets"}
GROUPS_OF_TEMPLATES = ("vpcSecurityGroupIds", "networkInterfaces")
INSTANCE = "aws:ec2/instance:Instance"
PLACED: dict[str, tuple[str, tuple[str, ...]]] = {
    INSTANCE: ("vpcSecurityGroupIds", ("subnetId",)),
    LAMBDA: ("vpcConfig.securityGroupIds", ("vpcConfig.subnetIds",)),
    "aws:elasticache/cluster:Cluster": ("securityGroupIds", ("subnetGroupName", CACHE_SUBNETS)),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("securityGroupIds", ("subnetGroupName", CACHE_SUBNETS)),
    "aws:elasticache/serverlessCache:ServerlessCache": ("securityGroupIds", ("subnetIds",)),
    "aws:rds/cluster:Cluster": ("vpcSecurityGroupIds", ("dbSubnetGroupName", DATABASE_SUBNETS)),
    "aws:rds/instance:Instance": ("vpcSecurityGroupIds", ("dbSubnetGroupName", DATABASE_SUBNETS)),
}
"""Type -> where it names its security groups, and its subnets: itself, or by a subnet group of the type beside."""


@stack_rule(*PLACED, source=GUIDE, fix="use a security group of the VPC that its subnets are in")
def security_group_of_its_vpc(user: Resource, stack: Stack) -> Iterator[Fault]:
    """What runs in a subnet takes security groups of that subnet's VPC alone."""
    path, (where, *through) = PLACED[user.type]
    holders = stack.referred(user, where, through[0]) if through else [user]
    subnets = [each for holder in holders for each in stack.referred(holder, "subnetIds" if through else where, SUBNET)]
    yield from _foreign(user, path, stack.referred(user, path, GROUP), subnets, stack)


@stack_rule(FLEET, source=GUIDE, fix="use a security group of the VPC that its subnets are in")
def fleet_security_group_of_its_vpc(fleet: Resource, stack: Stack) -> Iterator[Fault]:
    """No server starts while its launch template's security groups are of another VPC than the group's subnets."""
    subnets = stack.referred(fleet, "vpcZoneIdentifiers", SUBNET)
    for way in ("launchTemplate", "mixedInstancesPolicy"):
        for template in stack.referred(fleet, way, TEMPLATE):
            groups = [found for path in GROUPS_OF_TEMPLATES for found in stack.referred(template, path, GROUP)]
            yield from _foreign(fleet, way, groups, subnets, stack)


@stack_rule(ASSOCIATION, source=f"{EC2}API_AssociateRouteTable.html", fix="use a route table of the subnet's VPC")
def route_table_of_its_vpc(association: Resource, stack: Stack) -> Iterator[Fault]:
    """A route table serves the subnets and gateways of its own VPC alone."""
    subnets = stack.referred(association, "subnetId", SUBNET)
    tables = stack.referred(association, "routeTableId", ROUTE_TABLE)
    yield from _foreign(association, "routeTableId", tables, subnets, stack)


@stack_rule(ENDPOINT, source=f"{EC2}API_CreateVpcEndpoint.html", fix="use what is of the endpoint's own VPC")
def endpoint_within_its_vpc(endpoint: Resource, stack: Stack) -> Iterator[Fault]:
    """An endpoint stands in subnets, route tables and security groups of its own VPC."""
    for path, type_ in (("subnetIds", SUBNET), ("routeTableIds", ROUTE_TABLE), ("securityGroupIds", GROUP)):
        yield from _foreign(endpoint, path, stack.referred(endpoint, path, type_), [endpoint], stack)


def _foreign(user: Resource, path: str, used: list[Resource], home: list[Resource], stack: Stack) -> Iterator[Fault]:
    """A fault for each of *used* whose VPC is none of those that *home* is in, where both are of this program."""
    vpcs = {vpc for each in home for vpc in stack.referred(each, "vpcId", VPC)}
    for each in used:
        places = [stack.referred(where, "vpcId", VPC)
                  for where in (each, *stack.referring(SHARED, "securityGroupId", each))]  # fmt: skip
        its = {found for place in places for found in place}
        if vpcs and all(places) and not vpcs & its:
            yield user.fault(
                path, f"{KINDS[each.type]} of {' or '.join(sorted(vpc.name for vpc in vpcs))}", got=each.name
            )
