"""Rules of names that lead to other names."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.dns import RECORD
from policies.rules.load_balancer import BALANCER, DISTRIBUTION
from policies.stack import Stack
from policies.values import Fault, apart

ZONE = "aws:route53/zone:Zone"
NAMED = (BALANCER, DISTRIBUTION, "aws:elasticache/replicationGroup:ReplicationGroup", "aws:rds/instance:Instance")
"""Types that hand out names and no addresses."""


def _may_have_addresses(resource: Resource) -> bool:
    """A network load balancer has: one in each zone, which the program may have given it."""
    network = not resource.is_known("loadBalancerType") or resource.text("loadBalancerType") == "network"
    return resource.type not in NAMED or (resource.type == BALANCER and network)


@stack_rule(
    RECORD,
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat",
    fix="give one name; at the zone's own name use an alias",
)
def record_cname(record: Resource, stack: Stack) -> Iterator[Fault]:
    """A CNAME leads to one name, and may not stand at the top of its zone, which has records of its own."""
    if record.text("type") != "CNAME":
        return
    yield from _at_the_top(record, stack)
    given = record.get("records")
    if isinstance(given, list) and len(given) > 1 and "setIdentifier" not in record:
        yield record.fault("records", "one name")


@apart
def _at_the_top(record: Resource, stack: Stack) -> Iterator[Fault]:
    tops = {each.text("name").rstrip(".") for each in stack.referred(record, "zoneId", ZONE)}
    if record.get("name") is not None and record.text("name").rstrip(".") in {"", *tops}:
        yield record.fault("name", "a name below the zone's own", got=record.text("name") or sorted(tops)[:1])


@stack_rule(
    RECORD,
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
    fix="use an alias, or a CNAME below the zone's own name",
)
def record_address_of_a_name(record: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer, a distribution and a database have a name and no address of their own: no A record holds it."""
    came_from = [stack.by_urn(urn) for urn in record.dependencies.get("records", [])]
    named = [each for each in came_from if each is not None]
    if record.text("type") in ("A", "AAAA") and named and not any(_may_have_addresses(each) for each in named):
        yield record.fault("records", "addresses", got=f"the name of {named[0].name}")
