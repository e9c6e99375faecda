"""The address plan: what is there stays where it is, whatever is added."""

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.parts.address_plan import PREFIXES, TIERS, ZONE_LETTERS, subnet_plan

BIGGEST = [ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
LETTERS = st.lists(st.sampled_from(ZONE_LETTERS), min_size=4, max_size=4, unique=True)


@st.composite
def vpcs(draw):
    outer, prefix = draw(st.sampled_from(BIGGEST)), draw(st.sampled_from(PREFIXES))
    size = 2 ** (32 - prefix)
    place = draw(st.integers(0, outer.num_addresses // size - 1))
    return f"{outer.network_address + place * size}/{prefix}"


def zones(letters):
    return [f"eu-west-1{letter}" for letter in letters]


def blocks(plan):
    return [ipaddress.IPv4Network(block) for tier in plan.values() for block in tier.values()]


@given(vpcs(), LETTERS)
def test_going_from_two_zones_to_three_to_four_moves_no_subnet(cidr, letters):
    plans = [subnet_plan(cidr, zones(letters[:count])) for count in (2, 3, 4)]
    for before, after in itertools.pairwise(plans):
        assert {tier: {letter: after[tier][letter] for letter in before[tier]} for tier in TIERS} == before


@given(vpcs(), LETTERS)
def test_no_two_subnets_overlap(cidr, letters):
    held = sorted(blocks(subnet_plan(cidr, zones(letters))))
    assert [(one, other) for one, other in itertools.pairwise(held) if one.overlaps(other)] == []


@given(vpcs(), LETTERS)
def test_every_subnet_is_within_the_vpc_and_large_enough_for_a_load_balancer(cidr, letters):
    vpc, held = ipaddress.IPv4Network(cidr), blocks(subnet_plan(cidr, zones(letters)))
    assert all(block.subnet_of(vpc) and block.prefixlen <= 27 for block in held)


@given(vpcs())
def test_a_fourth_tier_would_fit_behind_the_others(cidr):
    last = max(blocks(subnet_plan(cidr, zones(ZONE_LETTERS))))
    left = int(ipaddress.IPv4Network(cidr).broadcast_address) - int(last.broadcast_address)
    assert left == len(ZONE_LETTERS) * last.num_addresses


def test_the_largest_cache_fits_into_the_data_subnets_of_the_smallest_vpc():
    data = subnet_plan(f"10.0.0.0/{PREFIXES[-1]}", zones("ab"))["data"]
    usable = sum(ipaddress.IPv4Network(block).num_addresses - 5 for block in data.values())  # AWS keeps 5 of each
    assert usable >= 90  # nodes of one cluster, ElastiCache quota


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/22", "10.0.0.1/16", "8.0.0.0/16", "100.64.0.0/16", "ten"])
def test_a_block_that_no_vpc_should_have_is_refused(cidr):
    with pytest.raises(ValueError, match=f"cidr is '{cidr}'; allowed: a private block of /16 to /21 without host bits"):
        subnet_plan(cidr, zones("ab"))
