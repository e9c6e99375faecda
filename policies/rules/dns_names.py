"""Rules of names that lead to other names."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import stack_rule
from policies.rules.dns import RECORD
from policies.stack import Stack
from policies.values import Fault

ZONE = "aws:route53/zone:Zone"


@stack_rule(
    RECORD,
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat",
    fix="give one name; at the zone's own name use an alias",
)
def record_cname(record: Resource, stack: Stack) -> Iterator[Fault]:
    """A CNAME leads to one name, and may not stand at the top of its zone, which has records of its own."""
    if record.text("type") != "CNAME":
        return
    tops = {each.text("name").rstrip(".") for each in stack.referred(record, "zoneId", ZONE)}
    if record.get("name") is not None and record.text("name").rstrip(".") in {"", *tops}:
        yield record.fault("name", "a name below the zone's own", got=record.text("name") or sorted(tops)[:1])
    if len(record.texts("records")) > 1 and "setIdentifier" not in record:  # last: often an output, not known yet
        yield record.fault("records", "one name")
