"""Choose a PostgreSQL instance's parameters, and say of each when it may be applied."""

from collections.abc import Mapping

import pulumi_aws as aws

DEFAULTS: Mapping[str, str] = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": "1000",  # ms: every statement slower than a second is in the log
    "log_lock_waits": "1",
}
# fmt: off
STATIC = frozenset((
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
))
# fmt: on
"""Parameters that count after a restart only: AWS refuses `immediate` for them, and takes `pending-reboot` for others.

PostgreSQL 16 to 18, those that "can only be set at server start", and RDS's own (RDS User Guide, "Working with
parameters on your RDS for PostgreSQL DB instance", apply type static).
"""


def parameter_rows(more: Mapping[str, str]) -> list[aws.rds.ParameterGroupParameterArgs]:
    """Give the defaults, overlaid with *more*, as a parameter group's rows."""
    values = {**DEFAULTS, **more}
    return [
        aws.rds.ParameterGroupParameterArgs(name=name, value=value, apply_method=_apply_method(name))
        for name, value in values.items()
    ]


def _apply_method(parameter: str) -> str:
    return "pending-reboot" if parameter in STATIC else "immediate"
