"""Fragments about launch templates and fleets."""

import base64
import json

import pulumi
import pulumi_aws as aws

from tests.policies import parts
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


def group(opts=None, **more):
    return parts.fleet(opts=opts, **more)


def scaled(target, opts=None):
    aws.autoscaling.Policy("cpu", autoscaling_group_name=target.name, policy_type="TargetTrackingScaling", opts=opts)


def refresh(**preferences):
    given = aws.autoscaling.GroupInstanceRefreshPreferencesArgs(**preferences)
    return aws.autoscaling.GroupInstanceRefreshArgs(strategy="Rolling", preferences=given)


def launching(version):
    return group(launch_template=aws.autoscaling.GroupLaunchTemplateArgs(id="lt-1", version=version))


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


@breaks(
    "fleet-name",
    "aws:autoscaling/group:Group 'fleet': name is \"shop:web\"; allowed: 1 to 255 printable characters without :.",
)
def colon_in_a_fleets_name():
    group(name="shop:web")


@keeps("fleet-name")
def fleet_name_of_255():
    group(name="a" * 255)


@breaks(
    "fleet-sizes",
    "aws:autoscaling/group:Group 'fleet': minSize is 3; allowed: at most maxSize, which is 2.",
)
def least_above_most():
    group(min_size=3, max_size=2)


@breaks("fleet-sizes", "aws:autoscaling/group:Group 'fleet': minSize is -1; allowed: 0 or more.")
def fewer_than_none():
    group(min_size=-1, max_size=2)


@keeps("fleet-sizes")
def least_is_most():
    group(min_size=2, max_size=2, desired_capacity=2)


@breaks(
    "fleet-scaler-owns-capacity",
    "aws:autoscaling/group:Group 'fleet': desiredCapacity is 2; allowed: not set, or in ignore_changes.",
)
def capacity_that_fights_the_scaler():
    scaled(group(desired_capacity=2))


@keeps("fleet-scaler-owns-capacity")
def capacity_that_is_ignored():
    scaled(group(desired_capacity=2, opts=pulumi.ResourceOptions(ignore_changes=["desiredCapacity"])))


@breaks(
    "fleet-health-type",
    "aws:autoscaling/group:Group 'fleet': healthCheckType is \"PING\"; allowed: EC2, ELB, EBS or VPC_LATTICE.",
)
def health_by_ping():
    group(health_check_type="PING")


@keeps("fleet-health-type")
def health_by_two():
    group(health_check_type="ELB,EBS")


@breaks(
    "fleet-asks-its-balancer",
    "aws:autoscaling/group:Group 'fleet': healthCheckType is \"EC2\"; allowed: ELB with a target group.",
)
def dead_process_kept():
    group(target_group_arns=[parts.reached().arn], health_check_type="EC2")


@breaks(
    "fleet-boots-in-grace",
    "aws:autoscaling/group:Group 'fleet': healthCheckGracePeriod is 0; allowed: 30 s or more with ELB checks.",
)
def no_grace():
    group(health_check_type="ELB", health_check_grace_period=0)


@keeps("fleet-boots-in-grace")
def half_a_minute_of_grace():
    group(health_check_type="ELB", health_check_grace_period=30)


@breaks(
    "fleet-termination",
    "aws:autoscaling/group:Group 'fleet': terminationPolicies is [\"Oldest\"]; allowed: "
    "AllocationStrategy, ClosestToNextInstanceHour, Default, NewestInstance, OldestInstance, "
    "OldestLaunchConfiguration, OldestLaunchTemplate.",
)
def oldest_first():
    group(termination_policies=["Oldest"])


@keeps("fleet-termination")
def oldest_template_first():
    group(termination_policies=["OldestLaunchTemplate", "Default"])


@breaks(
    "fleet-lifetime",
    "aws:autoscaling/group:Group 'fleet': maxInstanceLifetime is 100; allowed: 86400 to 31536000.",
)
def life_of_100_seconds():
    group(max_instance_lifetime=100)


@keeps("fleet-lifetime")
def life_of_a_day():
    group(max_instance_lifetime=86_400)


@breaks(
    "fleet-template-version",
    "aws:autoscaling/group:Group 'fleet': launchTemplate.version is \"$Latest\"; allowed: the number of a version.",
)
def latest_template():
    launching("$Latest")


@keeps("fleet-template-version")
def template_by_number():
    launching("3")


@breaks(
    "fleet-rolls",
    "aws:autoscaling/group:Group 'fleet': instanceRefresh is not set; allowed: a rolling refresh.",
)
def fleet_that_does_not_roll():
    launching("3")


@breaks(
    "fleet-refresh-percentages",
    "aws:autoscaling/group:Group 'fleet': instanceRefresh.preferences.maxHealthyPercentage is 200; "
    "allowed: at most 150.",
    "aws:autoscaling/group:Group 'fleet': instanceRefresh.preferences.checkpointPercentages is [50]; "
    "allowed: 100 at the end.",
)
def refresh_too_far_apart():
    group(instance_refresh=refresh(min_healthy_percentage=50, max_healthy_percentage=200, checkpoint_percentages=[50]))


@keeps("fleet-refresh-percentages")
def refresh_a_hundred_apart():
    group(
        instance_refresh=refresh(min_healthy_percentage=100, max_healthy_percentage=200, checkpoint_percentages=[100])
    )


@breaks(
    "fleet-refresh-of-one",
    "aws:autoscaling/group:Group 'fleet': instanceRefresh.preferences.maxHealthyPercentage is not set; "
    "allowed: more than 100.",
)
def refresh_that_is_an_outage():
    group(instance_refresh=refresh(min_healthy_percentage=100))


@breaks(
    "fleet-tags-reach-servers",
    "aws:autoscaling/group:Group 'fleet': tags[0].propagateAtLaunch is \"owner\"; allowed: true.",
)
def tag_that_stays():
    group(tags=[aws.autoscaling.GroupTagArgs(key="owner", value="me", propagate_at_launch=False)])


def two_services(path):
    within = parts.vpc()
    lb = parts.balancer(within=within)
    made = []
    for number, each in enumerate(["/health", path]):
        target = parts.target_group(
            f"tg-{number}", within=within, health_check=aws.lb.TargetGroupHealthCheckArgs(path=each)
        )
        parts.listener(lb, target, f"listener-{number}", port=443 + number)
        made.append(target.arn)
    group(target_group_arns=made, health_check_type="ELB")


@breaks(
    "fleet-one-health-check",
    'aws:autoscaling/group:Group \'fleet\': targetGroupArns is ["/health", "/orders/health"]; allowed: '
    "target groups with one health check.",
)
def two_questions():
    two_services("/orders/health")


@keeps("fleet-one-health-check")
def one_question():
    two_services("/health")
