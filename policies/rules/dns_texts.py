"""Rules of what stands in a record: lengths, forms, and what may stand beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.dns import GUIDE, RECORD, ZONE
from policies.rules.load_balancer import BALANCER, DISTRIBUTION
from policies.stack import Stack
from policies.values import Fault

TYPES = f"{GUIDE}ResourceRecordTypes.html"


@resource_rule(RECORD, source=f"{TYPES}#TXTFormat", fix='split it: "the first 255 characters\\" \\"and the rest"')
def record_text_length(record: Resource) -> Iterator[Fault]:
    """A text record holds strings of at most 255 characters; a longer text is several strings in quotes."""
    values = record.known_texts("records") if record.text("type") in ("TXT", "SPF") else []
    longest = max((len(part) for each in values for part in _strings(each)), default=0)
    if longest > 255:
        yield record.fault("records", "strings of at most 255 characters", got=f"one of {longest}")


@resource_rule(RECORD, source=f"{TYPES}#CAAFormat", fix='write it as 0 issue "amazon.com"')
def record_authority(record: Resource) -> Iterator[Fault]:
    """A CAA record is a flag, a tag and a value in quotes."""
    form = r'\d+ [A-Za-z0-9]+ ".*"'
    wrong = [each for each in record.known_texts("records") if not re.fullmatch(form, each)]
    if record.text("type") == "CAA" and wrong:
        yield record.fault("records", 'values such as 0 issue "amazon.com"', got=wrong)


@stack_rule(RECORD, source=f"{TYPES}#CNAMEFormat", fix="give the CNAME a name of its own")
def record_cname_alone(record: Resource, stack: Stack) -> Iterator[Fault]:
    """A name with a CNAME has no other record; Route 53 refuses the second."""
    if record.text("type") == "CNAME" and record.text("name"):
        here = stack.derived(_by_place).get(_place(record, stack), [])
        beside = [each for each in here if each.text("type") != "CNAME"]
        if beside:
            yield record.fault("name", f"a name that {beside[0].name} does not have")


@stack_rule(RECORD, source=f"{GUIDE}resource-record-sets-values-alias.html",
            fix="give zone_id of the load balancer, or hosted_zone_id of the distribution")  # fmt: skip
def record_alias_zone(record: Resource, stack: Stack) -> Iterator[Fault]:
    """An alias names the zone of what it leads to, which is AWS's own, and not the zone that it stands in."""
    leads = stack.referred(record, "aliases", BALANCER, DISTRIBUTION)
    zones = stack.referred(record, "aliases", ZONE)
    if leads and zones:
        yield record.fault("aliases", f"the zone of {leads[0].name}", got=f"the zone {zones[0].name}")


def _strings(value: str) -> list[str]:
    """The strings of a text record's value: what is in quotes, or all of it."""
    return re.split(r'"\s*"', value.strip().strip('"'))


def _by_place(stack: Stack) -> Mapping[tuple[str, str], list[Resource]]:
    found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
    for each in stack.of(RECORD):
        if each.is_known("name") and each.is_known("type"):
            found[_place(each, stack)].append(each)
    return found


def _place(record: Resource, stack: Stack) -> tuple[str, str]:
    """The name and its zone; a zone that nothing is known of is the record's own."""
    zones = [each.urn for each in stack.referred(record, "zoneId", ZONE)] or record.known_texts("zoneId")
    return record.text("name").rstrip(".").lower(), zones[0] if len(zones) == 1 else record.urn
