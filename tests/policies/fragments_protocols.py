"""Fragments about what load balancers, listeners and target groups speak with each other."""

from typing import Any

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps
from tests.policies.fragments_fleets import group


def network_balancer(within):
    subnets = [each.id for each in parts.public_subnets(within)]
    return aws.lb.LoadBalancer("nlb", load_balancer_type="network", subnets=subnets)


def passed_on(protocol, to):
    """A network load balancer that listens for *protocol*, and a target group that speaks *to*."""
    within = parts.vpc()
    plain: dict[str, Any] = {} if protocol == "TLS" else {"certificate_arn": None, "ssl_policy": None}
    target = parts.target_group(within=within, protocol=to)
    parts.listener(network_balancer(within), target, protocol=protocol, **plain)


def by_a_rule(protocol):
    within = parts.vpc()
    listener = parts.listener(parts.balancer(within=within), parts.target_group(within=within))
    other = parts.target_group("other", within=within, protocol=protocol)
    path = aws.lb.ListenerRuleConditionPathPatternArgs(values=["/other"])
    aws.lb.ListenerRule(
        "rule",
        listener_arn=listener.arn,
        priority=1,
        actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=other.arn)],
        conditions=[aws.lb.ListenerRuleConditionArgs(path_pattern=path)],
    )


def attached(type_):
    target = parts.reached(target_type=type_)
    aws.autoscaling.Attachment("attached", autoscaling_group_name="fleet", lb_target_group_arn=target.arn)


def fleet_of(type_):
    target = parts.reached(target_type=type_)
    group(target_group_arns=[target.arn], health_check_type="ELB", health_check_grace_period=60)


@breaks(
    "listener-protocol",
    "aws:lb/listener:Listener 'listener': protocol is \"TCP\"; allowed: HTTP or HTTPS on the application "
    "load balancer lb.",
)
def application_balancer_that_listens_for_tcp():
    within = parts.vpc()
    target = parts.target_group(within=within)
    parts.listener(parts.balancer(within=within), target, protocol="TCP", certificate_arn=None, ssl_policy=None)


@breaks(
    "listener-protocol",
    "aws:lb/listener:Listener 'listener': protocol is \"HTTP\"; allowed: TCP or TLS or UDP or TCP_UDP or "
    "QUIC or TCP_QUIC on the network load balancer nlb.",
)
def network_balancer_that_listens_for_http():
    passed_on("HTTP", "HTTP")


@keeps("listener-protocol")
def network_balancer_that_listens_for_tls():
    passed_on("TLS", "TCP")


@keeps("listener-protocol")
def listener_of_a_balancer_of_another_program():
    arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/made-elsewhere/0123456789abcdef"
    given = {"port": 443, "protocol": "TCP", "load_balancer_arn": arn}
    target = parts.target_group(protocol="TCP")
    action = aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=target.arn)
    aws.lb.Listener("listener", default_actions=[action], **given)


@breaks(
    "target-group-protocol",
    "aws:lb/listener:Listener 'listener': defaultActions is \"tg: TCP\"; allowed: target groups of HTTP or "
    "HTTPS behind HTTPS.",
)
def tcp_targets_behind_https():
    parts.reached(protocol="TCP")


@breaks(
    "target-group-protocol",
    "aws:lb/listener:Listener 'listener': defaultActions is \"tg: HTTP\"; allowed: target groups of TCP or "
    "TCP_UDP behind TCP.",
)
def http_targets_behind_tcp():
    passed_on("TCP", "HTTP")


@breaks(
    "target-group-protocol",
    "aws:lb/listener:Listener 'listener': defaultActions is \"tg: TCP\"; allowed: target groups of TCP_UDP "
    "behind TCP_UDP.",
)
def tcp_targets_behind_both():
    passed_on("TCP_UDP", "TCP")


@breaks(
    "target-group-protocol",
    "aws:lb/listenerRule:ListenerRule 'rule': actions is \"other: TCP\"; allowed: target groups of HTTP or "
    "HTTPS behind HTTPS.",
)
def tcp_targets_behind_a_rule():
    by_a_rule("TCP")


@keeps("target-group-protocol")
def https_targets_behind_a_rule():
    by_a_rule("HTTPS")


@keeps("target-group-protocol")
def targets_of_both_behind_udp():
    passed_on("UDP", "TCP_UDP")


@breaks(
    "fleet-joins-as-instances",
    "aws:autoscaling/group:Group 'fleet': targetGroupArns is \"tg: ip\"; allowed: target groups of type instance.",
)
def fleet_among_addresses():
    fleet_of("ip")


@breaks(
    "fleet-joins-as-instances",
    "aws:autoscaling/attachment:Attachment 'attached': lbTargetGroupArn is \"tg: ip\"; allowed: target "
    "groups of type instance.",
)
def fleet_that_is_attached_to_addresses():
    attached("ip")


@keeps("fleet-joins-as-instances")
def fleet_among_instances():
    fleet_of("instance")


@keeps("fleet-joins-as-instances")
def fleet_that_is_attached_to_instances():
    attached("instance")
