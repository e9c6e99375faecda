"""Name each setting of databases and caches that does something on AWS and nothing in the region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from offline.account import Account
from offline.region.left_out.asking import ALWAYS, Told, asked_for

DATABASE = {
    "TLS to databases: clients come by plain TCP": ALWAYS,
    "version of databases: PostgreSQL is this machine's": ALWAYS,
    "standby of databases: a lost primary itself is back after a minute": "MultiAZ",
    "backups of databases: none is made": "BackupRetentionPeriod",
    "encryption of databases: their files lie open on this machine": "StorageEncrypted",
    "growth of databases: their storage is this machine's": "MaxAllocatedStorage",
    "monitoring of databases: nothing is recorded": "MonitoringInterval > `0` || PerformanceInsightsEnabled",
    "logs of databases: they are in `logs`, not in log groups": "EnabledCloudwatchLogsExports",
    "IAM authentication of databases: passwords alone open them": "IAMDatabaseAuthenticationEnabled",
}
CACHE = {
    "memory of caches: every node has 256 MB": ALWAYS,
    "version of caches: Valkey is this machine's": ALWAYS,
    "TLS to caches: clients come by plain TCP": "TransitEncryptionEnabled",
    "encryption of caches: their files lie open on this machine": "AtRestEncryptionEnabled",
    "snapshots of caches: none is made": "SnapshotRetentionLimit",
    "logs of caches: they are in `logs`, not in log groups": "LogDeliveryConfigurations",
    "users of caches: the token alone opens them": "UserGroupIds",
}


def named(account: Account) -> Iterator[str]:
    """Of every database and cache."""
    yield from _databases(account)
    for each in account.client("elasticache").describe_replication_groups()["ReplicationGroups"]:
        yield from of_cache(each)


def _databases(account: Account) -> Iterator[str]:
    rds = account.client("rds")
    instances = rds.describe_db_instances()["DBInstances"]
    for each in instances:
        yield from of_database(each)
    for name in {group["DBParameterGroupName"] for each in instances for group in each["DBParameterGroups"]}:
        asked = {"DBParameterGroupName": name, "Source": "user"}
        rows = rds.get_paginator("describe_db_parameters").paginate(**asked).search("Parameters[]")
        yield from parameters({row["ParameterName"]: row.get("ParameterValue", "") for row in rows})


def parameters(given: Mapping[str, str]) -> Iterator[str]:
    """Of what the owner of a database's parameter group set."""
    for name, value in given.items():
        if "{" in value:
            yield f"{name}: a share of this machine is not worked out"
        elif "." in name and name != "rds.force_ssl":  # which is said with TLS
            yield f"{name}: it is RDS's own, not PostgreSQL's"


def of_database(instance: Told) -> Iterator[str]:
    """Of one instance of RDS."""
    engine = instance["Engine"]
    return asked_for(
        DATABASE if engine == "postgres" else {f"databases of {engine}: they do not run": ALWAYS}, instance
    )


def of_cache(group: Told) -> Iterator[str]:
    """Of one replication group of ElastiCache."""
    without = {"caches without cluster mode: they do not run": ALWAYS}
    return asked_for(CACHE if group.get("ClusterEnabled") else without, group)
