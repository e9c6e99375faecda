"""Rules of the network: VPC, subnets, routes, endpoints."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from policies.resource import Resource
from policies.routes import GATEWAY, ROUTE, ROUTE_TABLE, SUBNET, VPC, is_public
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, UnknownValueError

SECOND = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
"""A further range of a VPC."""
NAT = "aws:ec2/natGateway:NatGateway"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DATABASE_SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
CACHE_SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
EIP = "aws:ec2/eip:Eip"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide/"
TARGETS = (
    "carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId",
    "networkInterfaceId", "odbNetworkArn", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
)  # fmt: skip
"""Every property that a route can lead to."""


@resource_rule(
    VPC, SUBNET, source=f"{GUIDE}vpc-cidr-blocks.html", fix="clear the bits behind the prefix, or choose /16 to /28"
)
def network_range(network: Resource) -> Iterator[Fault]:
    """A VPC and a subnet have an IPv4 range of /16 to /28 whose bits behind the prefix are zero."""
    cidr = network.text("cidrBlock")
    try:
        fine = not cidr or 16 <= ipaddress.ip_network(cidr).prefixlen <= 28
    except ValueError:
        fine = False
    if not fine:
        yield network.fault("cidrBlock", "a range of /16 to /28 with zeros behind the prefix")


@stack_rule(SUBNET, source=f"{GUIDE}subnet-sizing.html", fix="take the subnet's range out of the VPC's")
def subnet_within_vpc(subnet: Resource, stack: Stack) -> Iterator[Fault]:
    """A subnet's range lies in one of its VPC's."""
    for vpc in stack.referred(subnet, "vpcId", VPC):
        inner, ranges = _network(subnet), [_network(each) for each in (vpc, *stack.referring(SECOND, "vpcId", vpc))]
        known = [each for each in ranges if each]
        if inner and len(known) == len(ranges) and not any(inner.subnet_of(each) for each in known):
            yield subnet.fault("cidrBlock", f"a part of {' or '.join(str(each) for each in known)}")


@stack_rule(SUBNET, source=f"{GUIDE}subnet-sizing.html", fix="give each subnet a range of its own")
def subnet_ranges_apart(subnet: Resource, stack: Stack) -> Iterator[Fault]:
    """Two subnets of a VPC may not share addresses (InvalidSubnet.Conflict)."""
    mine = _network(subnet)
    for vpc in stack.referred(subnet, "vpcId", VPC):
        for other in stack.referring(SUBNET, "vpcId", vpc):
            theirs = _network(other)
            if other is not subnet and mine and theirs and mine.overlaps(theirs):
                yield subnet.fault("cidrBlock", f"a range apart from {other.name}'s {theirs}")


@stack_rule(VPC, source=f"{GUIDE}vpc-dns.html", fix="set enable_dns_hostnames=True and enable_dns_support=True")
def vpc_dns(vpc: Resource, stack: Stack) -> Iterator[Fault]:
    """Private endpoints and the names of databases resolve only in a VPC with DNS support and host names on."""
    needing = [each for each in stack.of(ENDPOINT) if each.flag("privateDnsEnabled")]
    if any(vpc in stack.referred(each, "vpcId", VPC) for each in needing):
        for name in ("enableDnsHostnames", "enableDnsSupport"):
            missing = vpc.get(name) is False or (name == "enableDnsHostnames" and name not in vpc)
            if missing:
                yield vpc.fault(name, "true, as an endpoint of it has private DNS")


@resource_rule(SUBNET, source=f"{GUIDE}configure-subnets.html", fix="set map_public_ip_on_launch=False",
               severity=Severity.ADVISORY)  # fmt: skip
def subnet_public_addresses(subnet: Resource) -> Iterator[Fault]:
    """A subnet that gives every server a public address puts it on the internet, and each address costs money."""
    if subnet.flag("mapPublicIpOnLaunch"):
        yield subnet.fault("mapPublicIpOnLaunch", "false")


@stack_rule(GATEWAY, source=f"{GUIDE}VPC_Internet_Gateway.html", fix="share one gateway among the VPC's route tables")
def internet_gateway_once(gateway: Resource, stack: Stack) -> Iterator[Fault]:
    """A VPC has one internet gateway; AWS refuses the second (Resource.AlreadyAssociated)."""
    for vpc in stack.referred(gateway, "vpcId", VPC):
        if len(stack.referring(GATEWAY, "vpcId", vpc)) > 1:
            yield gateway.fault("vpcId", "a VPC that has no other internet gateway", got=vpc.name)


@resource_rule(
    ROUTE, source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html", fix="give one target"
)
def route_one_target(route: Resource) -> Iterator[Fault]:
    """A route leads to exactly one target."""
    given = sorted(name for name in TARGETS if name in route)
    if len(given) != 1:
        yield route.fault("gatewayId", "exactly one target", got=given)


@stack_rule(ROUTE, source=f"{GUIDE}WorkWithRouteTables.html", fix="make one route a destination")
def route_once(route: Resource, stack: Stack) -> Iterator[Fault]:
    """A route table has one route to a destination (RouteAlreadyExists)."""
    for table in stack.referred(route, "routeTableId", ROUTE_TABLE):
        others = [each for each in stack.referring(ROUTE, "routeTableId", table) if each is not route]
        for path in ("destinationCidrBlock", "destinationIpv6CidrBlock"):
            if path in route and any(each.get(path) == route.get(path) for each in others):
                yield route.fault(path, f"a destination that no other route of {table.name} has")


@stack_rule(
    NAT,
    source=f"{GUIDE}nat-gateway-basics.html",
    fix="put it into a subnet whose route table leads to an internet gateway",
)
def nat_in_a_public_subnet(nat: Resource, stack: Stack) -> Iterator[Fault]:
    """A public NAT gateway in a subnet without a route to the internet answers nobody."""
    for subnet in stack.referred(nat, "subnetId", SUBNET):
        if nat.text("connectivityType") != "private" and is_public(subnet, stack) is False:
            yield nat.fault("subnetId", "a subnet with a route to an internet gateway", got=subnet.name)


@resource_rule(NAT, source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html",
               fix="give allocation_id of an Eip, or connectivity_type=\"private\"")  # fmt: skip
def nat_has_an_address(nat: Resource) -> Iterator[Fault]:
    """A public NAT gateway needs an Elastic IP address, and a private one may have none."""
    private, regional = nat.text("connectivityType") == "private", nat.text("availabilityMode") == "regional"
    if private is ("allocationId" in nat) and not regional:
        allowed = "not set on a private gateway" if private else "the id of an Elastic IP address"
        yield nat.fault("allocationId", allowed)


@stack_rule(BALANCER, source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
            fix="use subnets with a route to an internet gateway, or internal=True")  # fmt: skip
def balancer_in_public_subnets(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer that faces the internet is reached through subnets with a route to an internet gateway only."""
    for subnet in stack.referred(balancer, "subnets", SUBNET):
        if not balancer.flag("internal") and is_public(subnet, stack) is False:
            yield balancer.fault("subnets", "subnets with a route to an internet gateway", got=subnet.name)


