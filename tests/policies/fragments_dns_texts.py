"""Fragments about what stands in a record, and beside it."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

NAME = "shop.bigpicture.dev"


def record(logical_name="record", **more):
    zone = {} if "zone_id" in more else {"zone_id": "Z0123456789"}
    given = {"name": NAME, "type": "TXT", **({} if "aliases" in more else {"ttl": 60}), **zone, **more}
    aws.route53.Record(logical_name, **given)


def zone():
    return aws.route53.Zone("zone", name="bigpicture.dev")


def beside(type_, value, name=NAME):
    """A CNAME, and another record of its zone."""
    home = zone()
    record(zone_id=home.zone_id, type="CNAME", records=["elsewhere.bigpicture.dev"])
    record("other", zone_id=home.zone_id, type=type_, name=name, records=[value])


def alias(zone_of):
    lb = parts.balancer()
    home = zone()
    zones = {"balancer": lb.zone_id, "zone": home.zone_id}
    target = {"name": lb.dns_name, "zone_id": zones[zone_of], "evaluate_target_health": True}
    record(zone_id=home.zone_id, type="A", aliases=[target])


@breaks(
    "record-text-length",
    "aws:route53/record:Record 'record': records is \"one of 256\"; allowed: strings of at most 255 characters.",
)
def text_of_256():
    record(records=["x" * 256])


@keeps("record-text-length")
def text_of_two_strings():
    record(records=[f'"{"x" * 255}" "{"y" * 255}"'])


@breaks(
    "record-authority",
    'aws:route53/record:Record \'record\': records is ["amazon.com"]; allowed: values such as 0 issue "amazon.com".',
)
def authority_alone():
    record(type="CAA", records=["amazon.com"])


@keeps("record-authority")
def authority_with_flag_and_tag():
    record(type="CAA", records=['0 issue "amazon.com"'])


@breaks(
    "record-cname-alone",
    "aws:route53/record:Record 'record': name is \"shop.bigpicture.dev\"; allowed: a name that other does not have.",
)
def cname_beside_an_address():
    beside("A", "192.0.2.1")


@keeps("record-cname-alone")
def cname_beside_another_name():
    beside("A", "192.0.2.1", name=f"api.{NAME}")


@breaks(
    "record-alias-zone",
    "aws:route53/record:Record 'record': aliases is \"the zone zone\"; allowed: the zone of lb.",
)
def alias_in_its_own_zone():
    alias("zone")


@keeps("record-alias-zone")
def alias_in_the_balancers_zone():
    alias("balancer")
