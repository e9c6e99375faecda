"""Fragments about what servers reach, and about processors, regions and references."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group
from tests.policies.fragments_launch_templates import template
from tests.policies.fragments_network import endpoint, private_subnets

OVERRIDE = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateOverrideArgs
INTERFACES = ("autoscaling", "ssm", "ssmmessages")
ARM_IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


def mixed(*types, own=None):
    """A fleet of *types*, and of one more that has a template of its own."""
    args = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateLaunchTemplateSpecificationArgs
    apart = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateOverrideLaunchTemplateSpecificationArgs
    overrides = [OVERRIDE(instance_type=each) for each in types]
    if own:
        overrides.append(OVERRIDE(instance_type=own, launch_template_specification=apart(launch_template_id="lt-2")))
    launch = aws.autoscaling.GroupMixedInstancesPolicyLaunchTemplateArgs(
        launch_template_specification=args(launch_template_id="lt-1", version="1"), overrides=overrides
    )
    group(mixed_instances_policy=aws.autoscaling.GroupMixedInstancesPolicyArgs(launch_template=launch))


def shut_in(*services):
    """A draining fleet in subnets without a way out, beside endpoints of *services*."""
    subnets = private_subnets()
    for each in services:
        name = f"com.amazonaws.us-east-1.{each}"
        place = {"vpc_id": subnets[0].vpc_id, "subnet_ids": [subnets[0].id]}
        aws.ec2.VpcEndpoint(each, **place, service_name=name, vpc_endpoint_type="Interface")
    fleet = group(vpc_zone_identifiers=[each.id for each in subnets], force_delete=True)
    transition = "autoscaling:EC2_INSTANCE_TERMINATING"
    aws.autoscaling.LifecycleHook(
        "drain", autoscaling_group_name=fleet.name, lifecycle_transition=transition, default_result="CONTINUE"
    )


def server_by(type_):
    """A server of the type, whose image for arm64 is looked up while the program runs."""
    image = aws.ssm.get_parameter_output(name=ARM_IMAGE.removeprefix("resolve:ssm:")).value
    aws.ec2.Instance("server", ami=image, instance_type=type_, metadata_options={"http_tokens": "required"})


def packages(resource):
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}
    endpoint(policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def role(name="servers"):
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return aws.iam.Role(name, name=name, assume_role_policy=document)


def attached(named, opts=None, partition="aws"):
    arn = f"arn:{partition}:iam::{partition}:policy/AmazonSSMManagedInstanceCore"
    aws.iam.RolePolicyAttachment("login", role=named, policy_arn=arn, opts=opts)


@breaks(
    "fleet-one-architecture",
    "aws:autoscaling/group:Group 'fleet': mixedInstancesPolicy.launchTemplate.overrides is [\"m7g.large\", "
    '"m7i.large"]; allowed: types of one architecture.',
)
def two_architectures():
    mixed("m7g.large", "m7i.large")


@keeps("fleet-one-architecture")
def another_architecture_with_its_own_template():
    mixed("m7g.large", "t4g.large", "im4gn.large", own="m7i.large")


@keeps("fleet-one-architecture")
def graphics_and_graviton_are_told_apart():
    mixed("g5.xlarge", "g4dn.xlarge", "m7i.xlarge")


@breaks(
    "template-image-of-its-type",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': imageId is \"resolve:ssm:/aws/service/ami-amazon-"
    "linux-latest/al2023-ami-kernel-default-arm6... (82 characters); allowed: an image for x86_64, as "
    "m7i.large is.",
)
def image_for_arm_on_intel():
    template(instance_type="m7i.large", image_id=ARM_IMAGE)


@breaks(
    "template-image-of-its-type",
    "aws:ec2/instance:Instance 'server': ami is \"resolve:ssm:/aws/service/ami-amazon-linux-"
    "latest/al2023-ami-kernel-default-arm6... (82 characters); allowed: an image for x86_64, as t3.micro "
    "is.",
)
def server_of_an_image_that_was_looked_up():
    server_by("t3.micro")


@keeps("template-image-of-its-type")
def server_of_an_image_for_it_that_was_looked_up():
    server_by("t4g.micro")


@keeps("template-image-of-its-type")
def image_for_arm_on_graviton():
    template(instance_type="m7g.large", image_id=ARM_IMAGE)


@breaks(
    "fleet-reaches-aws",
    "aws:autoscaling/group:Group 'fleet': vpcZoneIdentifiers is \"subnet-a-10.0.0.0\"; allowed: a way to "
    "autoscaling, ssmmessages.",
)
def servers_shut_in():
    shut_in("ssm")


@keeps("fleet-reaches-aws")
def servers_with_every_endpoint():
    shut_in(*INTERFACES)


@breaks(
    "endpoint-lets-packages-in",
    "aws:ec2/vpcEndpoint:VpcEndpoint 'endpoint': policy is [\"arn:aws:s3:::artifacts/*\"]; allowed: a "
    "statement for al2023-repos-REGION-de612dc2.",
)
def endpoint_for_one_bucket():
    packages("arn:aws:s3:::artifacts/*")


@keeps("endpoint-lets-packages-in")
def endpoint_for_the_packages_alone():
    packages("arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*")


@breaks(
    "zone-of-its-region",
    "aws:ec2/subnet:Subnet 'subnet': availabilityZone is [\"eu-west-1a\"]; allowed: zones of us-east-1.",
)
def zone_of_another_region():
    within = parts.vpc()
    aws.ec2.Subnet("subnet", vpc_id=within.id, cidr_block="10.0.0.0/24", availability_zone="eu-west-1a")


@keeps("zone-of-its-region")
def subnet_of_another_region_in_its_zone():
    within = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", region="eu-west-1")
    zone, region = "eu-west-1a", "eu-west-1"
    aws.ec2.Subnet("subnet", vpc_id=within.id, cidr_block="10.0.0.0/24", availability_zone=zone, region=region)


@breaks(
    "arn-of-its-partition",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment 'login': policyArn is [\"aws-cn\"]; allowed: ARNs of aws.",
)
def chinese_policy_here():
    attached(role().name, partition="aws-cn")


@keeps("arn-of-its-partition")
def policy_of_this_partition():
    attached(role().name)


@breaks(
    "reference-is-a-dependency",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment 'login': role is \"servers\"; allowed: an output of servers.",
)
def role_by_its_name():
    role()
    attached("servers")


@keeps("reference-is-a-dependency")
def role_by_its_name_that_is_waited_for():
    waits = pulumi.ResourceOptions(depends_on=[role()])
    attached("servers", opts=waits)


@keeps("reference-is-a-dependency")
def role_by_its_name_behind_another():
    profile = aws.iam.InstanceProfile("profile", role=role().name)
    attached("servers", opts=pulumi.ResourceOptions(depends_on=[profile]))


@breaks(
    "bucket-under-its-new-name",
    "aws:s3/bucketV2:BucketV2 'pages': type is \"aws:s3/bucketV2:BucketV2\"; allowed: aws:s3/bucket:Bucket.",
)
def bucket_of_version_6():
    parts_of_a_bucket(aws.s3.BucketV2("pages"))


@keeps("bucket-under-its-new-name")
def bucket_of_version_7():
    parts_of_a_bucket(aws.s3.Bucket("pages"))


def parts_of_a_bucket(bucket):
    block = dict.fromkeys(("block_public_acls", "block_public_policy", "ignore_public_acls"), True)
    aws.s3.BucketPublicAccessBlock("block", bucket=bucket.id, restrict_public_buckets=True, **block)
