"""Fragments about what is given away twice."""

from typing import Any

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def associated(*names):
    """A subnet with a route table for each of *names*."""
    within = parts.vpc()
    subnet = parts.subnet(within)
    for name in names:
        table = aws.ec2.RouteTable(name, vpc_id=within.id)
        aws.ec2.RouteTableAssociation(name, route_table_id=table.id, subnet_id=subnet.id)


def gateways(*, addresses):
    """Two NAT gateways that share the last of *addresses*."""
    made = [aws.ec2.Eip(name, domain="vpc") for name in addresses]
    for number, subnet in enumerate(parts.public_subnets(parts.vpc())):
        aws.ec2.NatGateway(f"nat-{number}", subnet_id=subnet.id, allocation_id=made[min(number, len(made) - 1)].id)


def led_out(**by):
    within = parts.vpc()
    address = aws.ec2.Eip("address", domain="vpc")
    nat = aws.ec2.NatGateway("nat", subnet_id=parts.public_subnets(within)[0].id, allocation_id=address.id)
    table = aws.ec2.RouteTable("private", vpc_id=within.id)
    target: dict[str, Any] = dict.fromkeys(by, nat.id)
    aws.ec2.Route("private", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", **target)


def endpoint(zones):
    within = parts.vpc()
    subnets = [parts.subnet(within, zone, f"10.0.{number}.0/24") for number, zone in enumerate(zones)]
    name = "com.amazonaws.us-east-1.sqs"
    ids = [each.id for each in subnets]
    aws.ec2.VpcEndpoint("sqs", vpc_id=within.id, service_name=name, vpc_endpoint_type="Interface", subnet_ids=ids)


def notified(*names):
    bucket = aws.s3.Bucket("b")
    for name in names:
        aws.s3.BucketNotification(name, bucket=bucket.id, eventbridge=True)


@breaks(
    "subnet-of-one-route-table",
    "aws:ec2/routeTableAssociation:RouteTableAssociation 'a': subnetId is \"subnet-a-10.0.0.0\"; allowed: "
    "a subnet that b does not associate.",
    "aws:ec2/routeTableAssociation:RouteTableAssociation 'b': subnetId is \"subnet-a-10.0.0.0\"; allowed: "
    "a subnet that a does not associate.",
)
def subnet_of_two_tables():
    associated("a", "b")


@keeps("subnet-of-one-route-table")
def subnet_of_one_table():
    associated("a")


@breaks(
    "address-of-one-gateway",
    "aws:ec2/natGateway:NatGateway 'nat-0': allocationId is \"shared\"; allowed: an address that nat-1 does not have.",
    "aws:ec2/natGateway:NatGateway 'nat-1': allocationId is \"shared\"; allowed: an address that nat-0 does not have.",
)
def address_of_two_gateways():
    gateways(addresses=["shared"])


@keeps("address-of-one-gateway")
def address_for_each_gateway():
    gateways(addresses=["a", "b"])


@breaks(
    "route-to-a-nat-by-its-name",
    "aws:ec2/route:Route 'private': gatewayId is \"nat\"; allowed: an internet gateway or a virtual private gateway.",
)
def nat_as_an_internet_gateway():
    led_out(gateway_id=True)


@keeps("route-to-a-nat-by-its-name")
def nat_as_a_nat():
    led_out(nat_gateway_id=True)


@breaks(
    "endpoint-of-one-subnet-a-zone",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'sqs': subnetIds is \"two in us-east-1a\"; allowed: one subnet in each zone.",
)
def endpoint_twice_in_a_zone():
    endpoint("aa")


@keeps("endpoint-of-one-subnet-a-zone")
def endpoint_in_two_zones():
    endpoint("ab")


@breaks(
    "bucket-notified-once",
    "aws:s3/bucketNotification:BucketNotification 'a': bucket is \"b\"; allowed: a bucket that b does not configure.",
    "aws:s3/bucketNotification:BucketNotification 'b': bucket is \"b\"; allowed: a bucket that a does not configure.",
)
def bucket_of_two_notifications():
    notified("a", "b")


@keeps("bucket-notified-once")
def bucket_of_one_notification():
    notified("a")
