"""Say which TCP ports the security groups of a program open, inwards and outwards, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.resource import Resource
from policies.stack import Stack
from policies.values import Properties

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
ALL = {"-1", "all"}
MOST = 65_535
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
    """What *group* lets in over TCP; what is not known yet of a rule is taken to be open."""
    return _openings(group, stack, "ingress", INGRESS)


def exits(group: Resource, stack: Stack) -> list[Opening]:
    """What *group* lets out over TCP, its `sources` being where to; what is not known yet is taken to be open."""
    return _openings(group, stack, "egress", EGRESS)


def known_groups(user: Properties, path: str, stack: Stack) -> list[Resource]:
    """The security groups at *path*, when all of them are of this program; none when one may be anybody's."""
    if not user.is_known(path) or len(user.known_texts(path)) < len(user.get(path) or []):
        return []
    named = [stack.named(GROUP, each) for each in user.texts(path)]
    return [each for each in named if each is not None] if None not in named else []


def _openings(group: Resource, stack: Stack, way: str, type_: str) -> list[Opening]:
    beside = [*stack.referring(type_, "securityGroupId", group)]
    beside += [each for each in stack.referring(OLD_RULE, "securityGroupId", group)
               if not each.is_known("type") or each.text("type") == way]  # fmt: skip
    return [found for rule in (*group.parts(way), *beside) for found in _opening(rule, group, stack)]


def _opening(rule: Properties, group: Resource, stack: Stack) -> Iterator[Opening]:
    protocol = [each for path in ("ipProtocol", "protocol") for each in rule.known_texts(path)]
    low = rule.number("fromPort") if rule.is_known("fromPort") else 0
    high = rule.number("toPort") if rule.is_known("toPort") else MOST
    if set(protocol) & ALL:
        yield Opening(0, MOST, _sources(rule, group, stack))
    elif (not protocol or set(protocol) & {"tcp", "6"}) and low is not None and high is not None:
        yield Opening(low, high, _sources(rule, group, stack))


def _sources(rule: Properties, group: Resource, stack: Stack) -> frozenset[str]:
    named = [stack.named(GROUP, each) for path in GROUPS for each in rule.known_texts(path)]
    named += [group] if rule.is_known("self") and rule.flag("self") else []
    open_ = not all(rule.is_known(path) for path in (*GROUPS, *ADDRESSES, "self"))
    anybody = open_ or None in named or any(rule.get(path) for path in ADDRESSES)
    return frozenset() if anybody else frozenset(each.urn for each in named if each is not None)
