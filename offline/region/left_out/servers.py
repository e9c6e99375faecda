"""Name each setting of load balancers and Auto Scaling groups that does something on AWS and nothing in the region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from offline.account import Account
from offline.region.left_out.asking import ALWAYS, Told, asked_for
from offline.region.scaling.policies import unseen

OBEYED = frozenset(
    {"deletion_protection.enabled"}  # the account's own
    | {"load_balancing.cross_zone.enabled"}  # every node serves all zones, as an application load balancer must
)
DEFAULTS = {
    "client_keep_alive.seconds": "3600",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "stickiness.enabled": "false",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
"""Attributes that stand at their default ask for nothing. All others are obeyed, switches that are off, or of one.

Elastic Load Balancing, "Edit attributes for your Application Load Balancer" and "... for your target group":
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
"""
TARGET_GROUP = {
    "TLS to servers: they are asked by plain HTTP": "Protocol == 'HTTPS' || HealthCheckProtocol == 'HTTPS'",
    "port of health checks: servers are asked at the port that serves": (
        "HealthCheckPort && HealthCheckPort != 'traffic-port' && HealthCheckPort != to_string(Port)"
    ),
    "protocol version of target groups: servers are asked by HTTP/1.1": (
        "ProtocolVersion && ProtocolVersion != 'HTTP1'"
    ),
}
RULE = {
    "authentication by rules: only a rule's last action is taken": "length(Actions) > `1`",
    "stickiness of rules: each request takes its chance among weighted groups anew": (
        "Actions[?ForwardConfig.TargetGroupStickinessConfig.Enabled]"
    ),
}
GROUP = {
    "machines: servers have all of this one's memory and processors": ALWAYS,
    "security groups and routes: every server reaches every other": ALWAYS,
    "warm pools: servers start cold": "WarmPoolConfiguration",
    "maximum lifetime of servers: none is replaced for its age": "MaxInstanceLifetime",
    "purchase options: no Spot instance is taken back": "CapacityRebalance || MixedInstancesPolicy",
    "suspended processes: they go on": "SuspendedProcesses",
    "maintenance policy: an unhealthy server leaves before the next one serves": (
        "InstanceMaintenancePolicy.MinHealthyPercentage >= `100`"
    ),
    "second termination policy: the first alone says who leaves": "TerminationPolicies[1]",
}
SCALING = {
    "StepScaling": "step scaling: only policies that track a target change a group's size",
    "SimpleScaling": "simple scaling: only policies that track a target change a group's size",
    "PredictiveScaling": "predictive scaling: no forecast is made",
}


def named(account: Account) -> Iterator[str]:
    """Of every balancer and every group."""
    yield from _balancers(account)
    yield from _groups(account)


def _balancers(account: Account) -> Iterator[str]:
    elbv2 = account.client("elbv2")
    for each in elbv2.describe_load_balancers()["LoadBalancers"]:
        asked = {"LoadBalancerArn": each["LoadBalancerArn"]}
        yield from attributes(elbv2.describe_load_balancer_attributes(**asked)["Attributes"])
        for listener in elbv2.describe_listeners(**asked)["Listeners"]:
            if listener["Protocol"] != "HTTP":
                yield "TLS at balancers: listeners of HTTPS take plain HTTP"
            rules = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            yield from (each for rule in rules for each in of_rule(rule))
    for each in elbv2.describe_target_groups()["TargetGroups"]:
        asked = {"TargetGroupArn": each["TargetGroupArn"]}
        yield from attributes(elbv2.describe_target_group_attributes(**asked)["Attributes"])
        yield from of_target_group(each)


def attributes(rows: Iterable[Told]) -> Iterator[str]:
    """Of a load balancer's or a target group's attributes."""
    for row in rows:
        key, value = row["Key"], row["Value"]
        is_switch = key in DEFAULTS or key.endswith(".enabled")
        if is_switch and key not in OBEYED and value != DEFAULTS.get(key, "false"):
            name = key.removesuffix(".enabled").removesuffix(".s3")
            yield f"{name}: it is {value}, and the proxies do not know it"


def of_rule(rule: Told) -> Iterator[str]:
    """Of one rule of a listener."""
    return asked_for(RULE, rule)


def of_target_group(group: Told) -> Iterator[str]:
    """Of what stands beside a target group's attributes."""
    return asked_for(TARGET_GROUP, group)


def _groups(account: Account) -> Iterator[str]:
    scaling = account.client("autoscaling")
    for each in scaling.get_paginator("describe_auto_scaling_groups").paginate().search("AutoScalingGroups[]"):
        yield from of_group(each)
    for policy in scaling.get_paginator("describe_policies").paginate().search("ScalingPolicies[]"):
        if policy.get("Enabled", True):
            yield from of_policy(policy)
    if scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"]:
        yield "scheduled scaling: no action is taken at its time"


def of_policy(policy: Told) -> Iterator[str]:
    """Of one scaling policy that is enabled."""
    if policy["PolicyType"] in SCALING:
        yield SCALING[policy["PolicyType"]]
    if what := unseen(policy.get("TargetTrackingConfiguration", {})):
        yield f"scaling by {what}: it asks for no server, and none leaves where the policy might need it"


def of_group(group: Told) -> Iterator[str]:
    """Of one Auto Scaling group."""
    return asked_for(GROUP, group)
