"""The program of a sharded table alone, with as many shards as its settings say."""

PROGRAM = """import pulumi

from components.protection import Protection
from components.sharded_table import ShardedTable, ShardedTableArgs

config = pulumi.Config("bigpicture")
args = ShardedTableArgs(
    shards=config.require_int("table_shards"), draining=config.get_int("table_shards_draining") or 0,
    map_version=config.get_int("table_map_version") or 0, partition_key="customer_id", sort_key="entry",
    point_in_time_recovery=False, protection=Protection(protect=False, disposable=True),
)
pulumi.export("shard_map", ShardedTable("customers", args).shard_map)
"""
