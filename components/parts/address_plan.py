"""Say which addresses each subnet gets, so that a zone or a tier added later moves no subnet that exists."""

import ipaddress
import string
from collections.abc import Sequence

TIERS = ("public", "app", "data")
TIER_SLOTS = 4
"""One more than there are tiers: a fourth tier fits without moving the others."""
ZONE_LETTERS = string.ascii_lowercase[:8]
"""Slots for the zones a to h; the largest region, us-east-1, has six."""
PREFIXES = range(16, 22)
"""AWS takes a VPC of /16 at the most; below /21 a subnet would be under the /27 that a load balancer needs."""
SPLIT_BITS = 5
"""4 tiers of 8 zones: 32 subnets of one size."""


def network_of(cidr: str) -> ipaddress.IPv4Network:
    """Read a VPC's block; ValueError unless it is private (RFC 1918), /16 to /21 and without host bits."""
    allowed = f"a private block of /{PREFIXES[0]} to /{PREFIXES[-1]} without host bits (RFC 1918)"
    try:
        block = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        raise ValueError(f"cidr is {cidr!r}; allowed: {allowed}. Fix: e.g. 10.0.0.0/16") from error
    if block.prefixlen not in PREFIXES or not any(block.subnet_of(private) for private in _PRIVATE):
        raise ValueError(f"cidr is {cidr!r}; allowed: {allowed}. Fix: e.g. 10.0.0.0/16")
    return block


def letter_of(zone: str) -> str:
    """The letter by which a zone is told from its neighbours: `b` of us-east-1b."""
    return zone[-1]


def subnet_plan(cidr: str, zones: Sequence[str]) -> dict[str, dict[str, str]]:
    """Give each tier's block per zone letter: `plan["app"]["b"]`.

    A subnet's place follows from its tier and letter alone. Of a /16, each of the 32 places is a /21 of 2,043 usable
    addresses (AWS keeps 5 of each subnet); of a /21, a /26 of 59.
    """
    block = network_of(cidr)
    places = list(block.subnets(prefixlen_diff=SPLIT_BITS))
    return {
        tier: {
            letter: str(places[number * len(ZONE_LETTERS) + ZONE_LETTERS.index(letter)])
            for letter in sorted(letter_of(zone) for zone in zones)
        }
        for number, tier in enumerate(TIERS)
    }


_PRIVATE = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
