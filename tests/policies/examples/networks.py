"""Networks: VPCs, their subnets and routes, gateways, endpoints and security groups."""

import json
from typing import Any

import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.static_sites import private

REGISTRY = "https://www.pulumi.com/registry/packages/aws/api-docs/ec2"
SCENARIOS = "https://docs.aws.amazon.com/vpc/latest/userguide"
ANYWHERE = "0.0.0.0/0"


def network(cidr="10.0.0.0/16"):
    return aws.ec2.Vpc("main", cidr_block=cidr, enable_dns_support=True, enable_dns_hostnames=True)


def zones(vpc, name="private", first=0, letters="ab"):
    """A subnet in each zone."""
    return [
        aws.ec2.Subnet(
            f"{name}-{letter}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{first + number}.0/24",
            availability_zone=f"us-east-1{letter}",
        )
        for number, letter in enumerate(letters)
    ]


def routed(name, vpc, subnets, **target):
    """A route table of these subnets, with one default route."""
    route: Any = {"cidr_block": ANYWHERE, **target}
    table = aws.ec2.RouteTable(name, vpc_id=vpc.id, routes=[route])
    for number, subnet in enumerate(subnets):
        aws.ec2.RouteTableAssociation(f"{name}-{number}", subnet_id=subnet.id, route_table_id=table.id)
    return table


def public(vpc, first=100, letters="ab"):
    """Subnets with a way to the internet."""
    gateway = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
    subnets = zones(vpc, "public", first, letters)
    routed("public", vpc, subnets, gateway_id=gateway.id)
    return subnets


def endpoints(vpc, tables):
    """The two gateway endpoints that cost nothing."""
    for service in ("s3", "dynamodb"):
        aws.ec2.VpcEndpoint(
            service,
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.us-east-1.{service}",
            route_table_ids=[table.id for table in tables],
        )


@example(f"{REGISTRY}/vpc/")
def smallest_network():
    aws.ec2.Vpc("main", cidr_block="10.0.0.0/28", enable_dns_hostnames=True, enable_dns_support=True)


@example(f"{REGISTRY}/vpc/")
def largest_network_for_dedicated_servers():
    aws.ec2.Vpc(
        "main",
        cidr_block="10.0.0.0/16",
        instance_tenancy="dedicated",
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags={"Name": "main"},
    )


@example(f"{REGISTRY}/subnet/")
def subnets_that_fill_their_network():
    vpc = network("172.16.0.0/24")
    for number, letter in enumerate("abcd"):
        aws.ec2.Subnet(letter, vpc_id=vpc.id, cidr_block=f"172.16.0.{64 * number}/26",
                       availability_zone=f"us-east-1{letter}")  # fmt: skip


@example(f"{REGISTRY}/vpcipv4cidrblockassociation/")
def subnet_of_a_second_range():
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, enable_dns_support=True)
    second = aws.ec2.VpcIpv4CidrBlockAssociation("second", vpc_id=vpc.id, cidr_block="172.20.0.0/16")
    aws.ec2.Subnet("in-second", vpc_id=second.vpc_id, cidr_block="172.20.0.0/24")


@example(f"{SCENARIOS}/vpc-example-dev-test.html")
def public_subnet_for_a_test_server():
    vpc = network()
    subnet = public(vpc, letters="a")[0]
    group = aws.ec2.SecurityGroup(
        "web",
        description="Web server",
        vpc_id=vpc.id,
        ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [ANYWHERE]}],
        egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": [ANYWHERE]}],
    )
    image = aws.ec2.get_ami(most_recent=True, owners=["amazon"],
                            filters=[{"name": "name", "values": ["al2023-ami-2023.*-x86_64"]}])  # fmt: skip
    aws.ec2.Instance(
        "server",
        ami=image.id,
        instance_type="t3.micro",
        subnet_id=subnet.id,
        vpc_security_group_ids=[group.id],
        associate_public_ip_address=True,
        metadata_options={"http_tokens": "required"},
    )


@example(f"{SCENARIOS}/vpc-example-private-subnets-nat.html")
def private_subnets_with_a_nat_gateway_each():
    vpc = network()
    tables = []
    for number, (outer, inner) in enumerate(zip(public(vpc), zones(vpc), strict=True)):
        address = aws.ec2.Eip(f"nat-{number}", domain="vpc")
        nat = aws.ec2.NatGateway(f"nat-{number}", allocation_id=address.id, subnet_id=outer.id)
        tables.append(routed(f"private-{number}", vpc, [inner], nat_gateway_id=nat.id))
    endpoints(vpc, tables)


@example(f"{REGISTRY}/natgateway/")
def private_nat_gateway():
    vpc = network()
    aws.ec2.NatGateway("example", connectivity_type="private", subnet_id=zones(vpc)[0].id)


