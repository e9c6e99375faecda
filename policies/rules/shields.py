"""Rules of what stands between the internet and the servers, and of the addresses behind it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from policies.resource import Resource
from policies.routes import EVERYWHERE, SUBNET
from policies.rule import Severity, stack_rule
from policies.rules.load_balancer import BALANCER, DISTRIBUTION
from policies.rules.network import CACHE_SUBNETS
from policies.stack import Stack
from policies.values import Fault, UnknownValueError

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RESERVED = 5
"""Addresses of every subnet that AWS keeps for itself."""


@stack_rule(
    BALANCER,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html",
    fix="let only CloudFront's managed prefix list in, and ask for a secret header in the listener's rules",
    severity=Severity.ADVISORY,
)
def balancer_behind_the_cdn_alone(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """Whoever reaches the load balancer past CloudFront is past its firewall, its cache and its limits as well."""
    if not any(balancer in stack.referred(each, "origins", BALANCER) for each in stack.of(DISTRIBUTION)):
        return
    for group in stack.referred(balancer, "securityGroups", GROUP):
        rules = stack.referring(INGRESS, "securityGroupId", group)
        ends = [each.text(path) for each in rules for path in ("cidrIpv4", "cidrIpv6")]
        ends += [end for each in group.parts("ingress") for end in each.texts("cidrBlocks")]
        if set(ends) & set(EVERYWHERE):
            yield balancer.fault("securityGroups", "a group that lets CloudFront alone in", got=group.name)


@stack_rule(
    CACHE,
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html",
    fix="use larger subnets, or fewer shards and replicas",
)
def cache_fits_its_subnets(cache: Resource, stack: Stack) -> Iterator[Fault]:
    """Each node takes an address of its own, and changing the shards takes more: without a free one it fails."""
    groups = stack.referred(cache, "subnetGroupName", CACHE_SUBNETS)
    subnets = [each for group in groups for each in stack.referred(group, "subnetIds", SUBNET)]
    if len(subnets) < sum(len(group.get("subnetIds") or []) for group in groups):
        return
    free = sum(filter(None, (_free(each) for each in subnets)))
    nodes = (cache.number("numNodeGroups") or 1) * (1 + (cache.number("replicasPerNodeGroup") or 0))
    wanted = max(nodes, cache.number("numCacheClusters") or 0) if cache.is_known("numCacheClusters") else nodes
    if subnets and all(map(_free, subnets)) and wanted > free:
        yield cache.fault("subnetGroupName", f"subnets with {wanted} free addresses", got=f"{free} addresses")


def _free(subnet: Resource) -> int:
    try:
        return ipaddress.ip_network(subnet.text("cidrBlock")).num_addresses - RESERVED
    except (ValueError, UnknownValueError):
        return 0
