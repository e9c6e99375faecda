"""Fragments about launch templates."""

import base64
import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps


def template(**more):
    given = {
        "metadata_options": aws.ec2.LaunchTemplateMetadataOptionsArgs(http_tokens="required"),
        "monitoring": aws.ec2.LaunchTemplateMonitoringArgs(enabled=True),
        "image_id": "ami-0123456789abcdef0",
    }
    return aws.ec2.LaunchTemplate("template", **{**given, **more})


def launched(made):
    """What a group starts its servers of: the newest version of *made*."""
    return aws.autoscaling.GroupLaunchTemplateArgs(id=made.id, version=made.latest_version.apply(str))


def metadata(**more):
    return aws.ec2.LaunchTemplateMetadataOptionsArgs(**{"http_tokens": "required", **more})


def encoded(raw):
    return base64.b64encode(raw).decode()


@breaks(
    "template-name",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': name is \"ab\"; allowed: 3 to 128 of A-Z, a-z, 0-9 and ()./_-.",
)
def template_name_of_2():
    template(name="ab")


@keeps("template-name")
def template_name_of_128():
    template(name="a" * 128)


@breaks(
    "template-metadata-tokens",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': metadataOptions.httpTokens is not set; allowed: \"required\".",
)
def metadata_without_tokens():
    aws.ec2.LaunchTemplate("template")


@breaks(
    "template-metadata-hops",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': metadataOptions.httpPutResponseHopLimit is 5; allowed: 1 or 2.",
)
def five_hops():
    template(metadata_options=metadata(http_put_response_hop_limit=5))


@keeps("template-metadata-hops")
def two_hops():
    template(metadata_options=metadata(http_put_response_hop_limit=2))


@breaks(
    "template-user-data",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': userData is \"16385 bytes\"; allowed: at most 16384 bytes.",
)
def too_much_user_data():
    template(user_data=encoded(b"#!" + b"a" * 16_383))


@breaks(
    "template-user-data",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': userData is \"base64 of base64\"; allowed: base64 of what runs.",
)
def user_data_encoded_twice():
    template(user_data=encoded(encoded(b"#!/bin/sh").encode()))


@breaks(
    "template-user-data",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': userData is \"no base64\"; allowed: base64.",
)
def user_data_in_the_clear():
    template(user_data="#!/bin/sh")


@keeps("template-user-data")
def as_much_user_data_as_can_be():
    template(user_data=encoded(b"#!" + b"a" * 16_382))


@breaks(
    "template-image",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': imageId is \"ami-amazon-linux\"; allowed: ami- with "
    "8 or 17 hex digits, or resolve:ssm:....",
)
def malformed_image():
    template(image_id="ami-amazon-linux")


@keeps("template-image")
def short_image():
    template(image_id="ami-0123abcd")


@breaks(
    "template-groups-once",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': vpcSecurityGroupIds is [\"sg-1\"]; allowed: not set "
    "beside networkInterfaces.",
)
def groups_in_two_places():
    face = aws.ec2.LaunchTemplateNetworkInterfaceArgs(security_groups=["sg-1"])
    template(vpc_security_group_ids=["sg-1"], network_interfaces=[face])


@breaks(
    "template-disks-encrypted",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': blockDeviceMappings[0].ebs.encrypted is not set; allowed: true.",
)
def plain_disk():
    ebs = aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(volume_size=8)
    template(block_device_mappings=[aws.ec2.LaunchTemplateBlockDeviceMappingArgs(device_name="/dev/xvda", ebs=ebs)])


@breaks(
    "template-no-key-pair",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': keyName is \"laptop\"; allowed: not set.",
)
def key_pair():
    template(key_name="laptop")


@breaks(
    "template-can-be-entered",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': iamInstanceProfile is \"role\"; allowed: a role "
    "with ssmmessages:OpenControlChannel.",
)
def server_nobody_can_enter():
    server_of_a_role()


@keeps("template-can-be-entered")
def server_to_be_entered_and_no_more():
    policy = {"Effect": "Allow", "Action": "ssmmessages:*Channel", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    aws.iam.RolePolicy("login", role=server_of_a_role().name, policy=document)


def server_of_a_role():
    role = aws.iam.Role("role", assume_role_policy="{}")
    profile = aws.iam.InstanceProfile("profile", role=role.name)
    template(iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn))
    return role


@breaks(
    "template-credits-chosen",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': creditSpecification is not set; allowed: standard "
    "or unlimited, on purpose.",
)
def credits_by_default():
    template(instance_type="t4g.small")


@breaks(
    "template-measured-each-minute",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': monitoring.enabled is not set; allowed: true.",
)
def measured_seldom():
    template(monitoring=None)


@breaks(
    "template-type",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': instanceType is \"medium\"; allowed: family.size, "
    "such as t4g.small.",
)
def type_of_a_database():
    template(instance_type="medium")


@keeps("template-type")
def odd_type():
    template(instance_type="u7i-12tb.224xlarge")
