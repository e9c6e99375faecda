"""Fragments about networks and security groups."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

S3 = "com.amazonaws.us-east-1.s3"


def ingress(name="in", group=None, **more):
    group = group or parts.security_group("web", parts.vpc())
    given = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "10.0.0.0/8"}
    aws.vpc.SecurityGroupIngressRule(name, security_group_id=group.id, **{**given, **more})


def endpoint(**more):
    if "vpc_id" not in more:
        more["vpc_id"] = parts.vpc().id
    return aws.ec2.VpcEndpoint("endpoint", **{"service_name": S3, **more})


def gateway(vpc, name="internet"):
    return aws.ec2.InternetGateway(name, vpc_id=vpc.id)


def route(name, **more):
    aws.ec2.Route(name, **{"destination_cidr_block": "0.0.0.0/0", **more})


def nat(subnet, **more):
    for service in ("s3", "dynamodb"):
        aws.ec2.VpcEndpoint(service, vpc_id=subnet.vpc_id, service_name=f"com.amazonaws.us-east-1.{service}")
    aws.ec2.NatGateway("nat", subnet_id=subnet.id, **{"allocation_id": "eipalloc-0123456789abcdef0", **more})


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


def named(**more):
    aws.ec2.SecurityGroup("g", **{"vpc_id": parts.vpc().id, "description": "of g", **more})


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'g': name is \"SG-web\"; allowed: 1 to 255 of a-z, A-Z, 0-9, "
    "space and ._-:/()#,@[]+=&;{}!$*, not sg-*.",
    "aws:ec2/securityGroup:SecurityGroup 'g': description is \"für alle\"; allowed: 1 to 255 of a-z, A-Z, "
    "0-9, space and ._-:/()#,@[]+=&;{}!$*.",
)
def reserved_name_and_umlaut():
    named(name="SG-web", description="für alle")


@keeps("security-group-words")
def name_of_255():
    named(name="a" * 255, description="a" * 255)


@breaks(
    "security-group-rule-words",
    'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule \'in\': description is "the \\"CDN\\""; '
    "allowed: 1 to 255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*.",
)
def quoted_description():
    ingress(description='the "CDN"')


@keeps("security-group-rule-words")
def description_of_255():
    ingress(description="a" * 255)


@breaks(
    "security-group-rule-one-end",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is [\"cidrIpv4\", "
    '"prefixListId"]; allowed: exactly one of cidrIpv4, cidrIpv6, prefixListId, '
    "referencedSecurityGroupId.",
)
def two_ends():
    ingress(prefix_list_id="pl-1")


@breaks(
    "security-group-rule-range",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is \"10.0.0.1/8\"; allowed: "
    "an address range with zeros behind the prefix.",
)
def host_bits_in_a_rule():
    ingress(cidr_ipv4="10.0.0.1/8")


@breaks(
    "security-group-rule-protocol",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': ipProtocol is \"foo\"; allowed: tcp, "
    "udp, icmp, icmpv6, -1, or 0 to 255.",
)
def protocol_foo():
    ingress(ip_protocol="foo")


@keeps("security-group-rule-protocol")
def protocol_by_number():
    ingress(ip_protocol="47", from_port=None, to_port=None)


@breaks(
    "security-group-rule-ports",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': fromPort is [443, 80]; allowed: "
    "fromPort <= toPort, both 0 to 65535.",
)
def ports_upside_down():
    ingress(from_port=443, to_port=80)


@keeps("security-group-rule-ports")
def every_port():
    ingress(from_port=0, to_port=65535)


@breaks(
    "security-group-rule-once",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'a': securityGroupId is \"as b\"; allowed: "
    "a rule that differs from every other.",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'b': securityGroupId is \"as a\"; allowed: "
    "a rule that differs from every other.",
)
def twice_the_same():
    group = parts.security_group("web", parts.vpc())
    ingress("a", group)
    ingress("b", group)


@keeps("security-group-rule-once")
def twice_another():
    group = parts.security_group("web", parts.vpc())
    ingress("a", group)
    ingress("b", group, cidr_ipv4="192.0.2.0/24")


@breaks(
    "security-group-rules-in-one-place",
    "aws:ec2/securityGroup:SecurityGroup 'web': ingress is [\"in\"]; allowed: not set, as there are rules "
    "beside the group.",
)
def rules_inside_and_beside():
    inside = aws.ec2.SecurityGroupIngressArgs(protocol="tcp", from_port=80, to_port=80, cidr_blocks=["10.0.0.0/8"])
    ingress(group=parts.security_group("web", parts.vpc(), ingress=[inside]))


@breaks(
    "security-group-size",
    "aws:ec2/securityGroup:SecurityGroup 'web': ingress is \"110, a prefix list counted as 55\"; allowed: "
    "60 inbound rules.",
)
def two_ports_for_the_cdn():
    group = parts.security_group("web", parts.vpc())
    for port in (80, 443):
        ingress(f"cdn-{port}", group, from_port=port, to_port=port, cidr_ipv4=None, prefix_list_id="pl-3b927c52")


@keeps("security-group-size")
def one_port_for_the_cdn_and_five_more():
    group = parts.security_group("web", parts.vpc())
    ingress("cdn", group, cidr_ipv4=None, prefix_list_id="pl-3b927c52")
    for number in range(5):
        ingress(f"more-{number}", group, from_port=number, to_port=number)


@breaks(
    "security-group-open-port",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': cidrIpv4 is \"open: SSH\"; allowed: "
    "no world-open port of administration or data.",
)
def world_open_ssh():
    ingress(from_port=22, to_port=22, cidr_ipv4="0.0.0.0/0")


@keeps("security-group-open-port")
def world_open_https():
    ingress(cidr_ipv4="0.0.0.0/0")


@breaks(
    "security-group-reaches-something",
    "aws:ec2/securityGroup:SecurityGroup 'web': egress is not set; allowed: at least one rule.",
)
def server_that_reaches_nothing():
    group = parts.security_group("web", parts.vpc())
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id])


@breaks(
    "security-group-reaches-something",
    "aws:ec2/securityGroup:SecurityGroup 'web': egress is not set; allowed: at least one rule.",
)
def server_whose_only_older_rule_lets_in():
    group = parts.security_group("web", parts.vpc())
    given = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}
    aws.ec2.SecurityGroupRule("in", type="ingress", security_group_id=group.id, **given)
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id])


@keeps("security-group-reaches-something")
def server_whose_older_rule_lets_out():
    group = parts.security_group("web", parts.vpc())
    given = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}
    aws.ec2.SecurityGroupRule("out", type="egress", security_group_id=group.id, **given)
    aws.ec2.LaunchTemplate("web", vpc_security_group_ids=[group.id], metadata_options={"http_tokens": "required"})


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
