"""Fragments about stacks that are meant to stay, and about the time that a fleet's end takes."""

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group
from tests.policies.fragments_launch_templates import template
from tests.policies.fragments_scaling import LABEL, tracking

REQUESTS = "ALBRequestCountPerTarget"


def kept(**more):
    """A database that is protected, which says that the stack is meant to stay."""
    parts.database(deletion_protection=True, skip_final_snapshot=None, final_snapshot_identifier="last", **more)


def cdn(protocol):
    kept()
    parts.distribution(origins=[parts.custom_origin("origin.bigpicture.dev", origin_protocol_policy=protocol)])


def alarmed(subscriber):
    topic = aws.sns.Topic("alarms")
    aws.cloudwatch.MetricAlarm(
        "busy", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=1, period=60,
        namespace="AWS/EC2", metric_name="CPUUtilization", statistic="Average", treat_missing_data="notBreaching",
        alarm_actions=[topic.arn], ok_actions=[topic.arn],
    )  # fmt: skip
    if subscriber:
        aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="me@bigpicture.dev")


def draining(*, heartbeat, delete):
    """A fleet whose servers drain for 300 s, the default, and then for a hook's *heartbeat*."""
    within = parts.vpc()
    target = parts.target_group(within=within)
    parts.listener(parts.balancer(within=within), target)
    patient = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(delete=delete))
    fleet = group(opts=patient, target_group_arns=[target.arn], health_check_type="ELB", health_check_grace_period=300)
    transition = "autoscaling:EC2_INSTANCE_TERMINATING"
    aws.autoscaling.LifecycleHook(
        "drain", autoscaling_group_name=fleet.name, lifecycle_transition=transition, default_result="CONTINUE",
        heartbeat_timeout=heartbeat,
    )  # fmt: skip


def behind(*names):
    """A fleet that serves a target group of each name, and counts requests."""
    within = parts.vpc()
    lb = parts.balancer(within=within)
    targets = [parts.target_group(name, within=within) for name in names]
    ways = [
        parts.listener(lb, each, f"to-{name}", port=443 + i)
        for i, (name, each) in enumerate(zip(names, targets, strict=True))
    ]
    fleet = group(
        target_group_arns=[each.arn for each in targets], health_check_type="ELB", health_check_grace_period=300
    )
    tracking(fleet=fleet, kind=REQUESTS, label=LABEL, opts=pulumi.ResourceOptions(depends_on=ways))


def tagged(*kinds):
    of = aws.ec2.LaunchTemplateTagSpecificationArgs
    template(tag_specifications=[of(resource_type=each, tags={"owner": "shop"}) for each in kinds])


@breaks(
    "production-is-encrypted-to-the-end",
    "aws:cloudfront/distribution:Distribution 'cdn': originProtocolPolicy is \"http-only to balancer\"; "
    "allowed: https-only.",
)
def plain_http_behind_the_cdn():
    cdn("http-only")


@keeps("production-is-encrypted-to-the-end")
def https_behind_the_cdn():
    cdn("https-only")


@keeps("production-is-encrypted-to-the-end")
def plain_http_in_a_sandbox():
    parts.distribution(origins=[parts.custom_origin("origin.bigpicture.dev", origin_protocol_policy="http-only")])


@breaks(
    "production-alarms-reach-somebody",
    "aws:sns/topic:Topic 'alarms': arn is \"the topic of 1 alarms\"; allowed: a topic that somebody is subscribed to.",
)
def alarms_that_wake_nobody():
    kept()
    alarmed(subscriber=False)


@keeps("production-alarms-reach-somebody")
def alarms_that_wake_somebody():
    kept()
    alarmed(subscriber=True)


@keeps("production-alarms-reach-somebody")
def alarms_of_a_sandbox():
    alarmed(subscriber=False)


@breaks(
    "protected-and-thrown-away",
    "aws:rds/instance:Instance 'db': skipFinalSnapshot is true; allowed: what leaves something to bring back.",
)
def protected_database_without_a_snapshot():
    parts.database(deletion_protection=True)


@breaks(
    "protected-and-thrown-away",
    "aws:secretsmanager/secret:Secret 'password': recoveryWindowInDays is 0; allowed: what leaves "
    "something to bring back.",
)
def protected_secret_that_goes_at_once():
    protected = pulumi.ResourceOptions(protect=True)
    secret = aws.secretsmanager.Secret("password", recovery_window_in_days=0, opts=protected)
    aws.secretsmanager.SecretVersion("first", secret_id=secret.id, secret_string="s3cret-of-a-test")


@keeps("protected-and-thrown-away")
def protected_database_with_a_snapshot():
    kept()


@breaks(
    "fleet-is-given-time-to-drain",
    "aws:autoscaling/group:Group 'fleet': customTimeouts.delete is \"1199 s\"; allowed: 1200 s or more: 900"
    " s of drain and hooks, and the last server's end.",
)
def a_second_too_hasty():
    draining(heartbeat=600, delete="1199s")


@keeps("fleet-is-given-time-to-drain")
def just_patient_enough():
    draining(heartbeat=600, delete="20m")


@breaks(
    "scaling-counts-every-group",
    "aws:autoscaling/policy:Policy 'policy': "
    'targetTrackingConfiguration.predefinedMetricSpecification.predefinedMetricType is ["cart", '
    '"orders"]; allowed: a sum over the fleet\'s target groups.',
)
def requests_of_one_group_of_two():
    behind("cart", "orders")


@keeps("scaling-counts-every-group")
def requests_of_the_only_group():
    behind("cart")


@breaks(
    "template-tags-its-disks",
    "aws:ec2/launchTemplate:LaunchTemplate 'template': tagSpecifications is [\"instance\"]; allowed: one "
    "for volume beside instance.",
)
def disks_of_nobody():
    tagged("instance")


@keeps("template-tags-its-disks")
def disks_with_an_owner():
    tagged("instance", "volume")
