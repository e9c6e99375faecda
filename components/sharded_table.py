"""Build the sharded table: N DynamoDB tables of one shape, and the map that says which holds which shard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.alarm import MathAlarm, Metric, make_math_alarm
from components.parts.refusal import refuse
from components.policy import allow, document
from components.protection import Protection

TOKEN = aws.dynamodb.Table
MAX_SHARDS = 256
"""Of the 2,500 tables that an account may have in a region (DynamoDB Developer Guide, "Quotas")."""
RECOVERY_DAYS = 35
"""DynamoDB's longest, at the same price as a shorter one."""
LISTED_SHARDS = 80
"""Tables that the access policy lists one by one, 76 characters each; all inline policies of a role share 10,240. Of
more it names the beginning, which tables of another stack in the same account and region may share."""
ITEM_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""Reading and writing items. Transactions have no action of their own: they need those of their parts."""
WATCHED_OPERATIONS = (
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
)
"""What the actions above can be asked for; SystemErrors exists per table *and* operation only.
https://github.com/aws-samples/amazon-dynamodb-monitoring/pull/4"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardedTableArgs:
    """How many shards there are, and what an item looks like. On demand: an idle shard costs its storage only."""

    shards: int
    """Number of tables, 1..256. Growing it adds tables; before it falls, the last ones drain: see `draining`."""
    draining: int = 0
    """Tables after these that stay while their items move to the others: they are read, and nothing new comes in.

    They are not protected any more, since they are to go; a table with point-in-time recovery leaves a backup of 35
    days behind (DynamoDB Developer Guide, "Point-in-time recovery: how it works").
    """
    map_version: int = 0
    """Version of the shard map, higher with each change of it; 0 is the number of tables, while they only grow."""
    partition_key: str
    """Name of the string attribute that spreads a shard's items. Changing it replaces every table."""
    sort_key: str | None = None
    """Name of the string attribute that orders items of one partition. Changing it replaces every table."""
    ttl_attribute: str | None = None
    """Name of the number attribute with the epoch second after which an item may vanish, within a few days."""
    point_in_time_recovery: bool
    """Continuous backups of 35 days, about 0.20 USD per GB and month."""
    protection: Protection
    alarm_topic_arn: pulumi.Input[str] | None = None
    """Who hears of throttling and of AWS's own errors; two alarms per shard, 11 metrics at about 0.10 USD a month."""

    def __post_init__(self) -> None:
        left = max(0, MAX_SHARDS - self.shards)
        allowed = {
            "shards": (1 <= self.shards <= MAX_SHARDS, f"1 to {MAX_SHARDS}"),
            "draining": (0 <= self.draining <= left, f"0 to {left}, {MAX_SHARDS} tables in all"),
            "map_version": (self.map_version >= 0, "0 or more"),
        }
        refuse(self, allowed, self._keys_at_fault())

    def _keys_at_fault(self) -> Iterator[str]:
        keys = [key for key in (self.partition_key, self.sort_key, self.ttl_attribute) if key is not None]
        if not all(keys) or len(set(keys)) < len(keys):
            yield (
                f"partition_key, sort_key and ttl_attribute are {keys}; allowed: names that are not empty and differ."
                " Fix: partition_key, sort_key, ttl_attribute"
            )


