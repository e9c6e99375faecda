"""Rules of where routes, flow logs and disks lead: to what stands in the same VPC or zone."""

from __future__ import annotations

from collections.abc import Iterator

from policies.openings import known_groups, openings
from policies.resource import Resource
from policies.routes import GATEWAY, ROUTE, ROUTE_TABLE, SUBNET, VPC
from policies.rule import resource_rule, stack_rule
from policies.rules.network import ENDPOINT
from policies.rules.placement import INSTANCE
from policies.rules.storage_speed import VOLUME
from policies.stack import Stack
from policies.values import Fault

ATTACHED = "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
PLACED = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
GUARDED = "aws:ec2/securityGroupAssociation:SecurityGroupAssociation"
MOUNT = "aws:ec2/volumeAttachment:VolumeAttachment"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
INTERFACES = "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide/"


@stack_rule(ROUTE, source=f"{EC2}CreateRoute.html", fix="attach the gateway to the route table's VPC")
def route_to_a_gateway_of_its_vpc(route: Resource, stack: Stack) -> Iterator[Fault]:
    """A route leads to an internet gateway that is attached to its own VPC; EC2 refuses every other."""
    tables = stack.referred(route, "routeTableId", ROUTE_TABLE)
    mine = {vpc.urn for each in tables for vpc in stack.referred(each, "vpcId", VPC)}
    for gateway in stack.referred(route, "gatewayId", GATEWAY):
        holders = [gateway, *stack.referring(ATTACHED, "internetGatewayId", gateway)]
        its = {vpc.urn for each in holders for vpc in stack.referred(each, "vpcId", VPC)}
        known = its or all(each.is_known("vpcId") and not each.get("vpcId") for each in holders)
        if mine and known and not mine & its:
            yield route.fault("gatewayId", "a gateway that is attached to the route table's VPC", got=gateway.name)


@stack_rule(ROUTE, source=f"{EC2}CreateRoute.html", fix="leave it out: every route table has the VPC's own route")
def route_is_not_the_local_one(route: Resource, stack: Stack) -> Iterator[Fault]:
    """Within the VPC each table leads by itself: a gateway takes no route to the VPC's own range."""
    tables = stack.referred(route, "routeTableId", ROUTE_TABLE)
    ranges = [vpc.text("cidrBlock") for each in tables for vpc in stack.referred(each, "vpcId", VPC)]
    if route.text("destinationCidrBlock") in [each for each in ranges if each] and "local" not in route.known_texts(
        "gatewayId"
    ):
        yield route.fault("destinationCidrBlock", "another range than the VPC's own")


@resource_rule(FLOW_LOG, source=f"{EC2}CreateFlowLogs.html", fix="give iam_role_arn to a log group's flow log alone")
def flow_log_role(log: Resource) -> Iterator[Fault]:
    """A flow log to CloudWatch needs a role that may write there; one to a bucket takes none."""
    to_bucket = log.text("logDestinationType") == "s3"
    if to_bucket is ("iamRoleArn" in log) and log.text("logDestinationType") in ("", "cloud-watch-logs", "s3"):
        yield log.fault("iamRoleArn", "not set, as it goes to a bucket" if to_bucket else "a role that writes logs")


@resource_rule(FLOW_LOG, source=f"{EC2}CreateFlowLogs.html", fix="use 60 or 600 s")
def flow_log_interval(log: Resource) -> Iterator[Fault]:
    """A flow log adds up a minute or ten."""
    yield from log.one_of("maxAggregationInterval", 60, 600)


@stack_rule(MOUNT, source="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html",
            fix="make the volume in the server's zone")  # fmt: skip
def volume_of_its_zone(mount: Resource, stack: Stack) -> Iterator[Fault]:
    """A volume is attached to a server of its own availability zone."""
    for server in stack.referred(mount, "instanceId", INSTANCE):
        places = [server, *stack.referred(server, "subnetId", SUBNET)]
        mine = {zone for each in places for zone in each.known_texts("availabilityZone")}
        for volume in stack.referred(mount, "volumeId", VOLUME):
            if mine and volume.text("availabilityZone") not in mine:
                got = f"{volume.name} in {volume.text('availabilityZone')}"
                yield mount.fault("volumeId", f"a volume in {' or '.join(sorted(mine))}", got=got)


@stack_rule(INSTANCE, source=f"{EC2}RunInstances.html", fix="leave availability_zone out: the subnet says it")
def instance_zone_of_its_subnet(server: Resource, stack: Stack) -> Iterator[Fault]:
    """A server stands in its subnet's availability zone, and is refused another."""
    for subnet in stack.referred(server, "subnetId", SUBNET):
        mine, its = server.text("availabilityZone"), subnet.text("availabilityZone")
        if mine and its and mine != its:
            yield server.fault("availabilityZone", f"{its}, as {subnet.name} is")


@stack_rule(ENDPOINT, source=INTERFACES, fix="let the servers in on port 443 in the endpoint's security group")
def endpoint_port_is_open(endpoint: Resource, stack: Stack) -> Iterator[Fault]:
    """An interface endpoint is called over HTTPS: without port 443 its names lead to a wall."""
    groups = known_groups(endpoint, "securityGroupIds", stack)
    open_ = [each for group in groups for each in openings(group, stack)]
    elsewhere = stack.referring(GUARDED, "vpcEndpointId", endpoint)
    of_aws = endpoint.text("serviceName").startswith("com.amazonaws.") and not elsewhere
    if groups and of_aws and not any(each.admits(443) for each in open_):
        yield endpoint.fault("securityGroupIds", "a group that opens 443", got=[each.name for each in groups])


@stack_rule(ENDPOINT, source=INTERFACES, fix="give it a subnet in each zone")
def endpoint_has_subnets(endpoint: Resource, stack: Stack) -> Iterator[Fault]:
    """An interface endpoint is an address in a subnet: without one its private names answer nobody."""
    given = endpoint.get("subnetIds") or endpoint.get("subnetConfigurations")
    beside = stack.referring(PLACED, "vpcEndpointId", endpoint)
    if endpoint.text("vpcEndpointType") == "Interface" and not given and not beside:
        yield endpoint.fault("subnetIds", "a subnet in each zone")
