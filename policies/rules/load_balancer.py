"""Rules of load balancers, their listeners, rules and target groups."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"
TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
SUBNET = "aws:ec2/subnet:Subnet"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
POLICIES = f"{GUIDE}describe-ssl-policies.html"
MODERN = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-", "ELBSecurityPolicy-FS-1-2-Res-")
LB_NAME = r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?"


@resource_rule(
    BALANCER, source=f"{API}CreateLoadBalancer.html", fix="write it as allowed, or leave it out: Pulumi makes one"
)
def balancer_name(balancer: Resource) -> Iterator[Fault]:
    """A load balancer's name has at most 32 letters, digits and inner hyphens, and does not begin with internal-."""
    allowed = "1 to 32 of A-Z, a-z, 0-9 and -, no - at either end, not internal-*"
    yield from balancer.matching("name", LB_NAME, allowed)


@resource_rule(BALANCER, source=f"{API}CreateLoadBalancer.html", fix="name one of the types")
def balancer_type(balancer: Resource) -> Iterator[Fault]:
    """There are application, network and gateway load balancers and no others."""
    yield from balancer.one_of("loadBalancerType", "application", "network", "gateway")


@stack_rule(BALANCER, source=f"{GUIDE}application-load-balancers.html#subnets-load-balancer",
            fix="give it a subnet in each of two availability zones")  # fmt: skip
