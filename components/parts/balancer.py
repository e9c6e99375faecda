"""What every application load balancer has in common: what it is refused for, how careful it is, where it leads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components import names
from components.parts.balancer_alarms import BalancerAlarms
from components.parts.refusal import refuse
from components.parts.routing import (
    Servers,
    Service,
    TargetGroup,
    hand_out,
    make_rule,
    make_target_group,
    path_problems,
    priority,
)

T = TypeVar("T")


class Routed(Protocol):
    """What every load balancer is told: where it stands, which service owns which path, and how patient it is."""

    @property
    def vpc_id(self) -> pulumi.Input[str]: ...  # noqa: D102 - a field of the args
    @property
    def subnet_ids(self) -> pulumi.Input[Sequence[pulumi.Input[str]]]: ...  # noqa: D102
    @property
    def protect(self) -> bool: ...  # noqa: D102
    @property
    def log_bucket_name(self) -> pulumi.Input[str] | None: ...  # noqa: D102
    @property
    def alarm_topic_arn(self) -> pulumi.Input[str] | None: ...  # noqa: D102
    @property
    def services(self) -> Mapping[str, Service]: ...  # noqa: D102
    @property
    def port(self) -> int: ...  # noqa: D102
    @property
    def health_path(self) -> str: ...  # noqa: D102
    @property
    def idle_timeout_s(self) -> int: ...  # noqa: D102
    @property
    def keep_alive_s(self) -> int: ...  # noqa: D102
    @property
    def drain_s(self) -> int: ...  # noqa: D102


def refuse_routed(args: Routed, more: Mapping[str, tuple[bool, str]] | None = None) -> None:
    """Raise ValueError that names every field at fault; *more* is field -> whether it is legal, and what is allowed."""
    allowed = {
        "services": (1 <= len(args.services) <= 100, "1 to 100 services"),
        "port": (1 <= args.port <= 65_535, "1 to 65535"),
        "health_path": (args.health_path.startswith("/"), "a path from '/'"),
        "idle_timeout_s": (1 <= args.idle_timeout_s <= 4000, "1 to 4000"),
        "keep_alive_s": (args.keep_alive_s > args.idle_timeout_s, f"over idle_timeout_s, {args.idle_timeout_s}"),
        "drain_s": (0 <= args.drain_s <= 3600, "0 to 3600"),
        **(more or {}),
    }
    paths = [problem for name, service in args.services.items() for problem in path_problems(name, service)]
    refuse(args, allowed, [*paths, *_clashes(args.services)])


def _clashes(services: Mapping[str, Service]) -> list[str]:
    """Two services on one path, or on one rule priority: the second would never get a request, or be refused."""
    claims = [(path, name) for name, service in services.items() for path in service.paths]
    claims += [(f"rule priority {priority(name)}", name) for name in services]
    owners: dict[str, list[str]] = {}
    for what, name in claims:
        owners.setdefault(what, []).append(name)
    return [
        f"{what} is claimed by {', '.join(names)}; allowed: one service. Fix: services"
        for what, names in owners.items()
        if len(names) > 1
    ]


def make_balancer(
    parent: pulumi.Resource, name: str, args: Routed, group: aws.ec2.SecurityGroup, *, internal: bool
) -> aws.lb.LoadBalancer:
    """One that drops what could be used to smuggle requests, and logs where there is a bucket for it."""
    return aws.lb.LoadBalancer(
        names.logical(aws.lb.LoadBalancer, name),
        load_balancer_type="application",
        internal=internal,
        ip_address_type="ipv4",
        subnets=args.subnet_ids,
        security_groups=[group.id],
        idle_timeout=args.idle_timeout_s,
        enable_http2=True,
        drop_invalid_header_fields=True,
        desync_mitigation_mode="defensive",
        enable_deletion_protection=args.protect,
        access_logs=_logs(aws.lb.LoadBalancerAccessLogsArgs, args.log_bucket_name),
        connection_logs=_logs(aws.lb.LoadBalancerConnectionLogsArgs, args.log_bucket_name),
        health_check_logs=_logs(aws.lb.LoadBalancerHealthCheckLogsArgs, args.log_bucket_name),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _logs(kind: Callable[..., T], bucket: pulumi.Input[str] | None) -> T | None:
    return None if bucket is None else kind(bucket=bucket, enabled=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """One open port, and what it answers to whatever no rule takes."""

    port: int
    status: int
    reason: str
    certificate_arn: pulumi.Input[str] | None = None
    tls_policy: str | None = None
    """None: HTTP."""


def make_listener(parent: pulumi.Resource, name: str, balancer: aws.lb.LoadBalancer, at: Listening) -> aws.lb.Listener:
    """Answer a constant text unless a rule says otherwise."""
    answer = aws.lb.ListenerDefaultActionFixedResponseArgs(
        content_type="text/plain", message_body=at.reason, status_code=str(at.status)
    )
    return aws.lb.Listener(
        names.logical(aws.lb.Listener, name, "listener"),
        load_balancer_arn=balancer.arn,
        port=at.port,
        protocol="HTTPS" if at.tls_policy else "HTTP",
        certificate_arn=at.certificate_arn,
        ssl_policy=at.tls_policy,
        default_actions=[aws.lb.ListenerDefaultActionArgs(type="fixed-response", fixed_response=answer)],
        opts=pulumi.ResourceOptions(parent=parent),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Routes:
    """Where the services' paths lead, and the rules that lead there."""

    target_groups: dict[str, TargetGroup]
    """By service."""
    rules: list[aws.lb.ListenerRule]


def make_routes(
    parent: pulumi.Resource, name: str, args: Routed, balancer: aws.lb.LoadBalancer, listener: aws.lb.Listener,
    secrets: Sequence[random.RandomPassword] = (),
) -> Routes:  # fmt: skip
    """A watched target group for each service, with its rule; as `make_rule` of *secrets*."""
    servers = Servers(vpc_id=args.vpc_id, port=args.port, health_path=args.health_path, drain_s=args.drain_s)
    alarms = BalancerAlarms(parent=parent, name=name, balancer=balancer, topic_arn=args.alarm_topic_arn)
    alarms.on_balancer()
    made = Routes(target_groups={}, rules=[])
    for service in args.services.items():
        group = make_target_group(parent, name, service[0], servers)
        made.rules.append(make_rule(group, name, service, listener, secrets, parent))
        made.target_groups[service[0]] = hand_out(group, made.rules[-1], balancer)
        alarms.on_service(service[0], group)
    return made


def outputs(box: pulumi.ComponentResource) -> dict[str, object]:
    """What *box* registers: each of its outputs, target groups as their ARNs."""
    plain = {name: getattr(box, name) for name in type(box).__annotations__}
    return {**plain, "target_groups": {service: group.arn for service, group in plain["target_groups"].items()}}
