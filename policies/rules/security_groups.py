"""Rules of security groups."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups"
CDN_LIST = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html"
ALPHABET = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]"
MANAGED_LIST = 55
"""Entries that CloudFront's prefix list counts for, in rules, whatever it holds today."""
ENDS = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
ADMIN_PORTS = {22: "SSH", 3389: "RDP", 5432: "PostgreSQL", 6379: "Valkey", 3306: "MySQL"}


@resource_rule(GROUP, source=f"{API}CreateSecurityGroup.html", fix="use at most 255 of the allowed characters")
def security_group_words(group: Resource) -> Iterator[Fault]:
    """A group's name and description have at most 255 characters of EC2's alphabet; no name begins with sg-."""
    allowed = "1 to 255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*"
    yield from group.matching("name", rf"(?!(?i:sg-)){ALPHABET}{{1,255}}", f"{allowed}, not sg-*")
    yield from group.matching("description", rf"{ALPHABET}{{1,255}}", allowed)
    if "name" not in group and "namePrefix" not in group and group.name.lower().startswith("sg-"):
        yield group.fault("name", "a name in the program, or one given here, without sg- before it", got=group.name)


@resource_rule(
    INGRESS, EGRESS, source=f"{API}AuthorizeSecurityGroupIngress.html", fix="use at most 255 of the allowed characters"
)
def security_group_rule_words(rule: Resource) -> Iterator[Fault]:
    """A rule's description has at most 255 characters of EC2's alphabet: no quote, no apostrophe."""
    allowed = "1 to 255 of a-z, A-Z, 0-9, space and ._-:/()#,@[]+=&;{}!$*"
    yield from rule.matching("description", rf"{ALPHABET}{{1,255}}", allowed)


@resource_rule(INGRESS, EGRESS, source=f"{API}AuthorizeSecurityGroupIngress.html", fix="give one of them")
def security_group_rule_one_end(rule: Resource) -> Iterator[Fault]:
    """A rule names exactly one other end: a range, a prefix list or a group."""
    given = [name for name in SOURCES if name in rule]
    if len(given) != 1:
        yield rule.fault("cidrIpv4", f"exactly one of {', '.join(SOURCES)}", got=given)


@resource_rule(
    INGRESS, EGRESS, source=f"{API}AuthorizeSecurityGroupIngress.html", fix="clear the bits behind the prefix"
)
def security_group_rule_range(rule: Resource) -> Iterator[Fault]:
    """A rule's address range has zeros behind its prefix."""
    for path in ("cidrIpv4", "cidrIpv6"):
        try:
            ipaddress.ip_network(rule.text(path) or "0.0.0.0/0")
        except ValueError:
            yield rule.fault(path, "an address range with zeros behind the prefix")


@resource_rule(
    INGRESS,
    EGRESS,
    source=f"{API}AuthorizeSecurityGroupIngress.html",
    fix='use "tcp", "udp", "icmp", "icmpv6", "-1" or a number',
)
def security_group_rule_protocol(rule: Resource) -> Iterator[Fault]:
    """A rule's protocol is one of four names, -1 for all, or a protocol's number."""
    protocol = rule.text("ipProtocol")
    if protocol not in ("tcp", "udp", "icmp", "icmpv6", "-1") and not (protocol.isdigit() and int(protocol) <= 255):
        yield rule.fault("ipProtocol", "tcp, udp, icmp, icmpv6, -1, or 0 to 255")


@resource_rule(
    INGRESS,
    EGRESS,
    source=f"{API}AuthorizeSecurityGroupIngress.html",
    fix="give both ports, the lower one first; none with -1",
)
def security_group_rule_ports(rule: Resource) -> Iterator[Fault]:
    """A TCP or UDP rule has both ports of 0 to 65535, the lower first; a rule for all protocols has none."""
    low, high = rule.number("fromPort"), rule.number("toPort")
    if rule.text("ipProtocol") in ("tcp", "udp"):
        if low is None or high is None or not 0 <= low <= high <= 65535:
            yield rule.fault("fromPort", "fromPort <= toPort, both 0 to 65535", got=[low, high])
    elif rule.text("ipProtocol") == "-1" and (low, high) not in ((None, None), (-1, -1)):
        yield rule.fault("fromPort", "no ports for all protocols", got=[low, high])


