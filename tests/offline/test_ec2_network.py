"""VPC resources read back from the offline account."""

import json

import pulumi_aws as aws
import pytest

from tests.deploying import deploy

TAGS = {"Name": "net"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


def program():
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, tags=TAGS)
    aws.ec2.DefaultSecurityGroup("default", vpc_id=vpc.id, tags=TAGS)
    subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="us-east-1b")
    aws.ec2.Subnet("open", vpc_id=vpc.id, cidr_block="10.0.2.0/24", map_public_ip_on_launch=True, tags=TAGS)
    internet = aws.ec2.InternetGateway("internet", vpc_id=vpc.id, tags=TAGS)
    address = aws.ec2.Eip("address", domain="vpc", tags=TAGS)
    nat = aws.ec2.NatGateway("nat", subnet_id=subnet.id, allocation_id=address.allocation_id, tags=TAGS)
    table = aws.ec2.RouteTable("table", vpc_id=vpc.id, tags=TAGS)
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat.id)
    aws.ec2.Route("in", route_table_id=table.id, destination_cidr_block="192.0.2.0/24", gateway_id=internet.id)
    aws.ec2.RouteTableAssociation("joined", route_table_id=table.id, subnet_id=subnet.id)
    group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id)
    aws.ec2.VpcEndpoint(
        "s3", vpc_id=vpc.id, service_name="com.amazonaws.us-east-1.s3", route_table_ids=[table.id], policy=POLICY
    )
    aws.ec2.VpcEndpoint(
        "sqs",
        vpc_id=vpc.id,
        service_name="com.amazonaws.us-east-1.sqs",
        vpc_endpoint_type="Interface",
        subnet_ids=[subnet.id],
        security_group_ids=[group.id],
        private_dns_enabled=True,
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_every_emulated_property_reads_back_as_it_went_in(deployed):
    assert deployed.differences() == {}


def test_a_vpc_says_what_came_along_with_it(deployed):
    vpc = deployed.one("aws:ec2/vpc:Vpc")
    of_vpc = [{"Name": "vpc-id", "Values": [vpc.id]}]
    tables = deployed.client("ec2").describe_route_tables(Filters=of_vpc)["RouteTables"]
    main = [table["RouteTableId"] for table in tables if any(each["Main"] for each in table["Associations"])]
    assert [vpc.outputs["mainRouteTableId"]] == main
    assert vpc.outputs["defaultSecurityGroupId"] == deployed.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").id


def test_an_adopted_default_group_has_no_rule_left(deployed):
    group = deployed.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    filters = [{"Name": "group-id", "Values": [group.id]}]
    assert deployed.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"] == []


def test_only_the_subnet_that_asks_for_it_gives_public_addresses(deployed):
    ids = [subnet.id for subnet in deployed.of_type("aws:ec2/subnet:Subnet")]
    held = deployed.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]
    assert {subnet["CidrBlock"]: subnet["MapPublicIpOnLaunch"] for subnet in held} == {
        "10.0.1.0/24": False,
        "10.0.2.0/24": True,
    }


def test_routes_lead_to_their_gateways(deployed):
    table = deployed.one("aws:ec2/routeTable:RouteTable")
    [held] = deployed.client("ec2").describe_route_tables(RouteTableIds=[table.id])["RouteTables"]
    leads = {
        route.get("DestinationCidrBlock"): route.get("NatGatewayId") or route["GatewayId"] for route in held["Routes"]
    }
    nat, internet = (
        deployed.one(f"aws:ec2/{kind}").id for kind in ("natGateway:NatGateway", "internetGateway:InternetGateway")
    )
    assert (leads["0.0.0.0/0"], leads["192.0.2.0/24"]) == (nat, internet)


def test_a_route_is_called_as_terraform_calls_it(deployed):
    route = deployed.one("aws:ec2/route:Route", "out")
    assert route.id == f"r-{deployed.one('aws:ec2/routeTable:RouteTable').id}1080289494"  # crc32 of 0.0.0.0/0


def test_a_nat_gateway_answers_under_its_address(deployed):
    address, nat = deployed.one("aws:ec2/eip:Eip"), deployed.one("aws:ec2/natGateway:NatGateway")
    assert nat.outputs["publicIp"] == address.outputs["publicIp"]


def test_a_gateway_endpoint_says_whose_addresses_it_routes(deployed):
    endpoint = deployed.one("aws:ec2/vpcEndpoint:VpcEndpoint", "s3")
    filters = [{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-east-1.s3"]}]
    [prefixes] = deployed.client("ec2").describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    assert endpoint.outputs["prefixListId"] == prefixes["PrefixListId"]


def test_an_interface_endpoint_stands_in_its_subnets(deployed):
    endpoint = deployed.one("aws:ec2/vpcEndpoint:VpcEndpoint", "sqs")
    [held] = deployed.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint.id])["VpcEndpoints"]
    assert (held["PrivateDnsEnabled"], held["SubnetIds"]) == (
        True,
        [deployed.one("aws:ec2/subnet:Subnet", "subnet").id],
    )
