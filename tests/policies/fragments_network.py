"""Fragments about networks, their subnets and routes."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

S3 = "com.amazonaws.us-east-1.s3"


def endpoint(**more):
    if "vpc_id" not in more:
        more["vpc_id"] = parts.vpc().id
    return aws.ec2.VpcEndpoint("endpoint", **{"service_name": S3, **more})


def gateway(vpc, name="internet"):
    return aws.ec2.InternetGateway(name, vpc_id=vpc.id)


def route(name, **more):
    aws.ec2.Route(name, **{"destination_cidr_block": "0.0.0.0/0", **more})


def private_subnets():
    made = parts.subnets(vpc := parts.vpc())
    table = aws.ec2.RouteTable("private", vpc_id=vpc.id)
    for number, each in enumerate(made):
        aws.ec2.RouteTableAssociation(f"private-{number}", route_table_id=table.id, subnet_id=each.id)
    return made


@breaks(
    "network-range",
    "aws:ec2/vpc:Vpc 'vpc': cidrBlock is \"10.0.0.1/16\"; allowed: a range of /16 to /28 with zeros behind the prefix.",
)
def host_bits():
    parts.vpc(cidr="10.0.0.1/16")


@breaks(
    "network-range",
    "aws:ec2/subnet:Subnet 'subnet-a-10.0.0.0': cidrBlock is \"10.0.0.0/29\"; allowed: a range of /16 to "
    "/28 with zeros behind the prefix.",
)
def subnet_of_29():
    parts.subnet(parts.vpc(), cidr="10.0.0.0/29")


@keeps("network-range")
def subnet_of_28():
    parts.subnet(parts.vpc(), cidr="10.0.0.0/28")


@breaks(
    "subnet-within-vpc",
    "aws:ec2/subnet:Subnet 'subnet-a-10.1.0.0': cidrBlock is \"10.1.0.0/24\"; allowed: a part of 10.0.0.0/16.",
)
def subnet_elsewhere():
    parts.subnet(parts.vpc(), cidr="10.1.0.0/24")


@keeps("subnet-within-vpc")
def subnet_at_the_end():
    parts.subnet(parts.vpc(), cidr="10.0.255.0/24")


@breaks(
    "subnet-ranges-apart",
    "aws:ec2/subnet:Subnet 'subnet-a-10.0.0.0': cidrBlock is \"10.0.0.0/23\"; allowed: a range apart from "
    "subnet-b-10.0.1.0's 10.0.1.0/24.",
    "aws:ec2/subnet:Subnet 'subnet-b-10.0.1.0': cidrBlock is \"10.0.1.0/24\"; allowed: a range apart from "
    "subnet-a-10.0.0.0's 10.0.0.0/23.",
)
def overlapping_subnets():
    within = parts.vpc()
    parts.subnet(within, "a", "10.0.0.0/23")
    parts.subnet(within, "b", "10.0.1.0/24")


@keeps("subnet-ranges-apart")
def adjacent_subnets():
    within = parts.vpc()
    parts.subnet(within, "a", "10.0.0.0/23")
    parts.subnet(within, "b", "10.0.2.0/24")


@breaks(
    "vpc-dns",
    "aws:ec2/vpc:Vpc 'vpc': enableDnsHostnames is not set; allowed: true, as an endpoint of it has private DNS.",
)
def private_names_without_dns():
    within = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    endpoint(vpc_id=within.id, service_name="com.amazonaws.us-east-1.sqs", vpc_endpoint_type="Interface",
             private_dns_enabled=True)  # fmt: skip


@keeps("vpc-dns")
def private_names_with_dns():
    endpoint(service_name="com.amazonaws.us-east-1.sqs", vpc_endpoint_type="Interface", private_dns_enabled=True,
             subnet_ids=["subnet-made-elsewhere"])  # fmt: skip


@breaks(
    "subnet-public-addresses",
    "aws:ec2/subnet:Subnet 'subnet-a-10.0.0.0': mapPublicIpOnLaunch is true; allowed: false.",
)
def public_addresses_for_all():
    parts.subnet(parts.vpc(), map_public_ip_on_launch=True)


@breaks(
    "internet-gateway-once",
    "aws:ec2/internetGateway:InternetGateway 'one': vpcId is \"vpc\"; allowed: a VPC that has no other "
    "internet gateway.",
    "aws:ec2/internetGateway:InternetGateway 'two': vpcId is \"vpc\"; allowed: a VPC that has no other "
    "internet gateway.",
)
def two_gateways():
    within = parts.vpc()
    gateway(within, "one")
    gateway(within, "two")


@keeps("internet-gateway-once")
def a_gateway_for_each_vpc():
    gateway(parts.vpc("one"), "one")
    gateway(parts.vpc("two"), "two")


@breaks(
    "route-one-target",
    "aws:ec2/route:Route 'r': gatewayId is []; allowed: exactly one target.",
)
def route_to_nowhere():
    route("r", route_table_id=aws.ec2.RouteTable("t", vpc_id=parts.vpc().id).id)


@breaks(
    "route-once",
    "aws:ec2/route:Route 'a': destinationCidrBlock is \"0.0.0.0/0\"; allowed: a destination that no other "
    "route of t has.",
    "aws:ec2/route:Route 'b': destinationCidrBlock is \"0.0.0.0/0\"; allowed: a destination that no other "
    "route of t has.",
)
def route_given_twice():
    within = parts.vpc()
    table = aws.ec2.RouteTable("t", vpc_id=within.id)
    out = gateway(within)
    route("a", route_table_id=table.id, gateway_id=out.id)
    route("b", route_table_id=table.id, gateway_id=out.id)


@keeps("route-once")
def two_destinations():
    within = parts.vpc()
    table = aws.ec2.RouteTable("t", vpc_id=within.id)
    out = gateway(within)
    route("a", route_table_id=table.id, gateway_id=out.id)
    route("b", route_table_id=table.id, gateway_id=out.id, destination_cidr_block="192.0.2.0/24")


@breaks(
    "balancer-in-public-subnets",
    "aws:lb/loadBalancer:LoadBalancer 'lb': subnets is \"subnet-a-10.0.0.0\"; allowed: subnets with a "
    "route to an internet gateway.",
    "aws:lb/loadBalancer:LoadBalancer 'lb': subnets is \"subnet-b-10.0.1.0\"; allowed: subnets with a "
    "route to an internet gateway.",
)
def balancer_in_private_subnets():
    parts.balancer(subnets=[each.id for each in private_subnets()])


@keeps("balancer-in-public-subnets")
def internal_balancer_in_private_subnets():
    parts.balancer(subnets=[each.id for each in private_subnets()], internal=True)


@breaks(
    "data-in-private-subnets",
    "aws:rds/subnetGroup:SubnetGroup 'db': subnetIds is \"subnet-a-10.0.0.0\"; allowed: subnets without a "
    "route to an internet gateway.",
    "aws:rds/subnetGroup:SubnetGroup 'db': subnetIds is \"subnet-b-10.0.1.0\"; allowed: subnets without a "
    "route to an internet gateway.",
)
def database_on_the_internet():
    aws.rds.SubnetGroup("db", subnet_ids=[each.id for each in parts.public_subnets(parts.vpc())])


@keeps("data-in-private-subnets")
def database_off_the_internet():
    aws.rds.SubnetGroup("db", subnet_ids=[each.id for each in private_subnets()])


@breaks(
    "database-subnets-in-two-zones",
    "aws:rds/subnetGroup:SubnetGroup 'db': subnetIds is [\"us-east-1a\"]; allowed: subnets in two or more zones.",
)
def database_in_one_zone():
    within = parts.vpc()
    both = [parts.subnet(within, "a", "10.0.0.0/24"), parts.subnet(within, "a", "10.0.1.0/24")]
    aws.rds.SubnetGroup("db", subnet_ids=[each.id for each in both])


@breaks(
    "addresses-within-the-quota",
    "aws:ec2/eip:Eip 'eip-5': domain is \"6 addresses\"; allowed: 5 addresses in a region.",
)
def six_addresses():
    for number in range(6):
        aws.ec2.Eip(f"eip-{number}")


@keeps("addresses-within-the-quota")
def five_addresses():
    for number in range(5):
        aws.ec2.Eip(f"eip-{number}")
