"""Let the services call each other: an application load balancer inside the VPC, for those that are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.parts.balancer import Listening, make_balancer, make_listener, make_routes, outputs, refuse_routed
from components.parts.routing import Service, TargetGroup
from components.parts.security_group import make_security_group

__all__ = ["InternalBalancer", "InternalBalancerArgs", "Service", "TargetGroup"]

HTTP = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class InternalBalancerArgs:
    """Which called service owns which path, and how patient the load balancer is."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets in at least two zones."""
    services: Mapping[str, Service]
    """By name, 1 to 100 (ELB quota, "Target groups per Application Load Balancer")."""
    port: int
    """TCP port of the servers."""
    health_path: str
    """Answers 200 while the process lives. It must ask no dependency, or one outage replaces the whole fleet."""
    idle_timeout_s: int
    """Seconds of silence after which a connection is closed, 1 to 4000."""
    keep_alive_s: int
    """Seconds for which the servers keep a silent connection: over idle_timeout_s, else 502s come at random."""
    drain_s: int
    """Seconds in which a leaving server may finish its requests, 0 to 3600: at least what the longest one takes."""
    protect: bool = False
    """AWS's deletion protection."""
    log_bucket_name: pulumi.Input[str] | None = None
    """SSE-S3 bucket whose policy lets load balancers write: access, connection and health-check logs."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        refuse_routed(self)


class InternalBalancer(pulumi.ComponentResource):
    """An ALB without a public address, which plain HTTP reaches from the security groups that are let in.

    Nobody is let in by itself: who calls is given `security_group_id` and `port` as a connection. It answers 404 to
    whatever is no path of a called service. It costs 16 USD a month in us-east-1, and 6 USD for each capacity unit
    (LCU) that is in use all month.
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """The LoadBalancer dimension of CloudWatch."""
    dns_name: pulumi.Output[str]
    """Resolves to private addresses, from everywhere."""
    url: pulumi.Output[str]
    """`http://` and the name: no certificate is issued for a name of AWS's own."""
    port: int
    security_group_id: pulumi.Output[str]
    target_groups: dict[str, TargetGroup]
    """By service."""

    def __init__(self, name: str, args: InternalBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:network:InternalBalancer", name, None, opts)
        self.port = HTTP
        group = make_security_group(self, args.vpc_id, "Load balancer between services", name)
        balancer = make_balancer(self, name, args, group, internal=True)
        listener = make_listener(self, name, balancer, Listening(port=self.port, status=404, reason="Not Found"))
        self.target_groups = make_routes(self, name, args, balancer, listener).target_groups
        self.security_group_id, self.arn, self.arn_suffix = group.id, balancer.arn, balancer.arn_suffix
        self.dns_name, self.url = balancer.dns_name, pulumi.Output.concat("http://", balancer.dns_name)
        self.register_outputs(outputs(self))
