"""Say which changed property replaces its resource, and which has a value of AWS's choosing when none is given."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from offline.handler import REGION

TABLE = Path(__file__).with_suffix(".tsv")


class Fact(NamedTuple):
    """What the AWS provider says of one property."""

    replaces: bool
    computed: bool


@cache
def facts() -> dict[tuple[str, str], Fact]:
    """(type, property path) -> its fact; paths are names joined by dots, without indexes."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t")
    return {
        (row["type"], row["property"]): Fact(row["forces_replacement"] == "yes", row["computed"] == "yes")
        for row in rows
    }


def replaces(token: str, path: str, old: Any, new: Any) -> bool:
    """Say whether a change of *path* from *old* to *new* (None: absent) replaces the resource.

    A path that the table lacks is judged by what it stands in; one of which nothing is known does not replace.
    """
    if path == REGION:
        return True  # pulumi-aws 7: "changing the region replaces the resource"
    known = facts()
    while (token, path) not in known and "." in path:
        path = path.rpartition(".")[0]
    fact = known.get((token, path))
    if fact is None or not fact.replaces:
        return False
    condition = CONDITIONS.get((token, path))
    return condition is None or condition(old, new)


def computed(token: str, path: str) -> bool:
    """Say whether AWS chooses the value where none is given: then taking it out of a program changes nothing."""
    fact = facts().get((token, path))
    return fact is not None and fact.computed


def _added_or_removed(old: Any, new: Any) -> bool:
    return old is None or new is None


def _older(old: Any, new: Any) -> bool:
    def numbers(version: Any) -> list[int]:
        return [int(part) for part in str(version).split(".") if part.isdigit()]

    return old is not None and new is not None and numbers(new) < numbers(old)


def _never(old: Any, new: Any) -> bool:  # noqa: ARG001  the signature of a condition
    return False


_RULES = (
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
CONDITIONS: dict[tuple[str, str], Callable[[Any, Any], bool]] = {
    ("aws:ec2/vpc:Vpc", "instanceTenancy"): lambda _, new: new == "dedicated",
    (_CACHE, "engine"): lambda old, new: (old, new) != ("redis", "valkey"),
    (_CACHE, "engineVersion"): _older,
    (_CACHE, "transitEncryptionEnabled"): _never,  # from version 7.0.5 on, all that the offline account carries
    (_BALANCER, "subnets"): _never,  # replaces a network load balancer only, which the offline account does not carry
    (_BALANCER, "securityGroups"): _never,  # as above
    **{
        (f"aws:{rule}", peer): _added_or_removed
        for rule in _RULES
        for peer in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    },
}
"""Where it depends on the values: the same requests, made with more than one pair of values."""
