"""Say which TCP ports the security groups of a program open, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.resource import Resource
from policies.stack import Stack
from policies.values import Properties

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
ALL = ("-1", "all")
ADDRESSES = ("cidrIpv4", "cidrIpv6", "prefixListId", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds")
GROUPS = ("referencedSecurityGroupId", "securityGroups", "sourceSecurityGroupId")


@dataclass(frozen=True, slots=True)
class Opening:
    """The TCP ports low..high of a group, and whom they are open to."""

    low: float
    high: float
    sources: frozenset[str]
    """URNs of the groups of this program that are let in; empty where anybody else is."""

    def admits(self, port: float, groups: frozenset[str] = frozenset()) -> bool:
        """Whether one of *groups* reaches *port*; without groups, whether anybody does."""
        return self.low <= port <= self.high and (not self.sources or not groups or bool(self.sources & groups))


def openings(group: Resource, stack: Stack) -> list[Opening]:
    """What *group* lets in over TCP; UnknownValueError where a rule of it is not known yet."""
    beside = [*stack.referring(INGRESS, "securityGroupId", group)]
    beside += [each for each in stack.referring(OLD_RULE, "securityGroupId", group) if each.text("type") == "ingress"]
    return [found for rule in (*group.parts("ingress"), *beside) for found in _opening(rule, group, stack)]


def known_groups(user: Properties, path: str, stack: Stack) -> list[Resource]:
    """The security groups at *path*, when all of them are of this program; none when one may be anybody's."""
    named = [stack.named(GROUP, each) for each in user.texts(path)]
    return [each for each in named if each is not None] if None not in named else []


def _opening(rule: Properties, group: Resource, stack: Stack) -> Iterator[Opening]:
    protocol = rule.text("ipProtocol") or rule.text("protocol")
    low, high = rule.number("fromPort"), rule.number("toPort")
    if protocol in ALL:
        yield Opening(0, 65_535, _sources(rule, group, stack))
    elif protocol in ("tcp", "6") and low is not None and high is not None:
        yield Opening(low, high, _sources(rule, group, stack))


def _sources(rule: Properties, group: Resource, stack: Stack) -> frozenset[str]:
    named = [stack.named(GROUP, each) for path in GROUPS for each in rule.texts(path)]
    named += [group] if rule.flag("self") else []
    anybody = None in named or any(rule.get(path) for path in ADDRESSES)
    return frozenset() if anybody else frozenset(each.urn for each in named if each is not None)
