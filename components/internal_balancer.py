"""Let the services call each other: an application load balancer inside the VPC, for those that are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.balancer import make_balancer, refuse
from components.parts.balancer_alarms import BalancerAlarms
from components.parts.routing import Servers, Service, TargetGroup, hand_out, make_rule, make_target_group
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
        refuse(self)


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
        group = self._security_group(name, args)
        balancer = make_balancer(self, name, args, group, internal=True)
        self._route(name, args, balancer, self._listener(name, balancer))
        self.security_group_id, self.arn, self.arn_suffix = group.id, balancer.arn, balancer.arn_suffix
        self.dns_name, self.url = balancer.dns_name, pulumi.Output.concat("http://", balancer.dns_name)
        plain = {name: getattr(self, name) for name in InternalBalancer.__annotations__ if name != "target_groups"}
        arns = {service: group.arn for service, group in self.target_groups.items()}
        self.register_outputs({**plain, "target_groups": arns})

    def _security_group(self, name: str, args: InternalBalancerArgs) -> aws.ec2.SecurityGroup:
        """No rule of its own: fleets add the way in to it, and the way out to their own servers."""
        return make_security_group(self, args.vpc_id, "Load balancer between services", name)

    def _listener(self, name: str, balancer: aws.lb.LoadBalancer) -> aws.lb.Listener:
        """Answer 404 unless a rule says otherwise."""
        unknown = aws.lb.ListenerDefaultActionFixedResponseArgs(
            content_type="text/plain", message_body="Not Found", status_code="404"
        )
        return aws.lb.Listener(
            names.logical(aws.lb.Listener, name, "listener"),
            load_balancer_arn=balancer.arn,
            port=self.port,
            protocol="HTTP",
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="fixed-response", fixed_response=unknown)],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _route(
        self, name: str, args: InternalBalancerArgs, balancer: aws.lb.LoadBalancer, listener: aws.lb.Listener
    ) -> None:
        servers = Servers(vpc_id=args.vpc_id, port=args.port, health_path=args.health_path, drain_s=args.drain_s)
        alarms = BalancerAlarms(parent=self, name=name, balancer=balancer, topic_arn=args.alarm_topic_arn)
        alarms.on_balancer()
        self.target_groups = {}
        for service in args.services.items():
            group = make_target_group(self, name, service[0], servers)
            rule = make_rule(group, name, service, listener, [], self)
            self.target_groups[service[0]] = hand_out(group, rule, balancer)
            alarms.on_service(service[0], group)
