"""Rules of Auto Scaling groups, their policies and hooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

GROUP = "aws:autoscaling/group:Group"
POLICY = "aws:autoscaling/policy:Policy"
HOOK = "aws:autoscaling/lifecycleHook:LifecycleHook"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
LISTENER = "aws:lb/listener:Listener"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
TERMINATIONS = ("AllocationStrategy", "ClosestToNextInstanceHour", "Default", "NewestInstance", "OldestInstance",
                "OldestLaunchConfiguration", "OldestLaunchTemplate")  # fmt: skip
TRACKED = "targetTrackingConfiguration"
DRAIN_DEFAULT_S = 300
HEARTBEAT_DEFAULT_S = 3600
LAST_SERVER_S = 300
"""What it takes beside drain and hooks until EC2 calls a server terminated."""


@resource_rule(
    GROUP, source=f"{API}CreateAutoScalingGroup.html", fix="use at most 255 printable characters without a colon"
)
def fleet_name(group: Resource) -> Iterator[Fault]:
    """A group's name has at most 255 printable ASCII characters without a colon."""
    yield from group.matching("name", r"[!-9;-~]{1,255}", "1 to 255 printable characters without :")


@resource_rule(
    GROUP, source=f"{API}CreateAutoScalingGroup.html", fix="order them: min_size <= desired_capacity <= max_size"
)
def fleet_sizes(group: Resource) -> Iterator[Fault]:
    """A group has no fewer servers than its least, no more than its most, and its least is not above its most."""
    names = [each for each in ("minSize", "desiredCapacity", "maxSize") if group.is_known(each)]
    sizes = {name: group.number(name) for name in names}
    known = [(name, size) for name, size in sizes.items() if size is not None]
    yield from (group.fault(name, "0 or more") for name, size in known if size < 0)
    for (name, size), (next_, limit) in pairwise(known):
        if size > limit:
            yield group.fault(name, f"at most {next_}, which is {limit}")


