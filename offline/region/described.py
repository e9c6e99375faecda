"""Read from the account which data servers were deployed, by which names they are known, and what opens them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offline.account import Account
from offline.patches.overlay import backend_of, memory_of
from offline.region.postgres import PostgresArgs
from offline.region.valkey import ValkeyArgs

PRIMARY = "primary"


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """One primary of RDS and the replicas that follow it."""

    identifier: str
    identity: str
    """Of this very one: another that is made under the same identifier is another database."""
    args: PostgresArgs
    endpoints: Mapping[str, str]
    """Host name -> `primary`, or the replica's identifier."""
    classes: Mapping[str, str]
    """`primary`, or the replica's identifier -> its class: a change of it restarts the server."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cache:
    """One replication group of ElastiCache, in cluster mode."""

    identifier: str
    identity: str
    """Of this very one, as a database's."""
    args: ValkeyArgs
    endpoint: str
    """The configuration endpoint's host name."""


def databases(account: Account) -> list[Database]:
    """Every PostgreSQL primary of the account."""
    instances = account.client("rds").describe_db_instances()["DBInstances"]
    return [
        _database(account, each, [replica for replica in instances if _source(replica) == each["DBInstanceIdentifier"]])
        for each in instances
        if each["Engine"] == "postgres" and not _source(each)
    ]


def caches(account: Account) -> list[Cache]:
    """Every Valkey cluster of the account."""
    groups = account.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    return [_cache(account, group) for group in groups if group.get("ClusterEnabled")]


def _source(instance: Mapping[str, Any]) -> str:
    return instance.get("ReadReplicaSourceDBInstanceIdentifier") or ""


def _database(account: Account, primary: Mapping[str, Any], replicas: list[dict[str, Any]]) -> Database:
    [group] = primary["DBParameterGroups"]
    args = PostgresArgs(
        name=primary["DBInstanceIdentifier"],
        database=primary.get("DBName") or "postgres",
        user=primary["MasterUsername"],
        password=_master_password(account, primary["DBInstanceIdentifier"]),
        replicas=tuple(each["DBInstanceIdentifier"] for each in replicas),
        port=primary["Endpoint"]["Port"],
        parameters=_parameters(account, group["DBParameterGroupName"]),
    )
    nodes = {PRIMARY: primary, **{each["DBInstanceIdentifier"]: each for each in replicas}}
    return Database(
        identifier=primary["DBInstanceIdentifier"],
        identity=primary["DbiResourceId"],
        args=args,
        endpoints={each["Endpoint"]["Address"]: node for node, each in nodes.items()},
        classes={node: each["DBInstanceClass"] for node, each in nodes.items()},
    )


def _master_password(account: Account, identifier: str) -> str:
    """What the instance was made with: no call of AWS's API tells it, as none does here."""
    instance = backend_of("rds", account.account_id, account.region).databases[identifier]
    return vars(instance)["_master_user_password"]


def _parameters(account: Account, group: str) -> dict[str, str]:
    """What the group's owner set, without what is RDS's own (`rds.force_ssl`) or a formula over its memory."""
    client = account.client("rds")
    asked = {"DBParameterGroupName": group, "Source": "user"}
    rows = client.get_paginator("describe_db_parameters").paginate(**asked).search("Parameters[]")
    given = {row["ParameterName"]: row.get("ParameterValue", "") for row in rows}
    return {name: value for name, value in given.items() if value and "." not in name and "{" not in value}


def _cache(account: Account, group: Mapping[str, Any]) -> Cache:
    kept = memory_of(backend_of("elasticache", account.account_id, account.region), "replication groups")
    endpoint, shards = group["ConfigurationEndpoint"], group["NodeGroups"]
    args = ValkeyArgs(
        name=group["ReplicationGroupId"],
        shards=len(shards),
        replicas_per_shard=len(shards[0]["NodeGroupMembers"]) - 1,
        password=kept[group["ReplicationGroupId"]].get("AuthToken", ""),
        port=endpoint["Port"],
        eviction=_eviction(account, group["MemberClusters"][0]),
    )
    return Cache(
        identifier=group["ReplicationGroupId"],
        identity=str(group["ReplicationGroupCreateTime"]),
        args=args,
        endpoint=endpoint["Address"],
    )


def _eviction(account: Account, member: str) -> str:
    """The policy of the parameter group, which AWS shows at a member."""
    client = account.client("elasticache")
    [cluster] = client.describe_cache_clusters(CacheClusterId=member)["CacheClusters"]
    name = cluster["CacheParameterGroup"]["CacheParameterGroupName"]
    rows = client.describe_cache_parameters(CacheParameterGroupName=name)["Parameters"]
    return next((row["ParameterValue"] for row in rows if row["ParameterName"] == "maxmemory-policy"), "volatile-lru")
