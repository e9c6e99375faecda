"""What the network's arguments change, and in which order its parts come to be."""

import pulumi_aws as aws
import pytest

from components.network import Network, NetworkArgs
from tests.deploying import deploy

ZONES = ("us-east-1a", "us-east-1b", "us-east-1d")
CIDR = "10.20.0.0/18"


def args(**choices):
    return NetworkArgs(**{"cidr": CIDR, "zones": ZONES, "region": "us-east-1", **choices})


def deployed(**choices):
    return deploy(lambda: Network("network", args(**choices)))


def ways_out(done):
    """Where each table's route to everywhere leads, by the table's name."""
    tables = done.client("ec2").describe_route_tables()["RouteTables"]
    return {
        {tag["Key"]: tag["Value"] for tag in table["Tags"]}["Name"]: route.get("NatGatewayId") or route["GatewayId"]
        for table in tables
        for route in table["Routes"]
        if route.get("DestinationCidrBlock") == "0.0.0.0/0"
    }


def nat(done, letter):
    return done.one("aws:ec2/natGateway:NatGateway", f"network-nat-zone-{letter}").id


def test_a_nat_gateway_per_zone_is_what_one_gets():
    done = deployed()
    assert [len(done.of_type(f"aws:ec2/{kind}")) for kind in ("eip:Eip", "natGateway:NatGateway")] == [3, 3]


def test_a_single_nat_gateway_serves_every_zone():
    done = deployed(nat_gateways="single")
    one = nat(done, "a")
    assert {name: way for name, way in ways_out(done).items() if "app" in name} == {
        "network-app-zone-a": one,
        "network-app-zone-b": one,
        "network-app-zone-d": one,
    }


def test_without_nat_gateways_no_private_subnet_has_a_way_out_and_no_address_is_paid():
    done = deployed(nat_gateways="none")
    assert list(ways_out(done)) == ["network-public"]
    assert done.client("ec2").describe_addresses()["Addresses"] == []


def test_interface_endpoints_and_flow_logs_are_made_on_request_only():
    done = deployed()
    kinds = {endpoint["VpcEndpointType"] for endpoint in done.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]}
    assert (kinds, done.client("ec2").describe_flow_logs()["FlowLogs"]) == ({"Gateway"}, [])


def urns(done, token):
    return {resource.urn for resource in done.of_type(token)}


@pytest.mark.parametrize("kind", ["routeTableAssociation:RouteTableAssociation", "vpcEndpoint:VpcEndpoint"])
def test_subnet_groups_come_after_what_makes_their_subnets_of_use(kind):
    done = deployed()
    group = done.one("aws:rds/subnetGroup:SubnetGroup")
    needed = {urn for urn in urns(done, f"aws:ec2/{kind}") if "zone" not in urn or "-data-" in urn}
    assert needed <= set(group.property_dependencies["subnetIds"])


def test_servers_that_take_the_app_subnets_come_after_the_way_out():
    def program():
        network = Network("network", args(interface_endpoints=True))
        aws.ec2.SecurityGroup("server", description=network.app_subnet_ids.apply(" ".join))

    done = deploy(program)
    after = set(done.one("aws:ec2/securityGroup:SecurityGroup", "server").property_dependencies["description"])
    ways = {urn for urn in urns(done, "aws:ec2/route:Route") if "-to-nat" in urn}
    assert len(ways) == 3
    assert ways | urns(done, "aws:ec2/vpcEndpoint:VpcEndpoint") <= after


def test_nat_gateways_come_after_the_route_to_the_internet():
    done = deployed()
    route = done.one("aws:ec2/route:Route", "network-public-to-internet").urn
    gateways = done.of_type("aws:ec2/natGateway:NatGateway")
    assert [route in gateway.options.depends_on for gateway in gateways] == [True, True, True]


def test_two_networks_stand_side_by_side():
    def program():
        Network("one", args())
        Network("two", args(cidr="10.30.0.0/18"))

    done = deploy(program)
    blocks = [vpc["CidrBlock"] for vpc in done.client("ec2").describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    assert sorted(blocks) == [CIDR, "10.30.0.0/18"]


def test_every_part_of_a_network_belongs_to_it():
    done = deployed(interface_endpoints=True, flow_log_retention_days=7)
    network = done.one("bigpicture:network:Network").urn
    assert {part.parent for part in done.graph.resources if part.custom} == {network}


def test_no_security_group_holds_rules_of_its_own():
    done = deployed(interface_endpoints=True)
    groups = [
        done.one(f"aws:ec2/{kind}")
        for kind in ("securityGroup:SecurityGroup", "defaultSecurityGroup:DefaultSecurityGroup")
    ]
    assert [{"ingress", "egress"} & group.inputs.keys() for group in groups] == [set(), set()]


def test_a_network_in_one_region_names_no_other():
    region = "eu-central-1"
    zones = [f"{region}{letter}" for letter in "ab"]
    choices = args(region=region, zones=zones, interface_endpoints=True, flow_log_retention_days=7)
    done = deploy(lambda: Network("network", choices), region=region)
    assert "us-east-1" not in repr([resource.inputs for resource in done.graph.resources])


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [
        ({"zones": ["us-east-1a"]}, "zones is us-east-1a; allowed: at least 2 different zones of us-east-1"),
        ({"zones": []}, "zones is empty; allowed: at least 2"),
        ({"zones": ["us-east-1a", "us-east-1a"]}, "zones is us-east-1a, us-east-1a; allowed: at least 2 different"),
        ({"zones": ["us-east-1a", "eu-west-1b"]}, "allowed: at least 2 different zones of us-east-1, us-east-1a to h"),
        ({"zones": ["us-east-1a", "us-east-1-bos-1a"]}, "allowed: at least 2 different zones of us-east-1"),
        ({"nat_gateways": "two"}, "nat_gateways is 'two'; allowed: none, single, per-zone. Fix: nat_gateways"),
        ({"zones": [f"us-east-1{letter}" for letter in "abcdef"]}, "nat_gateways is per-zone in 6 zones; allowed: 5"),
        ({"cidr": "10.0.0.0/8"}, "cidr is '10.0.0.0/8'; allowed: a private block of /16 to /21"),
    ],
)
def test_a_choice_that_aws_would_refuse_is_refused_before_anything_is_made(choices, refusal):
    with pytest.raises(ValueError, match=refusal):
        args(**choices)