@stack_rule(
    GROUP,
    source=f"{GUIDE}as-scaling-target-tracking.html",
    fix="leave desired_capacity to the scaler, or ignore its changes",
)
def fleet_scaler_owns_capacity(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A desired capacity in the program resets at each update what the scaler has reached since."""
    ignored = "desiredCapacity" in group.options.ignore_changes
    if "desiredCapacity" in group and not ignored and stack.referring(POLICY, "autoscalingGroupName", group):
        yield group.fault("desiredCapacity", "not set, or in ignore_changes")


@resource_rule(GROUP, source=f"{API}CreateAutoScalingGroup.html", fix="use EC2, ELB, EBS or VPC_LATTICE")
def fleet_health_type(group: Resource) -> Iterator[Fault]:
    """A group asks EC2, its load balancer, EBS or VPC Lattice whether a server lives."""
    for part in group.text("healthCheckType").split(","):
        if part and part not in ("EC2", "ELB", "EBS", "VPC_LATTICE"):
            yield group.fault("healthCheckType", "EC2, ELB, EBS or VPC_LATTICE")


@resource_rule(
    GROUP,
    source=f"{GUIDE}as-add-elb-healthcheck.html",
    fix='set health_check_type="ELB" with a grace period',
    severity=Severity.ADVISORY,
)
def fleet_asks_its_balancer(group: Resource) -> Iterator[Fault]:
    """A group that asks EC2 alone keeps servers whose process is dead."""
    if group.get("targetGroupArns") and "ELB" not in group.text("healthCheckType"):
        yield group.fault("healthCheckType", "ELB with a target group")


@resource_rule(
    GROUP, source=f"{GUIDE}health-check-grace-period.html", fix="set health_check_grace_period to the time of a boot"
)
def fleet_boots_in_grace(group: Resource) -> Iterator[Fault]:
    """A server that is checked before it is up is replaced while it boots, for ever."""
    grace = group.number("healthCheckGracePeriod")
    if "ELB" in group.text("healthCheckType") and grace is not None and grace < 30:
        yield group.fault("healthCheckGracePeriod", "30 s or more with ELB checks")


@resource_rule(
    GROUP,
    source=f"{GUIDE}ec2-auto-scaling-termination-policies.html",
    fix="use one of AWS's policies or a function's ARN",
)
def fleet_termination(group: Resource) -> Iterator[Fault]:
    """Which server goes first is decided by one of seven policies, or by a Lambda function."""
    named = [each for each in group.known_texts("terminationPolicies") if not each.startswith("arn:")]
    wrong = [each for each in named if each not in TERMINATIONS]
    if wrong:
        yield group.fault("terminationPolicies", ", ".join(TERMINATIONS), got=wrong)


@resource_rule(GROUP, source=f"{GUIDE}asg-max-instance-lifetime.html", fix="use 86400 to 31536000 s, or 0")
def fleet_lifetime(group: Resource) -> Iterator[Fault]:
    """A server's longest life is a day to a year, or has no end."""
    if group.number("maxInstanceLifetime"):
        yield from group.between("maxInstanceLifetime", 86_400, 31_536_000)


@resource_rule(
    GROUP,
    source=f"{GUIDE}create-asg-launch-template.html",
    fix="use the template's latest_version",
    severity=Severity.ADVISORY,
)
def fleet_template_version(group: Resource) -> Iterator[Fault]:
    """With $Latest a new template changes nothing that Pulumi sees: the servers are never rolled."""
    for path in ("launchTemplate.version", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version"):
        if group.text(path) in ("$Latest", "$Default"):
            yield group.fault(path, "the number of a version")


@resource_rule(
    GROUP, source=f"{GUIDE}asg-instance-refresh.html", fix="give instance_refresh", severity=Severity.ADVISORY
)
def fleet_rolls(group: Resource) -> Iterator[Fault]:
    """Without an instance refresh a new template reaches only the servers that are born later."""
    if "instanceRefresh" not in group and ("launchTemplate" in group or "mixedInstancesPolicy" in group):
        yield group.fault("instanceRefresh", "a rolling refresh")


@resource_rule(
    GROUP,
    source=f"{API}RefreshPreferences.html",
    fix="give both percentages, at most 100 apart, and a last checkpoint of 100",
)
def fleet_refresh_percentages(group: Resource) -> Iterator[Fault]:
    """A refresh keeps 0 to 100 % in service, goes to 100 to 200 %, the two at most 100 apart, and ends at 100 %."""
    for path in ("instanceRefresh.preferences", "instanceMaintenancePolicy"):
        preferences = group.part(path)
        low, high = preferences.number("minHealthyPercentage"), preferences.number("maxHealthyPercentage")
        if (low is not None and not 0 <= low <= 100) or (high is not None and not 100 <= high <= 200):
            yield preferences.fault("minHealthyPercentage", "min of 0 to 100, max of 100 to 200", got=[low, high])
        elif low is not None and high is not None and high - low > 100:
            yield preferences.fault("maxHealthyPercentage", f"at most {low + 100}")
    checkpoints = group.get("instanceRefresh.preferences.checkpointPercentages")
    if checkpoints and checkpoints[-1] != 100:
        yield group.fault("instanceRefresh.preferences.checkpointPercentages", "100 at the end")


@resource_rule(
    GROUP, source=f"{API}RefreshPreferences.html", fix="give max_healthy_percentage", severity=Severity.ADVISORY
)
def fleet_refresh_of_one(group: Resource) -> Iterator[Fault]:
    """Without an upper percentage a refresh ends a server before the next one stands: with one server, an outage."""
    preferences = group.part("instanceRefresh.preferences")
    if group.number("minSize") == 1 and "instanceRefresh" in group and "maxHealthyPercentage" not in preferences:
        yield preferences.fault("maxHealthyPercentage", "more than 100")


@resource_rule(
    GROUP,
    source=f"{GUIDE}ec2-auto-scaling-tagging.html",
    fix="set propagate_at_launch=True",
    severity=Severity.ADVISORY,
)
def fleet_tags_reach_servers(group: Resource) -> Iterator[Fault]:
    """A tag that stays on the group finds neither the server's cost nor its owner."""
    yield from of_each(group.parts("tags"), _tag)


def _tag(tag: Properties) -> Iterator[Fault]:
    if not tag.flag("propagateAtLaunch"):
        yield tag.fault("propagateAtLaunch", "true", got=tag.text("key"))


@stack_rule(
    GROUP,
    source=f"{GUIDE}as-add-elb-healthcheck.html",
    fix="give all of them one path and port that check no dependency",
)
def fleet_one_health_check(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A server is replaced when any of its target groups finds it ill: they must ask the same question."""
    groups = stack.referred(group, "targetGroupArns", TARGET_GROUP)
    checks = {(each.text("healthCheck.path"), each.text("healthCheck.port")) for each in groups}
    if len(checks) > 1:
        yield group.fault(
            "targetGroupArns", "target groups with one health check", got=sorted(path for path, _ in checks)
        )


@stack_rule(
    GROUP,
    source="https://www.pulumi.com/docs/iac/concepts/options/customtimeouts/",
    fix="set custom_timeouts with a longer delete, or force_delete=True in a sandbox",
)
def fleet_is_given_time_to_drain(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A group is gone when its last server is: a destroy that ends before its drain and hook leaves half a stack."""
    drains = [each.number("deregistrationDelay") or 0 if "deregistrationDelay" in each else DRAIN_DEFAULT_S
              for each in stack.referred(group, "targetGroupArns", TARGET_GROUP)]  # fmt: skip
    hooks = [each.number("heartbeatTimeout") or HEARTBEAT_DEFAULT_S
             for each in stack.referring(HOOK, "autoscalingGroupName", group)
             if each.text("lifecycleTransition").endswith("TERMINATING")]  # fmt: skip
    needed, given = max(drains, default=0) + sum(hooks), seconds(group.options.custom_timeouts.get("delete", "10m"))
    if needed + LAST_SERVER_S > given and not group.flag("forceDelete"):
        allowed = f"{needed + LAST_SERVER_S} s or more: {needed} s of drain and hooks, and the last server's end"
        yield group.fault("customTimeouts.delete", allowed, got=f"{given:g} s")


def seconds(text: str) -> float:
    """A duration in Go's spelling, such as 1h30m or 90s."""
    factors = {"h": 3600, "m": 60, "s": 1}
    return sum(float(number) * factors[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)([hms])", text))
