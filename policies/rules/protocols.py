"""Rules of what load balancers, their listeners and their target groups speak with each other."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.fleets import GROUP
from policies.rules.load_balancer import API, BALANCER, LISTENER, LISTENER_RULE, TARGET_GROUP
from policies.stack import Stack
from policies.values import Fault

FLEET_ATTACHMENT = "aws:autoscaling/attachment:Attachment"
NETWORK_GROUPS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html"
LISTENED = {
    "application": ("HTTP", "HTTPS"),
    "network": ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
    "gateway": (),
}
"""Type of the load balancer -> protocols that its listeners may have."""
FORWARDED = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
    "UDP": ("UDP", "TCP_UDP"),
    "TCP_UDP": ("TCP_UDP",),
    "QUIC": ("QUIC", "TCP_QUIC"),
    "TCP_QUIC": ("TCP_QUIC",),
}
"""Protocol of a listener -> protocols that the target groups behind it may have."""


@stack_rule(LISTENER, source=f"{API}CreateListener.html", fix="use a protocol of that type of load balancer")
def listener_protocol(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """An application load balancer listens for HTTP and HTTPS alone, a network load balancer for all but these."""
    for balancer in stack.referred(listener, "loadBalancerArn", BALANCER):
        type_ = balancer.text("loadBalancerType") or "application"
        allowed = LISTENED.get(type_)
        if allowed is not None and "protocol" in listener and listener.text("protocol") not in allowed:
            words = " or ".join(allowed) or "not set"
            yield listener.fault("protocol", f"{words} on the {type_} load balancer {balancer.name}")


@stack_rule(
    LISTENER, LISTENER_RULE, source=NETWORK_GROUPS, fix="make a target group of a protocol that the listener forwards"
)
def target_group_protocol(from_: Resource, stack: Stack) -> Iterator[Fault]:
    """A listener forwards to target groups of matching protocols only (IncompatibleProtocols)."""
    path = "actions" if from_.type == LISTENER_RULE else "defaultActions"
    listeners = stack.referred(from_, "listenerArn", LISTENER) if from_.type == LISTENER_RULE else [from_]
    for listener in listeners:
        spoken = listener.text("protocol") or _unsaid(listener, stack)
        for group in stack.referred(from_, path, TARGET_GROUP):
            fits = group.text("protocol") in ("", *FORWARDED.get(spoken, (group.text("protocol"),)))
            if not fits:
                allowed = f"target groups of {' or '.join(FORWARDED[spoken])} behind {spoken}"
                yield from_.fault(path, allowed, got=f"{group.name}: {group.text('protocol')}")


@stack_rule(
    GROUP,
    FLEET_ATTACHMENT,
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/getting-started-elastic-load-balancing.html",
    fix='make the target group with target_type="instance"',
)
def fleet_joins_as_instances(member: Resource, stack: Stack) -> Iterator[Fault]:
    """An Auto Scaling group registers its servers by their ids: it takes no target group of addresses or functions."""
    path = "targetGroupArns" if member.type == GROUP else "lbTargetGroupArn"
    for group in stack.referred(member, path, TARGET_GROUP):
        if group.text("targetType") not in ("", "instance"):
            got = f"{group.name}: {group.text('targetType')}"
            yield member.fault(path, "target groups of type instance", got=got)


def _unsaid(listener: Resource, stack: Stack) -> str:
    """What a listener without a protocol speaks: Pulumi asks an application load balancer for HTTP."""
    types = [each.text("loadBalancerType") for each in stack.referred(listener, "loadBalancerArn", BALANCER)]
    return "HTTP" if types in (["application"], [""]) else ""
