"""RDS: parameters and subnet groups that AWS refuses and moto 5.2.5 takes, and what a standby and monitoring show."""

import hashlib
from typing import Any

from offline.patches.overlay import Answer, Call, Refusal, amends, backend_of, checks

# fmt: off
STATIC = {
    "autovacuum_freeze_max_age", "autovacuum_max_workers", "autovacuum_multixact_freeze_max_age",
    "autovacuum_worker_slots", "commit_timestamp_buffers", "cron.database_name", "cron.max_running_jobs",
    "cron.use_background_workers", "huge_pages", "io_max_combine_limit", "io_max_concurrency", "max_connections",
    "max_files_per_process", "max_locks_per_transaction", "max_logical_replication_workers", "max_notify_queue_pages",
    "max_pred_locks_per_transaction", "max_prepared_transactions", "max_replication_slots", "max_wal_senders",
    "max_worker_processes", "min_dynamic_shared_memory", "multixact_member_buffers", "multixact_offset_buffers",
    "notify_buffers", "old_snapshot_threshold", "pg_stat_statements.max", "rds.custom_dns_resolution",
    "rds.enable_plan_management", "rds.extensions", "rds.logical_replication", "rds.rds_superuser_reserved_connections",
    "reserved_connections", "serializable_buffers", "shared_buffers", "shared_preload_libraries",
    "subtransaction_buffers", "superuser_reserved_connections", "track_activity_query_size", "track_commit_timestamp",
    "transaction_buffers", "wal_buffers", "wal_decode_buffer_size",
}
# fmt: on
"""What RDS for PostgreSQL 16 to 18 applies after a reboot only: "can only be set at server start" in PostgreSQL's own
documentation, and RDS's own parameters of apply type static (RDS User Guide, parameters of RDS for PostgreSQL)."""


@checks("rds", "ModifyDBParameterGroup")
def static_parameters_wait_for_a_reboot(call: Call) -> None:
    """Moto takes a static parameter with the method `immediate`, which AWS refuses."""
    for row in call.params["Parameters"]:
        if row["ParameterName"] in STATIC and row.get("ApplyMethod") == "immediate":
            message = f"cannot use immediate apply method for static parameter: {row['ParameterName']}"
            raise Refusal("InvalidParameterCombination", message)


@checks("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup")
def a_subnet_group_spans_two_zones(call: Call) -> None:
    """Moto takes a group in a single zone."""
    known = backend_of("ec2", call.account_id, call.region).describe_subnets(call.params["SubnetIds"])
    zones = {subnet.availability_zone for subnet in known}
    if len(zones) < 2:
        message = f"The DB subnet group doesn't meet the coverage requirement of 2 zones, got {sorted(zones)}"
        raise Refusal("DBSubnetGroupDoesNotCoverEnoughAZs", message)


@amends("rds", "CreateDBInstance", "CreateDBInstanceReadReplica", "DescribeDBInstances", "ModifyDBInstance")
def what_follows_from_the_settings_is_shown(call: Call, answer: Answer) -> None:
    """Moto shows neither the standby's zone nor where monitoring writes, and has one host name for all accounts."""
    for shown in answer.get("DBInstances", [answer["DBInstance"]] if "DBInstance" in answer else []):
        if shown.get("MultiAZ"):
            shown["SecondaryAvailabilityZone"] = _second_zone(shown)
        if shown.get("MonitoringInterval"):
            stream = f"log-group:RDSOSMetrics:log-stream:{shown['DbiResourceId']}"
            shown["EnhancedMonitoringResourceArn"] = f"arn:aws:logs:{call.region}:{call.account_id}:{stream}"
        if "Endpoint" in shown:
            letters = hashlib.sha256(f"{call.account_id} {call.region}".encode()).hexdigest()[:12]
            address = f"{shown['DBInstanceIdentifier']}.c{letters}.{call.region}.rds.amazonaws.com"
            shown["Endpoint"] = {**shown["Endpoint"], "Address": address}


def _second_zone(shown: dict[str, Any]) -> str:
    subnets = shown.get("DBSubnetGroup", {}).get("Subnets", [])
    zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets} - {shown["AvailabilityZone"]})
    return zones[0] if zones else shown["AvailabilityZone"]
