"""The shard function: the same for everybody, even, and stable when shards are added."""

import random
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.data.shards import former_owners, shard_for

IDS = [str(uuid.UUID(int=random.Random(7).getrandbits(128) + at)) for at in range(4000)]  # noqa: S311 - no secret


def names(count):
    return [f"shard-{number:02}" for number in range(count)]


@given(st.text(min_size=1, max_size=40), st.integers(1, 40), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_owner_is_one_of_the_shards_whatever_their_order(customer_id, count, chance):
    shards = names(count)
    chance.shuffle(shards)
    assert shard_for(customer_id, shards) == shard_for(customer_id, names(count))


@given(st.text(min_size=1, max_size=40), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_whoever_moves_when_a_shard_is_added_moves_to_that_shard(customer_id, count):
    before, after = shard_for(customer_id, names(count)), shard_for(customer_id, names(count + 1))
    assert after in (before, names(count + 1)[-1])


@pytest.mark.parametrize("count", [1, 2, 4, 8, 16])
def test_growing_from_n_to_n_plus_one_moves_close_to_one_in_n_plus_one(count):
    moved = sum(shard_for(each, names(count)) != shard_for(each, names(count + 1)) for each in IDS)
    assert moved / len(IDS) == pytest.approx(1 / (count + 1), rel=0.2)


@pytest.mark.parametrize("count", [2, 4, 8])
def test_customers_spread_evenly(count):
    held = {shard: sum(shard_for(each, names(count)) == shard for each in IDS) for shard in names(count)}
    assert max(held.values()) / min(held.values()) < 1.25


@given(st.text(min_size=1, max_size=40), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_every_former_owner_is_known_and_none_twice(customer_id, count):
    owners = former_owners(customer_id, dict.fromkeys(names(count), "table"))
    wanted = {shard_for(customer_id, names(fewer)) for fewer in range(1, count + 1)} - {
        shard_for(customer_id, names(count))
    }
    assert (set(owners), len(owners)) == (wanted, len(wanted))


def test_a_customer_is_where_they_were_in_every_release():
    owners = [shard_for(f"customer-{at}", names(4))[-2:] for at in range(6)]
    assert owners == ["02", "02", "03", "02", "02", "03"]
