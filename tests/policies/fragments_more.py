"""Fragments about what two resources may not share, and about ids that look wrong."""

import json
from typing import Any

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_cdn import viewer
from tests.policies.fragments_object_store import bucket
from tests.policies.fragments_scaling import LABEL, tracking
from tests.policies.fragments_security_groups import ingress
from tests.policies.fragments_topics import lets_in
from tests.policies.fragments_watch import record


@breaks(
    "name-once",
    "aws:lb/loadBalancer:LoadBalancer 'a': name is \"shop\"; allowed: a name that b does not have.",
    "aws:lb/loadBalancer:LoadBalancer 'b': name is \"shop\"; allowed: a name that a does not have.",
)
def two_balancers_of_one_name():
    for number in "ab":
        aws.lb.LoadBalancer(number, name="shop", load_balancer_type="network", subnets=["subnet-1"])


@keeps("name-once")
def one_name_in_two_regions():
    for region in ("us-east-1", "eu-west-1"):
        aws.sqs.Queue(region, name="orders", region=region)


@breaks(
    "security-group-rule-list",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule 'in': prefixListId is \"pl-cloudfront\"; "
    "allowed: pl- and 8 or 17 hex digits.",
)
def bogus_list():
    ingress(cidr_ipv4=None, prefix_list_id="pl-cloudfront")


@keeps("security-group-rule-list")
def list_of_cloudfront():
    ingress(cidr_ipv4=None, prefix_list_id="pl-3b927c52")


@breaks(
    "cache-node-type",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': nodeType is \"t4g.small\"; allowed: cache.family.size.",
)
def node_of_another_kind():
    parts.cache(node_type="t4g.small")


@keeps("cache-node-type")
def large_node():
    parts.cache(node_type="cache.r7g.16xlarge")


@breaks(
    "database-family",
    "aws:rds/parameterGroup:ParameterGroup 'p': family is \"postgres\"; allowed: an engine and its major version.",
)
def family_without_a_version():
    aws.rds.ParameterGroup("p", family="postgres")


@keeps("database-family")
def family_of_mysql():
    aws.rds.ParameterGroup("p", family="mysql8.4")


@breaks(
    "cdn-alias-once",
    "aws:cloudfront/distribution:Distribution 'a': aliases is [\"shop.bigpicture.dev\"]; allowed: aliases "
    "that no other distribution has.",
    "aws:cloudfront/distribution:Distribution 'b': aliases is [\"shop.bigpicture.dev\"]; allowed: aliases "
    "that no other distribution has.",
)
def two_distributions_of_one_alias():
    for name in "ab":
        parts.distribution(name, aliases=["shop.bigpicture.dev"], viewer_certificate=viewer())


@keeps("cdn-alias-once")
def two_distributions_of_two_aliases():
    for name in "ab":
        parts.distribution(name, aliases=[f"{name}.bigpicture.dev"], viewer_certificate=viewer())


def failing_over(name, kind):
    policy = aws.route53.RecordFailoverRoutingPolicyArgs(type=kind)
    record(name, set_identifier=name, failover_routing_policies=[policy])


@breaks(
    "record-one-primary",
    "aws:route53/record:Record 'a': failoverRoutingPolicies is \"PRIMARY\"; allowed: a kind that b is not.",
    "aws:route53/record:Record 'b': failoverRoutingPolicies is \"PRIMARY\"; allowed: a kind that a is not.",
)
def two_primaries():
    failing_over("a", "PRIMARY")
    failing_over("b", "PRIMARY")


@keeps("record-one-primary")
def a_primary_and_a_secondary():
    failing_over("a", "PRIMARY")
    failing_over("b", "SECONDARY")


def near(region):
    record(set_identifier="a", latency_routing_policies=[aws.route53.RecordLatencyRoutingPolicyArgs(region=region)])


@breaks(
    "record-region",
    "aws:route53/record:Record 'record': latencyRoutingPolicies[0].region is \"europe\"; allowed: a region "
    "such as eu-west-1.",
)
def region_that_is_none():
    near("europe")


@keeps("record-region")
def region_that_is_one():
    near("ap-southeast-2")


def leading(name):
    record("target")
    alias = aws.route53.RecordAliasArgs(name=name, zone_id="Z1", evaluate_target_health=True)
    record("alias", name="y.bigpicture.dev", records=None, ttl=None, aliases=[alias])


@breaks(
    "record-alias-leads-somewhere",
    "aws:route53/record:Record 'alias': aliases[0].name is \"z.bigpicture.dev\"; allowed: the name of a "
    "record of this zone.",
)
def alias_to_nothing():
    leading("z.bigpicture.dev")


@keeps("record-alias-leads-somewhere")
def alias_to_a_record():
    leading("x.bigpicture.dev.")


