"""Fragments about fleets."""

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


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