@stack_rule(INGRESS, EGRESS, source=f"{API}AuthorizeSecurityGroupIngress.html", fix="delete one of them")
def security_group_rule_once(rule: Resource, stack: Stack) -> Iterator[Fault]:
    """A group has no two rules alike (InvalidPermission.Duplicate)."""
    for group in stack.referred(rule, "securityGroupId", GROUP):
        for other in stack.referring(rule.type, "securityGroupId", group):
            if other is not rule and _meaning(other) == _meaning(rule):
                yield rule.fault("securityGroupId", "a rule that differs from every other", got=f"as {other.name}")


@stack_rule(GROUP, source="https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
            fix="keep the rules as resources of their own, and drop ingress and egress")  # fmt: skip
def security_group_rules_in_one_place(group: Resource, stack: Stack) -> Iterator[Fault]:
    """Rules inside a group and rules beside it delete each other at every other update."""
    beside = [
        each.name for type_ in (INGRESS, EGRESS, OLD_RULE) for each in stack.referring(type_, "securityGroupId", group)
    ]
    for path in ("ingress", "egress"):
        if group.get(path) and beside:
            yield group.fault(path, "not set, as there are rules beside the group", got=beside)


@stack_rule(GROUP, source=QUOTAS, fix="give CloudFront's list a group and a port of its own")
def security_group_size(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A group holds 60 inbound rules, and CloudFront's prefix list counts as 55 of them, for each port anew."""
    rules = stack.referring(INGRESS, "securityGroupId", group)
    weight = sum(MANAGED_LIST if "prefixListId" in each else 1 for each in rules)
    if weight > 60:
        yield group.fault("ingress", "60 inbound rules", got=f"{weight}, a prefix list counted as {MANAGED_LIST}")


@resource_rule(
    INGRESS,
    GROUP,
    OLD_RULE,
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    fix="name the group that the traffic comes from",
)
def security_group_open_port(resource: Resource) -> Iterator[Fault]:
    """A port of administration or data that the whole internet reaches is found within hours."""
    inbound = resource.text("type") != "egress"  # of the older rule: the one type that both directions share
    yield from of_each(resource.parts("ingress") if resource.type == GROUP else [resource] if inbound else [], _open)


def _open(rule: Properties) -> Iterator[Fault]:
    low, high = rule.number("fromPort") or 0, rule.number("toPort") or 65535
    ends = {end: name for name in ENDS for end in rule.known_texts(name)}
    open_ = [name for port, name in ADMIN_PORTS.items() if low <= port <= high]
    protocol = rule.text("ipProtocol") or rule.text("protocol")
    if (path := ends.get("0.0.0.0/0") or ends.get("::/0")) and open_ and protocol in ("tcp", "-1", "6", "all"):
        yield rule.fault(path, "no world-open port of administration or data", got=f"open: {', '.join(open_)}")


@stack_rule(GROUP, source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
            fix="add an egress rule for what the group must reach", severity=Severity.ADVISORY)  # fmt: skip
def security_group_reaches_something(group: Resource, stack: Stack) -> Iterator[Fault]:
    """Pulumi takes AWS's rule that lets everything out away: a group without an egress rule reaches nothing."""
    servers = [*stack.referring("aws:ec2/launchTemplate:LaunchTemplate", "vpcSecurityGroupIds", group)]
    servers += stack.referring("aws:lb/loadBalancer:LoadBalancer", "securityGroups", group)
    older = stack.referring(OLD_RULE, "securityGroupId", group)
    out = [*stack.referring(EGRESS, "securityGroupId", group), *(each for each in older if _goes_out(each))]
    if servers and not out and not group.get("egress"):
        yield group.fault("egress", "at least one rule")


def _goes_out(rule: Resource) -> bool:
    return not rule.is_known("type") or rule.text("type") == "egress"


@resource_rule(
    INGRESS,
    EGRESS,
    source=f"{API}AuthorizeSecurityGroupIngress.html",
    fix="read the id of the list with get_managed_prefix_list",
)
def security_group_rule_list(rule: Resource) -> Iterator[Fault]:
    """A prefix list and a group are named by their ids."""
    yield from rule.matching("prefixListId", r"pl-([0-9a-f]{8}|[0-9a-f]{17})", "pl- and 8 or 17 hex digits")


def _meaning(rule: Properties) -> tuple[str, ...]:
    return tuple(rule.text(name) for name in ("ipProtocol", "fromPort", "toPort", *SOURCES))
