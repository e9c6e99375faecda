"""Growing the sharded table: more shards leave the old ones, their names and their tables as they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from components.protection import Protection
from components.sharded_table import ShardedTable, ShardedTableArgs, shard_map, shard_names
from tests.deploying import deploy

SANDBOX = {"protection": Protection(protect=False, disposable=True), "point_in_time_recovery": False}
PRODUCTION = {"protection": Protection(protect=True), "point_in_time_recovery": True}


def tables(shards, environment=SANDBOX):
    """Every table of a deployment with *shards* shards: URN -> inputs."""
    args = ShardedTableArgs(shards=shards, partition_key="customer", **environment)
    deployed = deploy(lambda: ShardedTable("customers", args))
    return {table.urn: table.inputs for table in deployed.of_type("aws:dynamodb/table:Table")}


@given(st.integers(1, 255))
def test_growing_keeps_every_old_shard(shards):
    assert shard_names(shards + 1)[:shards] == shard_names(shards)


@given(st.integers(1, 256))
def test_the_maps_version_grows_with_every_shard(shards):
    assert shard_map(dict.fromkeys(shard_names(shards), "table"))["version"] == shards


@settings(max_examples=4, deadline=None)
@given(st.integers(1, 6))
def test_growing_leaves_every_old_table_as_it_is(shards):
    before, after = tables(shards), tables(shards + 1)
    assert {urn: after.get(urn) for urn in before} == before


def test_protecting_the_tables_leaves_them_where_they_are():
    assert list(tables(3, PRODUCTION)) == list(tables(3, SANDBOX))