@example(f"{REGISTRY}/egressonlyinternetgateway/")
def network_of_both_protocols():
    vpc = aws.ec2.Vpc(
        "both",
        cidr_block="10.1.0.0/16",
        assign_generated_ipv6_cidr_block=True,
        enable_dns_hostnames=True,
        enable_dns_support=True,
    )
    out = aws.ec2.EgressOnlyInternetGateway("out", vpc_id=vpc.id)
    gateway = aws.ec2.InternetGateway("gw", vpc_id=vpc.id)
    aws.ec2.RouteTable("routes", vpc_id=vpc.id, routes=[
        {"cidr_block": ANYWHERE, "gateway_id": gateway.id},
        {"ipv6_cidr_block": "::/0", "egress_only_gateway_id": out.id},
    ])  # fmt: skip


@example(f"{REGISTRY}/route/")
def peered_networks():
    ours, theirs = network(), aws.ec2.Vpc("theirs", cidr_block="10.2.0.0/16", enable_dns_hostnames=True,
                                          enable_dns_support=True)  # fmt: skip
    peering = aws.ec2.VpcPeeringConnection("peering", vpc_id=ours.id, peer_vpc_id=theirs.id, auto_accept=True)
    for name, vpc, cidr in (("there", ours, "10.2.0.0/16"), ("back", theirs, "10.0.0.0/16")):
        table = aws.ec2.RouteTable(name, vpc_id=vpc.id)
        aws.ec2.Route(name, route_table_id=table.id, destination_cidr_block=cidr,
                      vpc_peering_connection_id=peering.id)  # fmt: skip


@example("https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html")
def interface_endpoints_for_servers_without_internet():
    vpc = network()
    private = zones(vpc)
    group = aws.ec2.SecurityGroup("endpoints", description="HTTPS from the VPC", vpc_id=vpc.id)
    aws.vpc.SecurityGroupIngressRule("https", security_group_id=group.id, cidr_ipv4=vpc.cidr_block, ip_protocol="tcp",
                                     from_port=443, to_port=443)  # fmt: skip
    for service in ("ssm", "ssmmessages", "secretsmanager"):
        aws.ec2.VpcEndpoint(
            service,
            vpc_id=vpc.id,
            service_name=f"com.amazonaws.us-east-1.{service}",
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[each.id for each in private],
            security_group_ids=[group.id],
        )


@example("https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html")
def gateway_endpoint_that_reads_one_bucket():
    vpc = network()
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "Access-to-specific-bucket-only", "Effect": "Allow", "Principal": "*",
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*",
                     "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*"],
    }]})  # fmt: skip
    aws.ec2.VpcEndpoint("s3", vpc_id=vpc.id, service_name="com.amazonaws.us-east-1.s3", policy=policy,
                        route_table_ids=[aws.ec2.RouteTable("private", vpc_id=vpc.id).id])  # fmt: skip


@example(f"{REGISTRY}/securitygroup/")
def group_of_tls_from_the_network():
    vpc = network()
    group = aws.ec2.SecurityGroup("allow_tls", name="allow_tls", vpc_id=vpc.id, tags={"Name": "allow_tls"},
                                  description="Allow TLS inbound traffic and all outbound traffic")  # fmt: skip
    aws.vpc.SecurityGroupIngressRule("in", security_group_id=group.id, cidr_ipv4=vpc.cidr_block, from_port=443,
                                     ip_protocol="tcp", to_port=443)  # fmt: skip
    aws.vpc.SecurityGroupEgressRule("out4", security_group_id=group.id, cidr_ipv4=ANYWHERE, ip_protocol="-1")
    aws.vpc.SecurityGroupEgressRule("out6", security_group_id=group.id, cidr_ipv6="::/0", ip_protocol="-1")


@example(f"{SCENARIOS}/security-group-rules.html")
def group_that_lets_its_members_in():
    vpc = network()
    group = aws.ec2.SecurityGroup("cluster", vpc_id=vpc.id, description="Members talk to each other", ingress=[
        {"protocol": "-1", "from_port": 0, "to_port": 0, "self": True},
        {"protocol": "icmp", "from_port": 8, "to_port": -1, "cidr_blocks": ["10.0.0.0/8"]},
    ], egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": [ANYWHERE],
                "ipv6_cidr_blocks": ["::/0"]}])  # fmt: skip
    aws.ec2.SecurityGroup("client", vpc_id=vpc.id, description="Talks to the cluster", egress=[
        {"protocol": "tcp", "from_port": 1024, "to_port": 65535, "security_groups": [group.id]}
    ])  # fmt: skip


@example("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html")
def flow_logs_to_cloudwatch():
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    }]})  # fmt: skip
    role = aws.iam.Role("flow-logs", assume_role_policy=trust)
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
    log = aws.cloudwatch.LogGroup("flows", retention_in_days=1)
    aws.iam.RolePolicy("flow-logs", role=role.id, policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": "*"}
    ]}))  # fmt: skip
    aws.ec2.FlowLog("flows", vpc_id=network().id, traffic_type="ALL", iam_role_arn=role.arn, log_destination=log.arn,
                    max_aggregation_interval=60)  # fmt: skip


@example("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3.html")
def flow_logs_to_a_bucket():
    bucket = aws.s3.Bucket("flows")
    private("flows", bucket)
    aws.ec2.FlowLog("flows", vpc_id=network().id, traffic_type="REJECT", log_destination=bucket.arn,
                    log_destination_type="s3")  # fmt: skip