class ShardedTable(pulumi.ComponentResource):
    """N tables, keyed `shard-00`, `shard-01`, ...; growing N adds tables and leaves the others alone."""

    table_names: dict[str, pulumi.Output[str]]
    """Shard -> its table's name."""
    shard_map: pulumi.Output[dict[str, Any]]
    """`{"version": ..., "tables": {shard: table name}}`, as `app.contract.ShardMap` takes it; with the list `draining`
    of shards while there are any."""
    access_policy: pulumi.Output[str]
    """Lets a server read and write items of every shard, and nothing else."""

    def __init__(self, name: str, args: ShardedTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:ShardedTable", name, None, opts)
        tables = self._tables(name, args)
        self._watch(name, args, tables)
        self.table_names = {shard: table.name for shard, table in tables.items()}
        leaving = shard_names(args.shards + args.draining)[args.shards :]
        self.shard_map = pulumi.Output.all(**self.table_names).apply(
            lambda names: shard_map(names, leaving, args.map_version)
        )
        self.access_policy = _access_policy(tables)
        self.register_outputs(
            {"table_names": self.table_names, "shard_map": self.shard_map, "access_policy": self.access_policy}
        )

    def _tables(self, name: str, args: ShardedTableArgs) -> dict[str, aws.dynamodb.Table]:
        """What drains is to go: its protection falls before that, and point-in-time recovery is what is left of it."""
        return {
            shard: self._table(name, shard, args, protect=args.protection.protect and number < args.shards)
            for number, shard in enumerate(shard_names(args.shards + args.draining))
        }

    def _table(self, name: str, shard: str, args: ShardedTableArgs, *, protect: bool) -> aws.dynamodb.Table:
        keys = [key for key in (args.partition_key, args.sort_key) if key is not None]
        return aws.dynamodb.Table(
            names.logical(TOKEN, name, shard),
            attributes=[aws.dynamodb.TableAttributeArgs(name=key, type="S") for key in keys],
            hash_key=args.partition_key,
            range_key=args.sort_key,
            billing_mode="PAY_PER_REQUEST",
            ttl=_ttl(args.ttl_attribute),
            point_in_time_recovery=_recovery(args.point_in_time_recovery),
            deletion_protection_enabled=protect,
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )

    def _watch(self, name: str, args: ShardedTableArgs, tables: Mapping[str, aws.dynamodb.Table]) -> None:
        for shard, table in tables.items():
            make_math_alarm(self, name, f"{shard}-throttled", _throttled(shard, table), args.alarm_topic_arn)
            make_math_alarm(self, name, f"{shard}-errors", _errors(shard, table), args.alarm_topic_arn)


def shard_names(shards: int) -> list[str]:
    """Name the first *shards* shards; more shards only add names at the end."""
    return [f"shard-{number:02}" for number in range(shards)]


def shard_map(table_names: Mapping[str, str], draining: Sequence[str] = (), version: int = 0) -> dict:
    """Spell the routing manifest.

    Which shard owns a key follows from the names of the shards that do not drain. A server takes the map of the higher
    version: without *version* that is the number of tables, which is right as long as none drains or goes.
    """
    leaving = {"draining": list(draining)} if draining else {}
    return {"version": version or len(table_names), "tables": dict(table_names), **leaving}


def _ttl(attribute: str | None) -> aws.dynamodb.TableTtlArgs | None:
    return aws.dynamodb.TableTtlArgs(attribute_name=attribute, enabled=True) if attribute else None


def _recovery(wanted: bool) -> aws.dynamodb.TablePointInTimeRecoveryArgs:
    days = RECOVERY_DAYS if wanted else None
    return aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=wanted, recovery_period_in_days=days)


def _access_policy(tables: Mapping[str, aws.dynamodb.Table]) -> pulumi.Output[str]:
    """List the tables, or what their ARNs begin with when the list would crowd out the role's other policies."""
    arns = pulumi.Output.all(*(table.arn for table in tables.values()))
    resources = arns.apply(lambda all_: all_ if len(all_) <= LISTED_SHARDS else [f"{_common_start(all_)}*"])
    return document(allow(ITEM_ACTIONS, resources))


def _common_start(texts: Sequence[str]) -> str:
    pairs = zip(min(texts), max(texts), strict=False)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _throttled(shard: str, table: aws.dynamodb.Table) -> MathAlarm:
    dimensions = {"TableName": table.name}
    return MathAlarm(
        label="throttled",
        expression="FILL(reads, 0) + FILL(writes, 0)",
        metrics={
            "reads": Metric(namespace="AWS/DynamoDB", metric="ReadThrottleEvents", dimensions=dimensions),
            "writes": Metric(namespace="AWS/DynamoDB", metric="WriteThrottleEvents", dimensions=dimensions),
        },
        threshold=0,
        evaluations=3,
        description=f"DynamoDB turns requests to {shard} away, 3 minutes on end: a hot partition, or too few shards.",
    )


def _errors(shard: str, table: aws.dynamodb.Table) -> MathAlarm:
    metrics = {
        f"m{number}": Metric(
            namespace="AWS/DynamoDB",
            metric="SystemErrors",
            dimensions={"TableName": table.name, "Operation": operation},
        )
        for number, operation in enumerate(WATCHED_OPERATIONS)
    }
    return MathAlarm(
        label="system errors",
        expression=" + ".join(f"FILL({id_}, 0)" for id_ in metrics),
        metrics=metrics,
        threshold=0,
        description=f"DynamoDB itself fails for {shard}, 5 minutes on end: see AWS Health. The app retries by itself.",
    )
