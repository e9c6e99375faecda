"""Customers' entries on their shards: one owner at any time, whichever map a server was started with."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contract import ShardMap
from app.data.aws import Aws
from app.data.customers import ChangedError, ShardedEntries
from app.data.outage import Unavailable
from app.data.shards import shard_for
from tests.app.dying import DyingAws, MetAws
from tests.app.world import new_id

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture
def name():
    """Of a sharded table that only this test has."""
    return f"t{new_id()[:8]}"


@pytest.fixture
def at(world, name):
    """Makes servers with the first so many shards."""
    servers = []

    def server(count, aws=None):
        servers.append(aws or Aws("eu-west-1"))
        return ShardedEntries(servers[-1], ShardMap(version=count, tables=world.tables(name, count)))

    yield server
    for aws in servers:
        aws.close()


def customer_who_moves(before, after):
    """Somebody whose owner is the last of *after* shards, and another of the first *before*."""
    names = [f"shard-{at:02}" for at in range(after)]
    return next(
        each
        for each in iter(new_id, None)
        if shard_for(each, names) == names[-1] and shard_for(each, names[:before]) != names[-1]
    )


def stored(world, table, customer_id, entry="cart"):
    key = {"customer_id": {"S": customer_id}, "entry": {"S": entry}}
    return world.account.client("dynamodb").get_item(TableName=table, Key=key).get("Item")


def test_an_entry_is_read_back_and_lies_on_its_customers_shard_alone(world, at, name):
    server, customer = at(4), new_id()
    world.run(server.put(customer, "cart", "one", 0))
    owner = shard_for(customer, [f"shard-{n:02}" for n in range(4)])
    holders = [n for n in range(4) if stored(world, f"{name}-{n:02}", customer)]
    assert (world.run(server.get(customer, "cart")), holders) == (("one", 1), [int(owner[-2:])])


def test_of_two_writers_who_saw_the_same_version_the_second_is_refused(world, at):
    server, customer = at(2), new_id()
    world.run(server.put(customer, "cart", "one", 0))
    world.run(server.put(customer, "cart", "two", 1))
    with pytest.raises(ChangedError):
        world.run(server.put(customer, "cart", "other", 1))
    assert world.run(server.get(customer, "cart")) == ("two", 2)


def test_a_customer_follows_to_the_new_shard_with_all_that_they_have(world, at, name):
    customer = customer_who_moves(2, 3)
    old = at(2)
    world.run(old.put(customer, "cart", "one", 0))
    new = at(3)
    assert world.run(new.get(customer, "cart")) == ("one", 1)
    assert stored(world, f"{name}-02", customer)["body"] == {"S": "one"}


def test_a_server_with_a_stale_map_is_refused_learns_the_newer_and_writes_where_it_should(world, at, name):
    customer = customer_who_moves(2, 3)
    stale = at(2)
    world.run(stale.put(customer, "cart", "one", 0))
    world.run(at(3).put(customer, "cart", "two", 1))
    world.run(stale.put(customer, "cart", "three", 2))
    assert (stale.version, world.run(at(3).get(customer, "cart"))) == (3, ("three", 3))
    assert stored(world, f"{name}-02", customer)["body"] == {"S": "three"}


def test_a_stale_server_never_makes_a_second_home_for_a_new_customer(world, at):
    customer = customer_who_moves(2, 3)
    stale, new = at(2), at(3)
    world.run(new.put(customer, "cart", "one", 0))
    with pytest.raises(ChangedError):
        world.run(stale.put(customer, "cart", "other", 0))
    assert world.run(stale.get(customer, "cart")) == ("one", 1)


@pytest.mark.parametrize("seen", [0, 1])
@pytest.mark.parametrize("calls", range(9))
def test_servers_that_meet_at_any_call_let_one_of_them_write_and_agree_on_it(world, at, calls, seen):
    customer, newer, written = customer_who_moves(2, 3), at(3), []
    for version in range(seen):
        world.run(at(2).put(customer, "cart", "first", version))

    async def write(server, body):
        with suppress(ChangedError):
            await server.put(customer, "cart", body, seen)
            written.append(body)

    stale = at(2, MetAws(calls, lambda: write(newer, "newer")))
    world.run(write(stale, "stale"))
    world.run(write(newer, "later"))
    assert [(written[0], seen + 1)] == [*{world.run(server.get(customer, "cart")) for server in (stale, newer, at(3))}]
    assert len(written) == 1


def test_a_stale_server_reads_what_was_written_after_the_move(world, at):
    customer = customer_who_moves(1, 2)
    stale = at(1)
    world.run(stale.put(customer, "cart", "one", 0))
    world.run(at(2).put(customer, "cart", "two", 1))
    assert world.run(stale.get(customer, "cart")) == ("two", 2)


@pytest.mark.parametrize("calls", range(1, 12))
def test_a_move_that_is_cut_off_after_any_call_is_finished_by_who_comes_next(world, at, calls):
    customer = customer_who_moves(2, 3)
    old = at(2)
    for entry in ("cart", "order"):
        world.run(old.put(customer, entry, f"my {entry}", 0))
    dying = at(3, DyingAws(calls))
    try:
        world.run(dying.put(customer, "cart", "changed", 1))
        body, version = "changed", 2
    except Unavailable:
        body, version = "my cart", 1
    for server in (old, at(3)):
        assert world.run(server.get(customer, "cart")) == (body, version)
        assert world.run(server.get(customer, "order")) == ("my order", 1)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()),
        min_size=1,
        max_size=14,
    )
)
@settings(max_examples=12, deadline=None, suppress_health_check=CHECKS)
def test_servers_with_any_maps_in_any_order_agree_on_what_each_customer_has(world, steps):
    name = f"t{new_id()[:8]}"
    world.tables(name, 4)
    aws = Aws("eu-west-1")
    servers = [ShardedEntries(aws, ShardMap(version=n, tables=world.tables(name, n))) for n in (1, 2, 3, 4)]
    customers, kept = [new_id() for _ in range(3)], {}
    for at, who, writes in steps:
        body, version = kept.get(customers[who], ("", 0))
        if writes:
            world.run(servers[at].put(customers[who], "cart", f"{at}-{version}", version))
            kept[customers[who]] = (f"{at}-{version}", version + 1)
        else:
            assert world.run(servers[at].get(customers[who], "cart")) == (body, version)
    aws.close()


def test_a_shard_that_is_out_is_not_waited_for_again(world):
    tables = world.tables("gone", 2) | {"shard-01": "nobody-made-this"}
    aws = DyingAws(2)
    server = ShardedEntries(aws, ShardMap(version=2, tables=tables))
    lost = next(each for each in iter(new_id, None) if shard_for(each, tables) == "shard-01")
    for _ in range(3):
        with pytest.raises(Unavailable, match="shard shard-01"):
            world.run(server.get(lost, "cart"))
    assert aws.left == 1
