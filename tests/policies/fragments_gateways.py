"""Fragments about NAT gateways and endpoints."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_network import endpoint, gateway, private_subnets


def nat(subnet, **more):
    for service in ("s3", "dynamodb"):
        aws.ec2.VpcEndpoint(service, vpc_id=subnet.vpc_id, service_name=f"com.amazonaws.us-east-1.{service}")
    aws.ec2.NatGateway("nat", subnet_id=subnet.id, **{"allocation_id": "eipalloc-0123456789abcdef0", **more})


@breaks(
    "nat-in-a-public-subnet",
    "aws:ec2/natGateway:NatGateway 'nat': subnetId is \"subnet-a-10.0.0.0\"; allowed: a subnet with a "
    "route to an internet gateway.",
)
def nat_in_a_private_subnet():
    nat(private_subnets()[0])


@keeps("nat-in-a-public-subnet")
def nat_with_a_way_out():
    nat(parts.public_subnets(parts.vpc())[0])


@breaks(
    "endpoint-region",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'endpoint': serviceName is \"com.amazonaws.eu-west-1.s3\"; allowed: a "
    "name with us-east-1.",
)
def endpoint_of_another_region():
    endpoint(service_name="com.amazonaws.eu-west-1.s3")


@breaks(
    "endpoint-gateway-services",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'endpoint': vpcEndpointType is \"Gateway\"; allowed: Interface for this service.",
)
def gateway_for_a_queue():
    endpoint(service_name="com.amazonaws.us-east-1.sqs", vpc_endpoint_type="Gateway")


@keeps("endpoint-gateway-services")
def gateway_for_dynamodb():
    endpoint(service_name="com.amazonaws.us-east-1.dynamodb")


@breaks(
    "nat-beside-gateway-endpoints",
    "aws:ec2/natGateway:NatGateway 'nat': subnetId is \"endpoints for nothing\"; "
    "allowed: a NAT beside gateway endpoints for s3 and dynamodb.",
)
def nat_that_pays_for_s3():
    aws.ec2.NatGateway("nat", subnet_id=parts.public_subnets(parts.vpc())[0].id)


@breaks(
    "nat-has-an-address",
    "aws:ec2/natGateway:NatGateway 'nat': allocationId is not set; allowed: the id of an Elastic IP address.",
)
def nat_without_an_address():
    nat(parts.public_subnets(parts.vpc())[0], allocation_id=None)


@breaks(
    "nat-has-an-address",
    "aws:ec2/natGateway:NatGateway 'nat': allocationId is \"eipalloc-0123456789abcdef0\"; allowed: not set "
    "on a private gateway.",
)
def private_nat_with_an_address():
    nat(parts.public_subnets(parts.vpc())[0], connectivity_type="private")


@keeps("nat-has-an-address")
def private_nat_without_an_address():
    nat(parts.public_subnets(parts.vpc())[0], connectivity_type="private", allocation_id=None)


def nat_by_the_main_table(leads_out=False, table=None):
    """A NAT gateway in a subnet that is associated with no table."""
    within = parts.vpc()
    way = {"destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway(within).id}
    main = table(within) if table else within.main_route_table_id
    if leads_out:
        aws.ec2.Route("out", route_table_id=main, **way)
    nat(parts.subnet(within))


def taken_over(within):
    return aws.ec2.DefaultRouteTable("main", default_route_table_id=within.default_route_table_id).id


def made_the_main(within):
    made = aws.ec2.RouteTable("main", vpc_id=within.id)
    aws.ec2.MainRouteTableAssociation("main", vpc_id=within.id, route_table_id=made.id)
    return made.id


@breaks(
    "nat-in-a-public-subnet",
    "aws:ec2/natGateway:NatGateway 'nat': subnetId is \"subnet-a-10.0.0.0\"; allowed: a subnet with a route"
    " to an internet gateway.",
)
def nat_by_a_main_table_without_a_way_out():
    nat_by_the_main_table()


@breaks(
    "nat-in-a-public-subnet",
    "aws:ec2/natGateway:NatGateway 'nat': subnetId is \"subnet-a-10.0.0.0\"; allowed: a subnet with a route"
    " to an internet gateway.",
)
def nat_by_a_table_that_was_made_the_main_one():
    nat_by_the_main_table(table=made_the_main)


@keeps("nat-in-a-public-subnet")
def nat_by_a_main_table_with_a_way_out():
    nat_by_the_main_table(leads_out=True)


@keeps("nat-in-a-public-subnet")
def nat_by_a_main_table_that_was_taken_over():
    nat_by_the_main_table(leads_out=True, table=taken_over)


@keeps("nat-in-a-public-subnet")
def nat_by_another_main_table_with_a_way_out():
    nat_by_the_main_table(leads_out=True, table=made_the_main)


@breaks(
    "endpoint-interface-has-no-routes",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'endpoint': routeTableIds is [\"rtb-made-elsewhere\"]; allowed: not "
    "set on an interface endpoint.",
)
def interface_with_routes():
    endpoint(service_name="com.amazonaws.us-east-1.sqs", vpc_endpoint_type="Interface", private_dns_enabled=True,
             subnet_ids=["subnet-made-elsewhere"], route_table_ids=["rtb-made-elsewhere"])  # fmt: skip


@keeps("endpoint-interface-has-no-routes")
def gateway_with_routes():
    endpoint(route_table_ids=["rtb-made-elsewhere"])
