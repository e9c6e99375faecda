"""Say how a server of a fleet is born: its launch template."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components import names

USER_DATA_BYTES = 16_384
"""Limit on user data before it is base64-encoded (EC2 User Guide, "Run commands when you launch an EC2 instance")."""

Credits = Literal["standard", "unlimited"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """What servers boot from."""

    id: pulumi.Input[str]
    """An AMI of the instance type's architecture."""
    root_device: pulumi.Input[str]
    """The image's own name for its root volume: another name would add a second volume, unencrypted."""
    pinned: bool
    """The id was looked up: the one of the first `up` is kept, a newer image replaces no server until asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """One server of the fleet, before it is born."""

    image: Image
    instance_type: str
    user_data: pulumi.Input[str]
    root_volume_gb: int
    cpu_credits: Credits
    tags: Mapping[str, str]
    profile_arn: pulumi.Input[str]
    security_group_id: pulumi.Input[str]


def encode(user_data: str) -> str:
    """Base64 for the launch template; ValueError when EC2 would refuse the size."""
    size = len(user_data.encode())
    if size > USER_DATA_BYTES:
        raise ValueError(
            f"user_data has {size} bytes; allowed: at most {USER_DATA_BYTES} before base64."
            " Fix: move what is big into the artifact"
        )
    return base64.b64encode(user_data.encode()).decode()


def make_template(parent: pulumi.Resource, name: str, server: Server) -> aws.ec2.LaunchTemplate:
    """Metadata only with a session token and never through a proxy, an encrypted root volume, metrics each minute."""
    burstable = server.instance_type.startswith("t")
    return aws.ec2.LaunchTemplate(
        names.logical(aws.ec2.LaunchTemplate, name),
        image_id=server.image.id,
        instance_type=server.instance_type,
        iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=server.profile_arn),
        vpc_security_group_ids=[server.security_group_id],
        user_data=pulumi.Output.from_input(server.user_data).apply(encode),
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
        ),
        monitoring=aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),  # without it the scaler sees the CPU every 5 min
        credit_specification=aws.ec2.LaunchTemplateCreditSpecificationArgs(cpu_credits=server.cpu_credits)
        if burstable
        else None,
        block_device_mappings=[_root_volume(server)],
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags={**server.tags, "Name": name})
            for kind in ("instance", "volume", "network-interface")
        ],
        update_default_version=True,
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["imageId"] if server.image.pinned else None),
    )


def _root_volume(server: Server) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
    """Encrypted with AWS's own key; a customer's key would need a grant to Auto Scaling's service-linked role."""
    return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=server.image.root_device,
        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3",
            volume_size=server.root_volume_gb,
            encrypted="true",
            delete_on_termination="true",
        ),
    )
