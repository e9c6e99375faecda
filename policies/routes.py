"""Say whether a subnet has a way to the internet, by its own route table or by its VPC's main one."""

from __future__ import annotations

from policies.resource import Resource
from policies.stack import Stack

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
DEFAULT_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
"""The main table that a VPC is born with, taken over by a program."""
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
MAIN = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
EVERYWHERE = ("0.0.0.0/0", "::/0")


def is_public(subnet: Resource, stack: Stack) -> bool | None:
    """Whether the subnet has a route to the internet; None when its routes are not of this program.

    A subnet that is associated with no table uses its VPC's main one:
    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    associations = stack.referring(ASSOCIATION, "subnetId", subnet)
    if not associations:
        vpc = stack.one(subnet, "vpcId", VPC)
        return _is_main_public(vpc, stack) if vpc is not None else None
    tables = [found for each in associations for found in stack.referred(each, "routeTableId", ROUTE_TABLE)]
    return any(_leads_out(table, stack) for table in tables) if tables else None


def _is_main_public(vpc: Resource, stack: Stack) -> bool | None:
    """Whether the main table leads out: one that the program made the main one, or what the VPC is born with."""
    chosen = stack.referring(MAIN, "vpcId", vpc)
    if not chosen:
        born = [vpc, *stack.referring(DEFAULT_TABLE, "defaultRouteTableId", vpc)]
        return any(_leads_out(each, stack) for each in born)
    tables = [found for each in chosen for found in stack.referred(each, "routeTableId", ROUTE_TABLE)]
    return any(_leads_out(table, stack) for table in tables) if tables else None


def _leads_out(table: Resource, stack: Stack) -> bool:
    """Whether a route of *table* leads everywhere by an internet gateway; a VPC stands for its own main table."""
    routes = stack.referring(ROUTE, "routeTableId", table)
    return bool(stack.referred(table, "routes", GATEWAY)) or any(_is_way_out(each, stack) for each in routes)


def _is_way_out(route: Resource, stack: Stack) -> bool:
    if not {route.text("destinationCidrBlock"), route.text("destinationIpv6CidrBlock")} & set(EVERYWHERE):
        return False
    return bool(stack.referred(route, "gatewayId", GATEWAY))
