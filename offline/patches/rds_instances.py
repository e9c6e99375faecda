"""RDS instances: moto 5.2.5 drops settings, gives all one resource id, and makes a replica the twin of its primary.

Measured on moto 5.2.5: DbiResourceId is one constant; Performance Insights, database insights and extended support are
accepted and forgotten; the version stays `17` where AWS runs a minor one; a replica is a copy of the primary, with its
standby, its backups, its deletion protection and its zone.
"""

from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.models import DBInstance, RDSBackend

from offline.patches.overlay import Call, Refusal, checks
from offline.patches.swap import replaces

RESOURCE_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MINOR_VERSIONS = {"postgres": {"16": "16.10", "17": "17.6", "18": "18.1"}}
"""The default minor version of a major one: Amazon RDS for PostgreSQL release notes, November 2025."""
FORGOTTEN: dict[str, Any] = {
    "database_insights_mode": "standard",
    "engine_lifecycle_support": "open-source-rds-extended-support",
    "enable_performance_insights": False,
    "performance_insights_retention_period": None,
}
"""Parameter that moto drops -> what AWS shows when it was not given."""
NOT_INHERITED: dict[str, Any] = {
    "backup_retention_period": 0,
    "copy_tags_to_snapshot": False,
    "deletion_protection": False,
    "enabled_cloudwatch_logs_exports": [],
    "monitoring_interval": 0,
    "monitoring_role_arn": None,
    "multi_az": False,
}
"""What a replica does not take from its source: API reference, CreateDBInstanceReadReplica."""


def _remember(database: DBInstance, asked: dict[str, Any]) -> None:
    for name, default in FORGOTTEN.items():
        value = asked.get(name)
        if value is not None or not hasattr(database, name):
            setattr(database, name, default if value is None else value)
    vars(database)["performance_insights_enabled"] = vars(database)["enable_performance_insights"]


def _new_resource_id() -> str:
    return "db-" + "".join(mock_random.choice(RESOURCE_ID_LETTERS) for _ in range(26))


@replaces(RDSBackend, "create_db_instance")
def a_primary_is_its_own(original: Any, backend: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    """Give it a resource id and a minor version, and keep what moto would forget."""
    minor = MINOR_VERSIONS.get(db_kwargs["engine"], {})
    version = db_kwargs.get("engine_version") or next(iter(minor), None)
    asked = {**db_kwargs, "engine_version": minor.get(version or "", version)}
    database = original(backend, asked)
    database.dbi_resource_id = _new_resource_id()
    _remember(database, asked)
    return database


@replaces(RDSBackend, "create_db_instance_read_replica")
def a_replica_is_its_own(original: Any, backend: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    """Start from the source's data and AWS's defaults, in the next zone of the subnet group."""
    database = original(backend, {**NOT_INHERITED, **_renamed(db_kwargs)})
    database.dbi_resource_id = _new_resource_id()
    for name in FORGOTTEN.keys() - {"engine_lifecycle_support"}:
        vars(database).pop(name, None)
    _remember(database, db_kwargs)
    if "availability_zone" not in db_kwargs:
        database.availability_zone = _next_zone(backend, database)
    return database


def _renamed(asked: dict[str, Any]) -> dict[str, Any]:
    """Moto's modify takes log exports under another name than its create."""
    exports = list(asked.get("enable_cloudwatch_logs_exports", []))
    return {**asked, "enabled_cloudwatch_logs_exports": exports}


def _next_zone(backend: RDSBackend, replica: DBInstance) -> str:
    subnets = replica.db_subnet_group.subnets if hasattr(replica, "db_subnet_group") else []
    zones = sorted({subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets}) or [replica.availability_zone]
    primary = backend.find_db_from_id(replica.source_db_instance_identifier or "")
    first = zones.index(primary.availability_zone) if primary.availability_zone in zones else 0
    return zones[(first + len(primary.replicas)) % len(zones)]


@replaces(DBInstance, "update")
def a_change_is_kept(original: Any, database: DBInstance, **asked: Any) -> None:
    """Keep what moto would forget of ModifyDBInstance, too."""
    original(database, **asked)
    _remember(database, asked)


@checks("rds", "CreateDBInstanceReadReplica")
def a_source_can_be_replicated(call: Call) -> None:
    """Refuse a source without backups or with a managed password: AWS refuses both, moto neither.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html (limitations)
    """
    source = call.backend.databases.get(call.params["SourceDBInstanceIdentifier"])
    if source is not None and not source.backup_retention_period:
        raise Refusal("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
    if source is not None and source.manage_master_user_password:
        raise Refusal("InvalidDBInstanceState", "The source manages its master password in AWS Secrets Manager.")
