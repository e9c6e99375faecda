"""Let the CDN's requests in, and nobody else's: an application load balancer with a target group per service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.balancer import Listening, make_balancer, make_listener, make_routes, outputs, refuse_routed
from components.parts.routing import SECRET_HEADER, Service, TargetGroup, make_secrets
from components.parts.security_group import make_security_group

__all__ = ["LoadBalancer", "LoadBalancerArgs", "Service", "TargetGroup"]

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.2 and 1.3 with post-quantum key exchange: AWS's recommendation (Elastic Load Balancing, "Security policies").
The API's own default takes TLS 1.0 too, and TLS 1.3 alone locks out CloudFront, which speaks up to 1.2 to origins."""

HTTP, HTTPS = 80, 443


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadBalancerArgs:
    """Who may call, which service owns which path, and how patient the load balancer is."""

    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Public subnets in at least two zones."""
    source_prefix_list_id: pulumi.Input[str]
    """The addresses that may call: CloudFront's list, which weighs 55 of the 60 rules that a security group has."""
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
    certificate_arn: pulumi.Input[str] | None = None
    """A validated certificate of this region; without one, HTTP on port 80."""
    protect: bool = False
    """AWS's deletion protection."""
    log_bucket_name: pulumi.Input[str] | None = None
    """SSE-S3 bucket whose policy lets load balancers write: access, connection and health-check logs."""
    secret_generation: int = 1
    """Add 1 to rotate the secret header's value: this generation's is sent, and the one before is still taken."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        refuse_routed(self, {"secret_generation": (self.secret_generation >= 1, "1 and more")})


class LoadBalancer(pulumi.ComponentResource):
    """An internet-facing ALB with one open port, which answers 403 to whatever lacks the secret header.

    It costs 16 USD a month in us-east-1, and 6 USD for each capacity unit (LCU) that is in use all month.
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """The LoadBalancer dimension of CloudWatch."""
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """Hosted zone of `dns_name`, for alias records."""
    port: int
    """The listener's TCP port: 443 with a certificate, else 80."""
    security_group_id: pulumi.Output[str]
    secret_header: str
    """The header that opens the load balancer."""
    secret_value: pulumi.Output[str]
    """Its value, a secret, handed out once every rule takes it."""
    target_groups: dict[str, TargetGroup]
    """By service."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:network:LoadBalancer", name, None, opts)
        self.port = HTTP if args.certificate_arn is None else HTTPS
        group = self._security_group(name, args)
        balancer = make_balancer(self, name, args, group, internal=False)
        listener = self._listener(name, args, balancer)
        secrets = make_secrets(self, name, args.secret_generation)
        routes = make_routes(self, name, args, balancer, listener, secrets)
        sent, taken = secrets[-1].result, [rule.id for rule in routes.rules]
        self.secret_value = pulumi.Output.all(sent, *taken).apply(lambda known: known[0])
        self.target_groups = routes.target_groups
        self.security_group_id, self.secret_header = group.id, SECRET_HEADER
        self.arn, self.arn_suffix = balancer.arn, balancer.arn_suffix
        self.dns_name, self.zone_id = balancer.dns_name, balancer.zone_id
        self.register_outputs(outputs(self))

    def _security_group(self, name: str, args: LoadBalancerArgs) -> aws.ec2.SecurityGroup:
        """One port from one prefix list; fleets add the way out to their own servers."""
        group = make_security_group(self, args.vpc_id, "Load balancer, open to the CDN alone", name)
        aws.vpc.SecurityGroupIngressRule(
            names.logical(aws.vpc.SecurityGroupIngressRule, name, "from-cdn"),
            security_group_id=group.id,
            prefix_list_id=args.source_prefix_list_id,
            ip_protocol="tcp",
            from_port=self.port,
            to_port=self.port,
            description="calls of the CDN to its origin",
            opts=pulumi.ResourceOptions(parent=self),
        )
        return group

    def _listener(self, name: str, args: LoadBalancerArgs, balancer: aws.lb.LoadBalancer) -> aws.lb.Listener:
        """Answer 403 unless a rule says otherwise; no second listener, its port would be closed to everybody."""
        tls_policy = TLS_POLICY if self.port == HTTPS else None
        forbidden = Listening(
            port=self.port,
            status=403,
            reason="Forbidden",
            certificate_arn=args.certificate_arn,
            tls_policy=tls_policy,
        )
        return make_listener(self, name, balancer, forbidden)
