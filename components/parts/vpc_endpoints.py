"""Reach AWS's APIs from private subnets without the internet: free gateways, and paid interfaces on request."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components import policy
from components.parts.security_group import make_security_group
from components.parts.subnets import Site, Tier

INTERFACE_SERVICES = (
    "autoscaling",  # lifecycle completion; else each drain lasts its whole heartbeat
    "logs",
    "monitoring",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",  # Session Manager, in place of SSH
)
"""What servers call. No `sts`: their credentials come from the instance's metadata. No `ec2messages`: SSM Agent 3.3.40
and later speaks to ssmmessages, and regions opened since 2024 have no such endpoint (Systems Manager User Guide,
"Reference: ec2messages, ssmmessages, and other API operations")."""

OBJECT_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
)
TABLE_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
)
AWS_BUCKETS = ("al2023-repos-{region}-de612dc2", "amazon-ssm-{region}")
"""AL2023's packages (AL2023 User Guide, "Deterministic upgrades") and the SSM agent's updates (Systems Manager User
Guide, "SSM Agent communications with AWS managed S3 buckets"): with a gateway, its policy decides what S3 answers."""


def make_gateways(site: Site, tables: Sequence[aws.ec2.RouteTable]) -> list[aws.ec2.VpcEndpoint]:
    """S3 and DynamoDB, free of charge, for every private route table; only for what belongs to this account."""
    statements = {"s3": _s3(site), "dynamodb": [_ours(site, TABLE_ACTIONS)]}
    return [
        aws.ec2.VpcEndpoint(
            f"{site.name}-to-{service}",
            vpc_id=site.vpc.id,
            service_name=service_name(site.region, service),
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in tables],
            policy=policy.document(*statements[service]),
            tags={"Name": f"{site.name}-to-{service}"},
            opts=site.opts,
        )
        for service in statements
    ]


def make_interfaces(site: Site, app: Tier, group: aws.ec2.SecurityGroup) -> list[aws.ec2.VpcEndpoint]:
    """One endpoint per service with a foot in every zone, under the service's own DNS name."""
    return [
        aws.ec2.VpcEndpoint(
            f"{site.name}-to-{service}",
            vpc_id=site.vpc.id,
            service_name=service_name(site.region, service),
            vpc_endpoint_type="Interface",
            subnet_ids=app.raw_ids,
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags={"Name": f"{site.name}-to-{service}"},
            opts=site.opts,
        )
        for service in INTERFACE_SERVICES
    ]


def make_endpoint_group(site: Site) -> aws.ec2.SecurityGroup:
    """The interfaces' group, without a rule: whoever may call adds one from a group of its own, to port 443."""
    return make_security_group(
        site.owner, site.vpc.id, "Interface endpoints of AWS services", site.named("endpoints")[0]
    )


def service_name(region: str, service: str) -> str:
    """Name an endpoint service: it is another one in each region."""
    return f"com.amazonaws.{region}.{service}"


def _s3(site: Site) -> list[policy.Statement]:
    objects = [_objects(site, bucket.format(region=site.region)) for bucket in AWS_BUCKETS]
    return [_ours(site, OBJECT_ACTIONS), policy.allow(["s3:GetObject"], objects, Principal="*")]


def _objects(site: Site, bucket: str) -> pulumi.Output[str]:
    """Everything in *bucket*, in the partition of the VPC."""
    return site.vpc.arn.apply(lambda arn: f"arn:{arn.split(':')[1]}:s3:::{bucket}/*")


def _ours(site: Site, actions: Sequence[str]) -> policy.Statement:
    """Whatever belongs to the account of the VPC: with another account's credentials nothing is carried out."""
    condition = {"StringEquals": {"aws:ResourceAccount": site.vpc.owner_id}}
    return policy.allow(actions, "*", Principal="*", Condition=condition)
