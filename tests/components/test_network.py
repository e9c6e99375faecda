"""The network, read back from the account: who reaches whom, and by which way out."""

import json

import pytest

from components.network import Network, NetworkArgs
from tests.deploying import deploy

REGION = "eu-west-1"
ZONES = tuple(f"{REGION}{letter}" for letter in "abc")
SUBNET = "aws:ec2/subnet:Subnet"
PLAN = {
    "network-public-zone-a": "10.0.0.0/21",
    "network-public-zone-b": "10.0.8.0/21",
    "network-public-zone-c": "10.0.16.0/21",
    "network-app-zone-a": "10.0.64.0/21",
    "network-app-zone-b": "10.0.72.0/21",
    "network-app-zone-c": "10.0.80.0/21",
    "network-data-zone-a": "10.0.128.0/21",
    "network-data-zone-b": "10.0.136.0/21",
    "network-data-zone-c": "10.0.144.0/21",
}


@pytest.fixture(scope="module")
def deployed():
    args = NetworkArgs(
        cidr="10.0.0.0/16", zones=ZONES, region=REGION, interface_endpoints=True, flow_log_retention_days=90
    )
    return deploy(lambda: Network("network", args), region=REGION)


def ec2(deployed):
    return deployed.client("ec2")


def outputs(deployed):
    return deployed.one("bigpicture:network:Network").outputs


def routes_of(deployed, subnet):
    """What a subnet's own route table says: destination -> where it leads."""
    filters = [{"Name": "association.subnet-id", "Values": [deployed.one(SUBNET, subnet).id]}]
    [table] = ec2(deployed).describe_route_tables(Filters=filters)["RouteTables"]
    return {
        route.get("DestinationCidrBlock") or route["DestinationPrefixListId"]: route.get("NatGatewayId")
        or route["GatewayId"]
        for route in table["Routes"]
    }


def held_subnets(deployed):
    filters = [{"Name": "vpc-id", "Values": [outputs(deployed)["vpc_id"]]}]
    return ec2(deployed).describe_subnets(Filters=filters)["Subnets"]


def tag(thing):
    return {pair["Key"]: pair["Value"] for pair in thing["Tags"]}["Name"]


def test_three_tiers_of_subnets_stand_in_every_zone(deployed):
    assert {tag(subnet): subnet["CidrBlock"] for subnet in held_subnets(deployed)} == PLAN


def test_each_subnet_stands_in_the_zone_of_its_letter(deployed):
    wrong = {
        tag(subnet): subnet["AvailabilityZone"]
        for subnet in held_subnets(deployed)
        if subnet["AvailabilityZone"] != f"{REGION}{tag(subnet)[-1]}"
    }
    assert wrong == {}


def test_no_subnet_gives_public_addresses(deployed):
    assert {subnet["MapPublicIpOnLaunch"] for subnet in held_subnets(deployed)} == {False}


def test_the_vpc_answers_and_gives_dns_names(deployed):
    ask, vpc = ec2(deployed).describe_vpc_attribute, outputs(deployed)["vpc_id"]
    support = ask(VpcId=vpc, Attribute="enableDnsSupport")["EnableDnsSupport"]
    names = ask(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]
    assert (support, names) == ({"Value": True}, {"Value": True})


@pytest.mark.parametrize("letter", "abc")
def test_public_subnets_lead_to_the_internet(deployed, letter):
    internet = deployed.one("aws:ec2/internetGateway:InternetGateway").id
    assert routes_of(deployed, f"network-public-zone-{letter}")["0.0.0.0/0"] == internet


@pytest.mark.parametrize("letter", "abc")
def test_app_subnets_leave_through_the_nat_gateway_of_their_own_zone(deployed, letter):
    nat = routes_of(deployed, f"network-app-zone-{letter}")["0.0.0.0/0"]
    [held] = ec2(deployed).describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"]
    assert held["SubnetId"] == deployed.one(SUBNET, f"network-public-zone-{letter}").id


@pytest.mark.parametrize("letter", "abc")
def test_data_subnets_have_no_way_to_the_internet(deployed, letter):
    gateways = {
        destination: target
        for destination, target in routes_of(deployed, f"network-data-zone-{letter}").items()
        if target != "local" and not target.startswith("vpce-")
    }
    assert gateways == {}


@pytest.mark.parametrize("subnet", [name for name in PLAN if "public" not in name])
def test_private_subnets_reach_s3_and_dynamodb_free_of_charge(deployed, subnet):
    lists = ec2(deployed).describe_managed_prefix_lists()["PrefixLists"]
    names = {each["PrefixListId"]: each["PrefixListName"] for each in lists}
    reached = {names[each] for each in routes_of(deployed, subnet) if each in names}
    assert reached == {f"com.amazonaws.{REGION}.s3", f"com.amazonaws.{REGION}.dynamodb"}


