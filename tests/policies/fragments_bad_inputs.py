"""Fragments of bad inputs that moto accepts and that no other file has: one input each, for defects.tsv."""

import json

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group, launching
from tests.policies.fragments_launch_templates import template
from tests.policies.fragments_object_store import bucket
from tests.policies.fragments_scaling import tracking
from tests.policies.fragments_security_groups import named
from tests.policies.fragments_watch import counted, expression, record, weighted

IMAGE = "ami-0123456789abcdef0"


def shared(class_, **more):
    """Two resources of one class and one name."""
    for number in "ab":
        class_(number, name="shop", **more)


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'g': name is \"sg-web\"; allowed: 1 to 255 of a-z, A-Z, 0-9, space"
    " and ._-:/()#,@[]+=&;{}!$*, not sg-*.",
)
def group_name_that_begins_with_sg():
    named(name="sg-web")


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'g': description is \"für alle\"; allowed: 1 to 255 of a-z, A-Z, "
    "0-9, space and ._-:/()#,@[]+=&;{}!$*.",
)
def umlaut_in_a_groups_description():
    named(description="für alle")


@breaks(
    "security-group-words",
    "aws:ec2/securityGroup:SecurityGroup 'g': name is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa... (302 '
    "characters); allowed: 1 to 255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*, not sg-*.",
)
def group_name_of_300():
    named(name="a" * 300)


@breaks(
    "network-range",
    "aws:ec2/subnet:Subnet 'subnet-a-10.0.0.1': cidrBlock is \"10.0.0.1/24\"; allowed: a range of /16 to "
    "/28 with zeros behind the prefix.",
)
def host_bits_of_a_subnet():
    parts.subnet(parts.vpc(), cidr="10.0.0.1/24")


@breaks(
    "parameter-size",
    "aws:ssm/parameter:Parameter 'p': name is \"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a\"; allowed: at most 15 levels.",
)
def parameter_path_of_16_levels():
    aws.ssm.Parameter("p", name="/a" * 16, type="String", value="x")


@breaks(
    "record-once",
    "aws:route53/record:Record 'a': name is \"x.bigpicture.dev\"; allowed: a name that b does not have.",
    "aws:route53/record:Record 'b': name is \"x.bigpicture.dev\"; allowed: a name that a does not have.",
)
def latency_mixed_with_weighted():
    near = aws.route53.RecordLatencyRoutingPolicyArgs(region="us-east-1")
    record("a", set_identifier="a", latency_routing_policies=[near])
    record("b", set_identifier="b", weighted_routing_policies=weighted(1))


@breaks(
    "name-once",
    "aws:cloudfront/originAccessControl:OriginAccessControl 'a': name is \"shop\"; allowed: a name that b "
    "does not have.",
    "aws:cloudfront/originAccessControl:OriginAccessControl 'b': name is \"shop\"; allowed: a name that a "
    "does not have.",
)
def two_access_controls_of_one_name():
    kind = {"origin_access_control_origin_type": "s3", "signing_behavior": "always", "signing_protocol": "sigv4"}
    shared(aws.cloudfront.OriginAccessControl, **kind)


@breaks(
    "name-once",
    "aws:autoscaling/group:Group 'a': name is \"shop\"; allowed: a name that b does not have.",
    "aws:autoscaling/group:Group 'b': name is \"shop\"; allowed: a name that a does not have.",
)
def two_fleets_of_one_name():
    shared(aws.autoscaling.Group, min_size=1, max_size=2)


@breaks(
    "template-name",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': name is \"my servers\"; allowed: 3 to 128 of A-Z, "
    "a-z, 0-9 and ()./_-.",
)
def blank_in_a_templates_name():
    template(name="my servers")


@breaks(
    "template-image",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': imageId is \"ami-linux\"; allowed: ami- with 8 or 17"
    " hex digits, or resolve:ssm:....",
)
def fleet_of_a_malformed_image():
    template(image_id="ami-linux")
    launching("1")


@breaks(
    "instance-image-and-type",
    "aws:ec2/instance:Instance 'i': ami is \"ami-linux\"; allowed: ami- with 8 or 17 hex digits.",
)
def server_of_a_malformed_image():
    aws.ec2.Instance("i", ami="ami-linux", instance_type="t4g.nano")


@breaks(
    "instance-image-and-type",
    "aws:ec2/instance:Instance 'i': instanceType is \"tiny\"; allowed: family.size, such as t4g.small.",
)
def server_of_no_type():
    aws.ec2.Instance("i", ami=IMAGE, instance_type="tiny")


@breaks(
    "fleet-name",
    "aws:autoscaling/group:Group 'fleet': name is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa... (258 '
    "characters); allowed: 1 to 255 printable characters without :.",
)
def fleet_name_of_256():
    group(name="a" * 256)


@breaks(
    "scaling-resource-label",
    "aws:autoscaling/policy:Policy 'policy': "
    "targetTrackingConfiguration.predefinedMetricSpecification.resourceLabel is not set; allowed: "
    "app/NAME/ID/targetgroup/NAME/ID.",
)
def requests_without_a_label():
    tracking(kind="ALBRequestCountPerTarget")


@breaks(
    "fleet-sizes",
    "aws:autoscaling/group:Group 'fleet': desiredCapacity is 3; allowed: at most maxSize, which is 2.",
)
def more_wanted_than_most():
    group(min_size=1, desired_capacity=3, max_size=2)


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"my..shop\"; allowed: 3 to 63 of a-z, 0-9, . and -, no reserved "
    "beginning or end.",
)
def two_dots_in_a_buckets_name():
    bucket(bucket="my..shop")


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"shop-\"; allowed: 3 to 63 of a-z, 0-9, . and -, no reserved "
    "beginning or end.",
)
def hyphen_at_the_end_of_a_buckets_name():
    bucket(bucket="shop-")


@breaks(
    "policy-not-public",
    "aws:s3/bucketPolicy:BucketPolicy 'open': policy is [\"s3:GetObject\"]; allowed: a principal other than *.",
)
def bucket_policy_for_everybody():
    made = bucket()
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.s3.BucketPolicy("open", bucket=made.id, policy=document)


@breaks(
    "cache-name",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicationGroupId is \"my_sessions\"; "
    "allowed: 1 to 40 of a-z, 0-9 and -, a letter first, no -- and no - at the end.",
)
def underscore_in_a_caches_name():
    parts.cache(replication_group_id="my_sessions")


@breaks(
    "cache-name",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicationGroupId is \"1sessions\"; "
    "allowed: 1 to 40 of a-z, 0-9 and -, a letter first, no -- and no - at the end.",
)
def digit_before_a_caches_name():
    parts.cache(replication_group_id="1sessions")


@breaks(
    "alarm-expression-is-whole",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries[0].expression is \"m1 +\"; allowed: "
    "balanced parentheses, and no operator without its sides.",
)
def expression_that_ends_in_an_operator():
    expression("m1 +", counted("m1"))


@breaks(
    "alarm-expression-is-whole",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries[0].expression is \"IF(m1 > 0, m1\"; "
    "allowed: balanced parentheses, and no operator without its sides.",
)
def parenthesis_left_open():
    expression("IF(m1 > 0, m1", counted("m1"))


@keeps("alarm-expression-is-whole")
def expression_with_all_that_it_may_have():
    text = "IF(m1 > 0 && -m1 != -1, FILL(m1, 0) * (100 - 2) / [m1, m1][0], RATE(m1)) + TIME_SERIES(1) ^ 2"
    expression(text, counted("m1"))
