"""Rules of regions and partitions: what a program spells out although its region decides it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule
from policies.values import Fault

ZONED = {
    "aws:autoscaling/group:Group": "availabilityZones",
    "aws:ebs/volume:Volume": "availabilityZone",
    "aws:ec2/instance:Instance": "availabilityZone",
    "aws:ec2/subnet:Subnet": "availabilityZone",
    "aws:elasticache/replicationGroup:ReplicationGroup": "preferredCacheClusterAzs",
    "aws:rds/instance:Instance": "availabilityZone",
}
"""Type -> the property that names availability zones."""
WITH_ARNS = (
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/key:Key",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
)
PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
ARNS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
MIGRATION = "https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/"
S3 = ("Acl", "CorsConfiguration", "LifecycleConfiguration", "Logging", "Versioning", "WebsiteConfiguration",
      "ServerSideEncryptionConfiguration")  # fmt: skip


@resource_rule(
    *ZONED,
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    fix="take zones from aws.get_availability_zones()",
)
def zone_of_its_region(resource: Resource) -> Iterator[Fault]:
    """A zone belongs to one region: us-east-1a spelled out stops the program in every other."""
    path, region = ZONED[resource.type], resource.options.region
    foreign = [
        each for each in resource.texts(path) if re.match(r"[a-z]+-[a-z]+", each) and not each.startswith(region)
    ]
    if region and foreign:
        yield resource.fault(path, f"zones of {region}", got=foreign)


@resource_rule(*WITH_ARNS, source=ARNS, fix="take the partition from aws.get_partition()")
def arn_of_its_partition(resource: Resource) -> Iterator[Fault]:
    """In China and in GovCloud an ARN begins with another partition: arn:aws: names nothing there."""
    partition = next((name for start, name in PARTITIONS.items() if resource.options.region.startswith(start)), "aws")
    for path in sorted(resource.keys() & {"policy", "policyArn"}):
        foreign = {each for each in re.findall(r"arn:(aws[a-z-]*):", resource.text(path)) if each != partition}
        if foreign:
            yield resource.fault(path, f"ARNs of {partition}", got=sorted(foreign))


@resource_rule(
    "aws:s3/bucket:Bucket",
    *(f"aws:s3/bucket{each}:Bucket{each}" for each in S3),
    source=MIGRATION,
    fix="drop the V2 of its class, and give the old type as an alias",
    severity=Severity.ADVISORY,
)
def bucket_under_its_new_name(resource: Resource) -> Iterator[Fault]:
    """Version 7 of pulumi-aws keeps the V2 classes of S3 as old names, which the next major version drops."""
    if resource.origin.type != resource.type:
        yield resource.fault("type", resource.type, got=resource.origin.type)
