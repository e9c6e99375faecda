"""Lead the paths of one service to its target group, where there is a secret header only for who carries it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components import names

SECRET_HEADER = "X-Origin-Verify"  # noqa: S105  a header's name
"""At most 40 letters, digits and hyphens, and none of `X-Amz-` and `X-Edge-` (ELBv2 API, HttpHeaderConditionConfig)."""

PATHS_PER_SERVICE = 3
"""A rule takes 5 condition values and two of them are the secret header's (ELB quotas, "Condition values per rule")."""

PRIORITIES = 50_000
"""Rule priorities run from 1 to this (ELBv2 API, CreateRule)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What one service owns of the store's paths."""

    paths: Sequence[str]
    """1 to 3 patterns from `/`, at most 128 characters each, case-sensitive; `/x/*` does not match `/x`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetGroup:
    """Where a fleet registers its servers; the values are known only once a listener rule leads there."""

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """The TargetGroup dimension of CloudWatch."""
    label: pulumi.Output[str]
    """`<load balancer's suffix>/<group's suffix>`: the resource label of ALBRequestCountPerTarget."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Servers:
    """What all target groups of one load balancer have in common."""

    vpc_id: pulumi.Input[str]
    port: int
    health_path: str
    drain_s: int


def path_problems(name: str, service: Service) -> list[str]:
    """Say what is wrong with a service's paths; empty when AWS takes them."""
    legal = all(path.startswith("/") and len(path) <= 128 for path in service.paths)
    if legal and 1 <= len(service.paths) <= PATHS_PER_SERVICE:
        return []
    where = f"services[{name!r}].paths"
    allowed = f"1 to {PATHS_PER_SERVICE} patterns from '/', each of at most 128 characters"
    return [f"{where} is {list(service.paths)}; allowed: {allowed}. Fix: {where}"]


def priority(service: str) -> int:
    """Place a service's rule by its name, so that another service, added or gone, moves no rule onto a taken place."""
    return int(hashlib.sha256(service.encode()).hexdigest(), 16) % PRIORITIES + 1


def make_secrets(parent: pulumi.Resource, name: str, generation: int) -> list[random.RandomPassword]:
    """Draw the secret of *generation* after the one before it: rules take both, the CDN sends the last.

    Rotation in one `up`: the rules take old and new before the new one is handed out, and CloudFront goes on sending
    the old one for the minutes in which it rolls out.
    """
    return [
        random.RandomPassword(
            names.logical(random.RandomPassword, name, f"secret-{number}"),
            length=32,
            special=False,  # `*` and `?` are wildcards in a rule
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for number in (generation - 1, generation)
    ]


def make_target_group(parent: pulumi.Resource, name: str, service: str, servers: Servers) -> aws.lb.TargetGroup:
    """One target group without a fixed name: most of its properties replace it, while a listener still uses it."""
    return aws.lb.TargetGroup(
        names.logical(aws.lb.TargetGroup, name, service),
        vpc_id=servers.vpc_id,
        port=servers.port,
        protocol="HTTP",
        protocol_version="HTTP1",
        target_type="instance",
        deregistration_delay=servers.drain_s,
        health_check=aws.lb.TargetGroupHealthCheckArgs(
            enabled=True,
            protocol="HTTP",
            port="traffic-port",
            path=servers.health_path,
            matcher="200",
            interval=10,
            timeout=5,
            healthy_threshold=2,
            unhealthy_threshold=3,
        ),
        stickiness=aws.lb.TargetGroupStickinessArgs(type="lb_cookie", enabled=False),  # sessions are in the cache
        opts=pulumi.ResourceOptions(parent=parent),
    )


def make_rule(
    group: aws.lb.TargetGroup, name: str, service: tuple[str, Service], listener: aws.lb.Listener,
    secrets: Sequence[random.RandomPassword], parent: pulumi.Resource,
) -> aws.lb.ListenerRule:  # fmt: skip
    """Forward *service*'s paths to *group* when one of the *secrets* comes along, or from everybody without any."""
    conditions = [
        aws.lb.ListenerRuleConditionArgs(
            path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=list(service[1].paths))
        )
    ]
    if secrets:
        header = aws.lb.ListenerRuleConditionHttpHeaderArgs(
            http_header_name=SECRET_HEADER, values=[secret.result for secret in secrets]
        )
        conditions.append(aws.lb.ListenerRuleConditionArgs(http_header=header))
    return aws.lb.ListenerRule(
        names.logical(aws.lb.ListenerRule, name, service[0]),
        listener_arn=listener.arn,
        priority=priority(service[0]),
        conditions=conditions,
        actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def hand_out(group: aws.lb.TargetGroup, rule: aws.lb.ListenerRule, balancer: aws.lb.LoadBalancer) -> TargetGroup:
    """Say the target group's values once *rule* leads to it: before, AWS refuses a scaling policy on its requests."""

    def once_led_to(value: pulumi.Output[str]) -> pulumi.Output[str]:
        return pulumi.Output.all(value, rule.id).apply(lambda both: both[0])

    label = pulumi.Output.concat(balancer.arn_suffix, "/", group.arn_suffix)
    return TargetGroup(arn=once_led_to(group.arn), arn_suffix=once_led_to(group.arn_suffix), label=once_led_to(label))
