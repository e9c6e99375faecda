"""Make what a component alone needs around it: a VPC with subnets, an image, address lists, certificates, logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.fleet import FleetArgs, Image
from components.policy import allow, document

ZONES = "abc"
AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a VPC and its account give."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    prefix_list_id: str
    image: Image


NOWHERE = Surroundings("vpc-1", ["subnet-1"], "pl-1", Image(id="ami-1", root_device="/dev/xvda", pinned=True))
"""For what is refused before the first resource."""


def surroundings(*, pinned: bool = True) -> Surroundings:
    """Make a VPC with three subnets of the stack's region, and look up the rest."""
    vpc_id, subnet_ids = network(ZONES)
    prefix_list = aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing")
    ami = aws.ssm.get_parameter(name=AMI_PARAMETER).value
    image = Image(id=ami, root_device="/dev/xvda", pinned=pinned)
    ids = pulumi.Output.all(*subnet_ids).apply(tuple[str, ...])
    return Surroundings(vpc_id, ids, prefix_list.id, image)


def network(zones: str) -> tuple[pulumi.Output[str], list[pulumi.Output[str]]]:
    """Make a VPC with a subnet in each of *zones*, a letter each, of the stack's region: its id and theirs."""
    region = pulumi.Config("aws").require("region")
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{place}.0/24", availability_zone=region + zone
        )
        for place, zone in enumerate(zones)
    ]
    return vpc.id, [subnet.id for subnet in subnets]


def fleet_args(found: Surroundings, **more: Any) -> FleetArgs:
    """What a fleet must be told, as small as it may be, and *more*, which is what a test is about."""
    small: dict[str, Any] = {
        "vpc_id": found.vpc_id, "subnet_ids": found.subnet_ids, "image": found.image, "instance_type": "t4g.small",
        "min_servers": 1, "max_servers": 2, "user_data": "#cloud-config", "port": 8080, "root_volume_gb": 10,
        "target_cpu_percent": 60, "boot_grace_s": 300, "drain_s": 60,
    }  # fmt: skip
    return FleetArgs(**{**small, **more})


def log_bucket() -> pulumi.Output[str]:
    """Make a bucket into which load balancers may write, and name it once they may."""
    bucket = aws.s3.Bucket("logs")
    balancers = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    objects = pulumi.Output.concat(bucket.arn, "/AWSLogs/*")
    policy = document(allow(["s3:PutObject"], objects, Principal=balancers))
    opened = aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=policy)
    return pulumi.Output.all(bucket.bucket, opened.id).apply(lambda both: both[0])


def issued_certificate(domain: str) -> pulumi.Output[str]:
    """Make a certificate, prove its domain in a zone of the account, and give its ARN once it is issued."""
    zone = aws.route53.Zone("zone", name=domain)
    certificate = aws.acm.Certificate("certificate", domain_name=domain, validation_method="DNS")
    proof = certificate.domain_validation_options[0]
    record = aws.route53.Record(
        "proof",
        zone_id=zone.zone_id,
        name=proof.resource_record_name.apply(str),
        type=proof.resource_record_type.apply(str),
        records=[proof.resource_record_value.apply(str)],
        ttl=60,
    )
    return aws.acm.CertificateValidation(
        "issued", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn]
    ).certificate_arn