def balancer_two_zones(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """An application load balancer needs subnets in at least two availability zones, and only one in each."""
    if balancer.text("loadBalancerType") not in ("", "application") or "subnetMappings" in balancer:
        return
    subnets = balancer.get("subnets") or []
    in_stack = stack.referred(balancer, "subnets", SUBNET)
    zones = [zone for each in in_stack for zone in each.known_texts("availabilityZone")]
    if len(subnets) < 2 or len(zones) != len(set(zones)):
        yield balancer.fault("subnets", "two or more, each in a zone of its own", got=zones or subnets)


@stack_rule(
    BALANCER, source=f"{GUIDE}application-load-balancers.html#subnets-load-balancer", fix="use subnets of /27 or larger"
)
def balancer_subnet_size(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer's subnet must be a /27 at least, with 8 free addresses, or it cannot scale."""
    for subnet in stack.referred(balancer, "subnets", SUBNET):
        cidr = subnet.text("cidrBlock")
        if cidr and ipaddress.ip_network(cidr, strict=False).prefixlen > 27:
            yield balancer.fault("subnets", "subnets of /27 or larger", got=f"{subnet.name}: {cidr}")


@stack_rule(
    BALANCER, source=f"{GUIDE}load-balancer-update-security-groups.html", fix="use a security group of the subnets' VPC"
)
def balancer_group_of_its_vpc(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer's security groups must be of the VPC that its subnets are in."""
    vpcs = {each.text("vpcId") for each in stack.referred(balancer, "subnets", SUBNET)}
    for group in stack.referred(balancer, "securityGroups", SECURITY_GROUP):
        if vpcs and group.text("vpcId") and group.text("vpcId") not in vpcs:
            yield balancer.fault("securityGroups", "groups of its own VPC", got=group.name)


@resource_rule(BALANCER, source=f"{GUIDE}application-load-balancers.html", fix="set drop_invalid_header_fields=True",
               severity=Severity.ADVISORY)  # fmt: skip
def balancer_invalid_headers(balancer: Resource) -> Iterator[Fault]:
    """Headers with characters that no standard allows are how requests are smuggled past a load balancer."""
    if balancer.text("loadBalancerType") in ("", "application"):
        yield from balancer.must_be("dropInvalidHeaderFields", True)


@resource_rule(LISTENER, source=f"{API}CreateListener.html", fix="use a port within the range")
def listener_port(listener: Resource) -> Iterator[Fault]:
    """A listener listens on one of the ports 1 to 65535."""
    yield from listener.between("port", 1, 65535)


@stack_rule(
    LISTENER, source=f"{API}CreateListener.html", fix="keep one listener a port, and tell requests apart by its rules"
)
def listener_port_once(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer has one listener on a port; AWS refuses the second (DuplicateListener)."""
    for balancer in stack.referred(listener, "loadBalancerArn", BALANCER):
        others = stack.referring(LISTENER, "loadBalancerArn", balancer)
        if any(each is not listener and each.get("port") == listener.get("port") for each in others):
            yield listener.fault("port", f"a port of {balancer.name} that no other listener has")


@resource_rule(LISTENER, source=f"{GUIDE}https-listener-certificates.html", fix="set certificate_arn")
def listener_certificate(listener: Resource) -> Iterator[Fault]:
    """An HTTPS listener needs a certificate; AWS refuses it without one."""
    if listener.text("protocol") in ("HTTPS", "TLS") and "certificateArn" not in listener:
        yield listener.fault("certificateArn", "the ARN of a certificate in the load balancer's region")


@resource_rule(
    LISTENER, source=f"{GUIDE}https-listener-certificates.html", fix="drop the certificate, or set protocol HTTPS"
)
def listener_plain_has_no_certificate(listener: Resource) -> Iterator[Fault]:
    """AWS refuses a certificate or a TLS policy on a plain HTTP listener."""
    for name in ("certificateArn", "sslPolicy"):
        if listener.text("protocol") == "HTTP" and name in listener:
            yield listener.fault(name, "not set on an HTTP listener")


@resource_rule(LISTENER, source=POLICIES, fix='set ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"',
               severity=Severity.ADVISORY)  # fmt: skip
def listener_tls_policy(listener: Resource) -> Iterator[Fault]:
    """The API's default TLS policy is of 2016 and still takes TLS 1.0."""
    policy = listener.text("sslPolicy")
    old = not policy.startswith(MODERN) or "-Ext" in policy
    if listener.text("protocol") in ("HTTPS", "TLS") and old:
        yield listener.fault("sslPolicy", "a policy that begins with ELBSecurityPolicy-TLS13-1-2")


@stack_rule(LISTENER, source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-ciphers-cloudfront-to-origin.html",
            fix="use a TLS13-1-2 policy")  # fmt: skip
def listener_tls_for_the_cdn(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudFront speaks TLS 1.2 at most to an origin: a listener that takes TLS 1.3 alone answers 502 to everybody."""
    if not listener.text("sslPolicy").startswith("ELBSecurityPolicy-TLS13-1-3-"):
        return
    for balancer in stack.referred(listener, "loadBalancerArn", BALANCER):
        if any(balancer in stack.referred(each, "origins", BALANCER) for each in stack.of(DISTRIBUTION)):
            yield listener.fault("sslPolicy", "a policy with TLS 1.2 behind CloudFront")


@stack_rule(LISTENER, DISTRIBUTION, source="https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
            fix="take the ARN from CertificateValidation.certificate_arn")  # fmt: skip
def certificate_is_validated(user: Resource, stack: Stack) -> Iterator[Fault]:
    """A certificate is of use once it is issued: who takes its ARN past the validation is refused, by luck."""
    path = "certificateArn" if user.type == LISTENER else "viewerCertificate"
    came_from = [stack.by_urn(urn) for urn in user.dependencies.get(path, [])]
    types = {each.type for each in came_from if each is not None}
    certificates = [each for each in came_from if each and each.type == CERTIFICATE and "privateKey" not in each]
    if certificates and VALIDATION not in types:
        yield user.fault(path, "the ARN that a CertificateValidation hands out", got=certificates[0].name)


@stack_rule(
    LISTENER, source=f"{GUIDE}https-listener-certificates.html", fix="make the certificate in the listener's region"
)
def listener_certificate_region(listener: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer takes certificates of its own region only."""
    for certificate in stack.referred(listener, "certificateArn", CERTIFICATE):
        mine, its = listener.options.region, certificate.options.region
        if mine and its and mine != its:
            yield listener.fault("certificateArn", f"a certificate in {mine}", got=f"{certificate.name} in {its}")


@resource_rule(LISTENER, LISTENER_RULE, source=f"{API}RedirectActionConfig.html", fix='use "HTTP_301" or "HTTP_302"')
def redirect_code(listener: Resource) -> Iterator[Fault]:
    """A redirect is HTTP_301 or HTTP_302, and nothing else."""
    for action in listener.parts("defaultActions" if listener.type == LISTENER else "actions"):
        yield from action.one_of("redirect.statusCode", "HTTP_301", "HTTP_302")
