"""Fragments about what is of another VPC than what it is given to."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group
from tests.policies.fragments_launch_templates import launched, template


def here_and_there(foreign=True):
    """Subnets of a VPC, and a security group: of another VPC when *foreign*."""
    within = parts.vpc()
    elsewhere = parts.vpc("elsewhere", "10.1.0.0/16") if foreign else within
    return parts.subnets(within), parts.security_group("theirs", elsewhere), elsewhere


def server(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    aws.ec2.Instance(
        "server",
        ami="ami-0123456789abcdef0",
        instance_type="t4g.micro",
        subnet_id=subnets[0].id,
        vpc_security_group_ids=[theirs.id],
        metadata_options=aws.ec2.InstanceMetadataOptionsArgs(http_tokens="required"),
    )


def database(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    placed = aws.rds.SubnetGroup("data", subnet_ids=[each.id for each in subnets])
    parts.database(db_subnet_group_name=placed.name, vpc_security_group_ids=[theirs.id])


def cache(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    placed = aws.elasticache.SubnetGroup("cache", subnet_ids=[each.id for each in subnets])
    parts.cache(subnet_group_name=placed.name, security_group_ids=[theirs.id])


def function(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    config = aws.lambda_.FunctionVpcConfigArgs(subnet_ids=[each.id for each in subnets], security_group_ids=[theirs.id])
    role = "arn:aws:iam::123456789012:role/function"
    aws.lambda_.Function("function", role=role, package_type="Image", image_uri="made-elsewhere:1", vpc_config=config)


def fleet(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    servers = template(vpc_security_group_ids=[theirs.id])
    group(launch_template=launched(servers), vpc_zone_identifiers=[each.id for each in subnets])


def routed(*, foreign):
    subnets, _, elsewhere = here_and_there(foreign)
    table = aws.ec2.RouteTable("theirs", vpc_id=elsewhere.id)
    aws.ec2.RouteTableAssociation("routed", route_table_id=table.id, subnet_id=subnets[0].id)


def endpoint(*, foreign):
    subnets, theirs, _ = here_and_there(foreign)
    aws.vpc.SecurityGroupIngressRule("in", security_group_id=theirs.id, ip_protocol="-1", cidr_ipv4="10.0.0.0/8")
    aws.ec2.VpcEndpoint(
        "sqs",
        vpc_id=subnets[0].vpc_id,
        service_name="com.amazonaws.us-east-1.sqs",
        vpc_endpoint_type="Interface",
        subnet_ids=[each.id for each in subnets],
        security_group_ids=[theirs.id],
    )


@breaks(
    "security-group-of-its-vpc",
    "aws:ec2/instance:Instance 'server': vpcSecurityGroupIds is \"theirs\"; allowed: security groups of vpc.",
)
def server_with_a_foreign_group():
    server(foreign=True)


@breaks(
    "security-group-of-its-vpc",
    "aws:rds/instance:Instance 'db': vpcSecurityGroupIds is \"theirs\"; allowed: security groups of vpc.",
)
def database_with_a_foreign_group():
    database(foreign=True)


@breaks(
    "security-group-of-its-vpc",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': securityGroupIds is \"theirs\"; allowed: "
    "security groups of vpc.",
)
def cache_with_a_foreign_group():
    cache(foreign=True)


@breaks(
    "security-group-of-its-vpc",
    "aws:lambda/function:Function 'function': vpcConfig.securityGroupIds is \"theirs\"; allowed: security "
    "groups of vpc.",
)
def function_with_a_foreign_group():
    function(foreign=True)


@keeps("security-group-of-its-vpc")
def server_with_its_own_group():
    server(foreign=False)


@keeps("security-group-of-its-vpc")
def database_with_its_own_group():
    database(foreign=False)


@keeps("security-group-of-its-vpc")
def cache_with_its_own_group():
    cache(foreign=False)


@keeps("security-group-of-its-vpc")
def function_with_its_own_group():
    function(foreign=False)


@keeps("security-group-of-its-vpc")
def cache_with_a_group_that_two_vpcs_share():
    subnets, theirs, _ = here_and_there()
    aws.vpc.SecurityGroupVpcAssociation("shared", security_group_id=theirs.id, vpc_id=subnets[0].vpc_id)
    placed = aws.elasticache.SubnetGroup("cache", subnet_ids=[each.id for each in subnets])
    parts.cache(subnet_group_name=placed.name, security_group_ids=[theirs.id])


@breaks(
    "fleet-security-group-of-its-vpc",
    "aws:autoscaling/group:Group 'fleet': launchTemplate is \"theirs\"; allowed: security groups of vpc.",
)
def fleet_with_a_foreign_group():
    fleet(foreign=True)


@keeps("fleet-security-group-of-its-vpc")
def fleet_with_its_own_group():
    fleet(foreign=False)


@breaks(
    "route-table-of-its-vpc",
    "aws:ec2/routeTableAssociation:RouteTableAssociation 'routed': routeTableId is \"theirs\"; allowed: "
    "route tables of vpc.",
)
def subnet_with_a_foreign_table():
    routed(foreign=True)


@keeps("route-table-of-its-vpc")
def subnet_with_its_own_table():
    routed(foreign=False)


@breaks(
    "endpoint-within-its-vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'sqs': securityGroupIds is \"theirs\"; allowed: security groups of vpc.",
)
def endpoint_with_a_foreign_group():
    endpoint(foreign=True)


@keeps("endpoint-within-its-vpc")
def endpoint_with_its_own_group():
    endpoint(foreign=False)
