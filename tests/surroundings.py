"""Make what a component alone needs around it: a VPC with subnets in three zones, an image, CloudFront's addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.fleet import Image

ZONES = ("a", "b", "c")
AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a VPC and its account give."""

    vpc_id: pulumi.Output[str]
    subnet_ids: pulumi.Output[Sequence[str]]
    prefix_list_id: str
    image: Image


def surroundings(*, pinned: bool = True) -> Surroundings:
    """Make a VPC with three subnets of the stack's region, and look up the rest."""
    region = pulumi.Config("aws").require("region")
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{place}.0/24", availability_zone=region + zone
        )
        for place, zone in enumerate(ZONES)
    ]
    prefix_list = aws.ec2.get_managed_prefix_list(name="com.amazonaws.global.cloudfront.origin-facing")
    ami = aws.ssm.get_parameter(name=AMI_PARAMETER).value
    image = Image(id=ami, root_device="/dev/xvda", pinned=pinned)
    ids = pulumi.Output.all(*[subnet.id for subnet in subnets]).apply(tuple[str, ...])
    return Surroundings(vpc.id, ids, prefix_list.id, image)
