"""RDS: parameters and subnet groups that AWS refuses and moto 5.2.5 takes, and what a standby and monitoring show."""

import hashlib
from typing import Any

from offline.patches.overlay import Answer, Call, Refusal, amends, backend_of, checks

# fmt: off
STATIC = {
    "autovacuum_freeze_max_age", "autovacuum_max_workers", "huge_pages", "max_connections",
    "max_locks_per_transaction", "max_logical_replication_workers", "max_prepared_transactions",
    "max_replication_slots", "max_wal_senders", "max_worker_processes", "rds.logical_replication", "shared_buffers",
    "shared_preload_libraries", "track_activity_query_size", "wal_buffers",
}
# fmt: on
"""What RDS for PostgreSQL applies after a reboot only: `describe-engine-default-parameters`, apply type static."""


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