@breaks(
    "parameter-value",
    "aws:ssm/parameter:Parameter 'p': value is [secret]; allowed: what ^\\d+$ matches.",
)
def value_that_its_pattern_refuses():
    aws.ssm.Parameter("p", type="String", value="blue", allowed_pattern=r"^\d+$")


@breaks(
    "parameter-value",
    "aws:ssm/parameter:Parameter 'p': value is [secret]; allowed: an image's id.",
)
def image_that_is_none():
    aws.ssm.Parameter("p", type="String", value="linux", data_type="aws:ec2:image")


@keeps("parameter-value")
def value_that_its_pattern_takes():
    aws.ssm.Parameter("p", type="String", value="42", allowed_pattern=r"^\d+$")


def attached(kind, target):
    made = parts.reached(target_type=kind)
    aws.lb.TargetGroupAttachment("a", target_group_arn=made.arn, target_id=target)


@breaks(
    "target-of-its-kind",
    "aws:lb/targetGroupAttachment:TargetGroupAttachment 'a': targetId is \"i-0123456789abcdef0\"; allowed: "
    "what a group of type ip takes.",
)
def instance_among_addresses():
    attached("ip", "i-0123456789abcdef0")


@keeps("target-of-its-kind")
def address_among_addresses():
    attached("ip", "10.0.0.1")


@breaks(
    "scaling-label-of-its-group",
    "aws:autoscaling/policy:Policy 'policy': "
    "targetTrackingConfiguration.predefinedMetricSpecification.resourceLabel is "
    '"app/lb/0123456789abcdef/targetgroup/tg/0123456789abcdef"; allowed: a target group of fleet, which '
    "has none.",
)
def requests_of_others():
    tracking(kind="ALBRequestCountPerTarget", label=LABEL)


@keeps("scaling-label-of-its-group")
def requests_of_its_own():
    fleet = parts.fleet(target_group_arns=["arn:aws:elasticloadbalancing:us-east-1:1:x"], health_check_type="ELB")
    tracking(fleet=fleet, kind="ALBRequestCountPerTarget", label=LABEL)


@breaks(
    "instance-image-and-type",
    "aws:ec2/instance:Instance 'i': ami is \"ami-linux\"; allowed: ami- with 8 or 17 hex digits.",
    "aws:ec2/instance:Instance 'i': instanceType is \"tiny\"; allowed: family.size, such as t4g.small.",
)
def malformed_server():
    aws.ec2.Instance("i", ami="ami-linux", instance_type="tiny")


@keeps("instance-image-and-type")
def server_alone():
    aws.ec2.Instance("i", ami="ami-0123456789abcdef0", instance_type="t4g.nano")


def notifying(*, allowed):
    made, queue = bucket(), aws.sqs.Queue("q")
    if allowed:
        lets_in("q", queue, made, "s3.amazonaws.com")
    target = aws.s3.BucketNotificationQueueArgs(queue_arn=queue.arn, events=["s3:ObjectCreated:*"])
    aws.s3.BucketNotification("n", bucket=made.id, queues=[target])


@breaks(
    "bucket-notification-let-in",
    "aws:s3/bucketNotification:BucketNotification 'n': queues is \"q\"; allowed: a queue whose policy lets S3 send.",
)
def notification_to_a_closed_queue():
    notifying(allowed=False)


@keeps("bucket-notification-let-in")
def notification_to_an_open_queue():
    notifying(allowed=True)


@breaks(
    "database-has-backups",
    "aws:rds/instance:Instance 'db': backupRetentionPeriod is 0; allowed: 1 to 35.",
)
def replica_of_a_source_without_backups():
    parts.replica(parts.database(backup_retention_period=0))


@breaks(
    "queue-dead-letters-outlive",
    "aws:sqs/queue:Queue 'q': redrivePolicy is \"dead: 60 s\"; allowed: a queue that keeps 345600 s or more.",
)
def redrive_to_a_short_memory():
    dead = aws.sqs.Queue("dead", message_retention_seconds=60)
    policy = dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5}))
    aws.sqs.Queue("q", redrive_policy=policy)


@breaks(
    "record-address-of-a-name",
    "aws:route53/record:Record 'record': records is \"the name of lb\"; allowed: addresses.",
)
def address_record_of_a_balancer():
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within))
    record(records=[lb.dns_name])


@keeps("record-address-of-a-name")
def address_record_of_a_network_balancers_own_address():
    within = parts.vpc()
    mapping: Any = {"subnet_id": parts.subnet(within).id, "private_ipv4_address": "10.0.0.9"}
    lb = aws.lb.LoadBalancer("lb", load_balancer_type="network", internal=True, subnet_mappings=[mapping])
    record(records=[lb.subnet_mappings[0].private_ipv4_address])


@keeps("record-address-of-a-name")
def address_record_of_an_address():
    record(records=[aws.ec2.Eip("address", domain="vpc").public_ip])