def test_nothing_may_enter_or_leave_by_the_default_group(deployed):
    filters = [
        {"Name": "vpc-id", "Values": [outputs(deployed)["vpc_id"]]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    [group] = ec2(deployed).describe_security_groups(Filters=filters)["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


def test_databases_may_stand_in_every_zone_of_the_data_tier(deployed):
    name = outputs(deployed)["database_subnet_group_name"]
    [group] = deployed.client("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    held = [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]
    assert sorted(held) == sorted(outputs(deployed)["data_subnet_ids"])


def test_caches_may_stand_in_every_zone_of_the_data_tier(deployed):
    name = outputs(deployed)["cache_subnet_group_name"]
    ask = deployed.client("elasticache").describe_cache_subnet_groups
    [group] = ask(CacheSubnetGroupName=name)["CacheSubnetGroups"]
    held = [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]
    assert sorted(held) == sorted(outputs(deployed)["data_subnet_ids"])


def test_the_addresses_that_others_see_are_those_of_the_nat_gateways(deployed):
    held = [address["PublicIp"] for address in ec2(deployed).describe_addresses()["Addresses"]]
    assert sorted(outputs(deployed)["nat_public_ips"]) == sorted(held)


def test_flow_logs_of_everything_are_kept_as_long_as_was_asked(deployed):
    [log] = ec2(deployed).describe_flow_logs()["FlowLogs"]
    [group] = deployed.client("logs").describe_log_groups(logGroupNamePrefix=log["LogGroupName"])["logGroups"]
    assert (log["ResourceId"], log["TrafficType"]) == (outputs(deployed)["vpc_id"], "ALL")
    assert (log["DeliverLogsStatus"], group["retentionInDays"]) == ("SUCCESS", 90)


def test_only_flow_logs_of_this_account_may_use_their_role(deployed):
    role = deployed.client("iam").get_role(RoleName=deployed.one("aws:iam/role:Role").id)["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": deployed.account.account_id}}


def allowed_to_flow_logs(deployed):
    """Resource -> the actions that are allowed on it."""
    role, name = deployed.one("aws:iam/rolePolicy:RolePolicy").id.split(":")
    document = deployed.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    return {each["Resource"]: set(each["Action"]) for each in document["Statement"]}


def test_flow_logs_write_to_their_own_group_only(deployed):
    group = deployed.one("aws:cloudwatch/logGroup:LogGroup").outputs["arn"]
    every = f"arn:aws:logs:{REGION}:{deployed.account.account_id}:log-group:*"
    allowed = allowed_to_flow_logs(deployed)
    assert set(allowed) == {f"{group}:*", every}
    assert allowed[every] == {"logs:DescribeLogGroups"}


def s3_policy(deployed):
    endpoint = deployed.one("aws:ec2/vpcEndpoint:VpcEndpoint", "network-to-s3").id
    [held] = ec2(deployed).describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    return json.loads(held["PolicyDocument"])["Statement"]


def test_the_way_to_s3_admits_this_accounts_buckets(deployed):
    ours, _ = s3_policy(deployed)
    assert ours["Condition"] == {"StringEquals": {"aws:ResourceAccount": deployed.account.account_id}}


def test_the_way_to_s3_admits_the_operating_systems_packages(deployed):
    _, theirs = s3_policy(deployed)
    assert f"arn:aws:s3:::al2023-repos-{REGION}-de612dc2/*" in theirs["Resource"]
    assert theirs["Action"] == ["s3:GetObject"]


def interfaces(deployed):
    filters = [{"Name": "vpc-endpoint-type", "Values": ["Interface"]}]
    return ec2(deployed).describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]


def test_servers_without_internet_reach_every_api_that_they_call(deployed):
    services = "autoscaling logs monitoring secretsmanager sns sqs ssm ssmmessages"
    held = {endpoint["ServiceName"] for endpoint in interfaces(deployed)}
    assert held == {f"com.amazonaws.{REGION}.{service}" for service in services.split()}


def test_interface_endpoints_answer_in_every_app_subnet_under_the_services_own_name(deployed):
    wanted = outputs(deployed)["app_subnet_ids"]
    assert [(each["SubnetIds"], each["PrivateDnsEnabled"]) for each in interfaces(deployed)] == [(wanted, True)] * 8


def test_interface_endpoints_let_nobody_in_who_was_not_named(deployed):
    group = outputs(deployed)["endpoint_security_group_id"]
    assert {held["GroupId"] for each in interfaces(deployed) for held in each["Groups"]} == {group}
    filters = [{"Name": "group-id", "Values": [group]}]
    assert ec2(deployed).describe_security_group_rules(Filters=filters)["SecurityGroupRules"] == []