@stack_rule(DATABASE_SUBNETS, CACHE_SUBNETS, source=f"{GUIDE}vpc-example-web-database-servers.html",
            fix="use subnets without a route to an internet gateway")  # fmt: skip
def data_in_private_subnets(group: Resource, stack: Stack) -> Iterator[Fault]:
    """What holds data stands in subnets that the internet has no route to."""
    for subnet in stack.referred(group, "subnetIds", SUBNET):
        if is_public(subnet, stack):
            yield group.fault("subnetIds", "subnets without a route to an internet gateway", got=subnet.name)


@stack_rule(DATABASE_SUBNETS, source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
            fix="add a subnet in another availability zone")  # fmt: skip
def database_subnets_in_two_zones(group: Resource, stack: Stack) -> Iterator[Fault]:
    """RDS wants subnets in at least two zones, of one VPC (DBSubnetGroupDoesNotCoverEnoughAZs)."""
    subnets = stack.referred(group, "subnetIds", SUBNET)
    zones = {each.text("availabilityZone") or each.text("availabilityZoneId") for each in subnets}
    if len(group.texts("subnetIds")) < 2 or (len(subnets) == len(group.texts("subnetIds")) and len(zones) < 2):
        yield group.fault("subnetIds", "subnets in two or more zones", got=sorted(zones))


