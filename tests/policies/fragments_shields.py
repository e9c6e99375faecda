"""Fragments about load balancers behind CloudFront, addresses for a cache, and the keys of disks."""

import json

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_launch_templates import template

CLOUDFRONT = "pl-3b927c52"
AUTO_SCALING = "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"


def behind_the_cdn(**end):
    within = parts.vpc()
    group = parts.security_group("web", within)
    aws.vpc.SecurityGroupIngressRule(
        "in", security_group_id=group.id, ip_protocol="tcp", from_port=443, to_port=443, **end
    )
    parts.lets_out(group)
    lb = parts.balancer(within=within, security_groups=[group.id])
    parts.listener(lb, parts.target_group(within=within))
    parts.distribution(origins=[parts.custom_origin(lb.dns_name)])


def cache_of(shards):
    """A cache of two nodes a shard, in two subnets with eleven free addresses each."""
    within = parts.vpc()
    made = [parts.subnet(within, zone, f"10.0.{number}.0/28") for number, zone in enumerate("ab")]
    group = aws.elasticache.SubnetGroup("cache", subnet_ids=[each.id for each in made])
    parts.cache(subnet_group_name=group.name, num_node_groups=shards)


def disk(*grantees):
    root = "arn:aws:iam::123456789012:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": [root, *grantees]}, "Action": "kms:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    key = aws.kms.Key("disks", policy=document, enable_key_rotation=True)
    ebs = aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(encrypted="true", kms_key_id=key.arn)
    device = aws.ec2.LaunchTemplateBlockDeviceMappingArgs(device_name="/dev/xvda", ebs=ebs)
    template(block_device_mappings=[device])


@breaks(
    "balancer-behind-the-cdn-alone",
    "aws:lb/loadBalancer:LoadBalancer 'lb': securityGroups is \"web\"; allowed: a group that lets CloudFront alone in.",
)
def balancer_beside_the_cdn():
    behind_the_cdn(cidr_ipv4="0.0.0.0/0")


@keeps("balancer-behind-the-cdn-alone")
def balancer_for_the_cdn():
    behind_the_cdn(prefix_list_id=CLOUDFRONT)


@breaks(
    "cache-fits-its-subnets",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': subnetGroupName is \"22 addresses\"; "
    "allowed: subnets with 24 free addresses.",
)
def a_shard_too_many():
    cache_of(12)


@keeps("cache-fits-its-subnets")
def the_last_address_taken():
    cache_of(11)


@breaks(
    "cache-refuses-plain-connections",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': transitEncryptionMode is \"preferred\"; "
    "allowed: required.",
)
def plain_connections_served():
    parts.cache(transit_encryption_mode="preferred")


@keeps("cache-refuses-plain-connections")
def plain_connections_refused():
    parts.cache(transit_encryption_mode="required")


@breaks(
    "template-key-for-auto-scaling",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': blockDeviceMappings is \"disks\"; allowed: a key "
    "that Auto Scaling may use.",
)
def disk_under_a_key_of_ones_own():
    disk()


@keeps("template-key-for-auto-scaling")
def disk_under_a_key_that_auto_scaling_may_use():
    disk(AUTO_SCALING)