@resource_rule(ENDPOINT, source=f"{GUIDE.replace('userguide', 'privatelink')}aws-services-privatelink-support.html",
               fix="build the name from the region: com.amazonaws.{region}.s3")  # fmt: skip
def endpoint_region(endpoint: Resource) -> Iterator[Fault]:
    """The name of a service's endpoint holds the region that it is in."""
    name, region = endpoint.text("serviceName"), endpoint.options.region
    foreign = name.startswith("com.amazonaws.") and region and f".{region}." not in name
    if foreign and "serviceRegion" not in endpoint and not name.startswith("com.amazonaws.vpce."):
        yield endpoint.fault("serviceName", f"a name with {region}")


@resource_rule(ENDPOINT, source=f"{GUIDE.replace('userguide', 'privatelink')}gateway-endpoints.html",
               fix="drop private_dns_enabled, subnet_ids and security_group_ids of a gateway endpoint")  # fmt: skip
def endpoint_gateway_services(endpoint: Resource) -> Iterator[Fault]:
    """Only S3 and DynamoDB have gateway endpoints, which take route tables and no subnets."""
    name = endpoint.text("serviceName")
    if endpoint.text("vpcEndpointType") not in ("", "Gateway"):
        return
    if name.startswith("com.amazonaws.") and not name.endswith((".s3", ".dynamodb")):
        yield endpoint.fault("vpcEndpointType", "Interface for this service", got="Gateway")
    for path in ("subnetIds", "securityGroupIds", "privateDnsEnabled"):
        if endpoint.get(path):
            yield endpoint.fault(path, "not set on a gateway endpoint")


@resource_rule(ENDPOINT, source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
               fix="drop route_table_ids: an interface endpoint is reached by its names")  # fmt: skip
def endpoint_interface_has_no_routes(endpoint: Resource) -> Iterator[Fault]:
    """Route tables belong to gateway endpoints; EC2 refuses them for an interface endpoint."""
    if endpoint.text("vpcEndpointType") == "Interface" and endpoint.get("routeTableIds"):
        yield endpoint.fault("routeTableIds", "not set on an interface endpoint")


@stack_rule(NAT, source=f"{GUIDE.replace('userguide', 'privatelink')}vpc-endpoints-s3.html",
            fix="add gateway endpoints for S3 and DynamoDB: they are free",
            severity=Severity.ADVISORY)  # fmt: skip
def nat_beside_gateway_endpoints(nat: Resource, stack: Stack) -> Iterator[Fault]:
    """What goes to S3 and DynamoDB through a NAT gateway is paid by the gigabyte; through an endpoint it is free."""
    present = {each.text("serviceName").rpartition(".")[2] for each in stack.of(ENDPOINT)}
    if nat.text("connectivityType") != "private" and not {"s3", "dynamodb"} <= present:
        got = f"endpoints for {', '.join(sorted(present)) or 'nothing'}"
        yield nat.fault("subnetId", "a NAT beside gateway endpoints for s3 and dynamodb", got=got)


@stack_rule(EIP, source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
            fix="use fewer NAT gateways, or ask for a higher quota first", severity=Severity.ADVISORY)  # fmt: skip
def addresses_within_the_quota(address: Resource, stack: Stack) -> Iterator[Fault]:
    """An account has five Elastic IP addresses in a region until it asks for more."""
    mine = [each for each in stack.of(EIP) if each.options.region == address.options.region]
    if len(mine) > 5 and mine[5] is address:
        yield address.fault("domain", "5 addresses in a region", got=f"{len(mine)} addresses")


def _network(resource: Resource) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(resource.text("cidrBlock"))
    except (ValueError, UnknownValueError):
        return None
