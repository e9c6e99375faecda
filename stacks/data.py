"""Build what holds the store's data: object stores, sessions, database and sharded tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi

from app.contract import OUTBOX, UPLOADS
from components.database import Database, DatabaseArgs
from components.network import Network
from components.object_store import ObjectStore, ObjectStoreArgs
from components.protection import Protection
from components.session_store import SessionStore, SessionStoreArgs
from components.sharded_table import ShardedTable, ShardedTableArgs
from components.uploaded_files import UploadedFiles, UploadedFilesArgs
from stacks.artifact import Artifact
from stacks.pages import pack_pages
from stacks.release import release
from stacks.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "app" / "pages"
PACKED_PAGES = ROOT / ".bigpicture" / "pages"
UPLOADS_DAYS = 7
"""A picture is resized within minutes of its upload; for a week it can be resized again, by hand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Buckets:
    """Every object store, and what was put into them."""

    pages: ObjectStore
    pictures: ObjectStore
    documents: ObjectStore
    artifacts: ObjectStore
    logs: ObjectStore | None
    artifact: Artifact
    artifact_key: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Data:
    """Every store of records."""

    sessions: SessionStore
    database: Database
    customers: ShardedTable


def protection(settings: Settings) -> Protection:
    """What the environment says may happen to data."""
    p = settings.preset
    return Protection(protect=p.protect, disposable=p.disposable, secret_recovery_days=p.secret_recovery_days)


def buckets(settings: Settings) -> Buckets:
    """One object store per purpose; the app's artifact and the static pages are put in at once."""
    keep, versioned = protection(settings), settings.preset.bucket_versioning
    pages = ObjectStore("pages", ObjectStoreArgs(protection=keep, versioned=versioned, served_by_cdn=True))
    pictures = _expiring("pictures", UPLOADS, UPLOADS_DAYS, settings, served_by_cdn=True)
    documents = _expiring("documents", OUTBOX, settings.preset.log_retention_days, settings)
    artifacts = ObjectStore("artifacts", ObjectStoreArgs(protection=keep, versioned=versioned))
    artifact = release(settings.artifact)
    UploadedFiles("pages-files", UploadedFilesArgs(bucket_name=pages.name, files=pack_pages(PAGES, PACKED_PAGES)))
    packed = UploadedFiles(
        "app-files", UploadedFilesArgs(bucket_name=artifacts.name, files={artifact.key: artifact.path})
    )
    return Buckets(
        pages=pages,
        pictures=pictures,
        documents=documents,
        artifacts=artifacts,
        logs=_logs(settings, keep),
        artifact=artifact,
        artifact_key=packed.keys[artifact.key],
    )


def _expiring(name: str, prefix: str, days: int, settings: Settings, *, served_by_cdn: bool = False) -> ObjectStore:
    """A store that keeps what lies below *prefix* for some *days*, and everything else for ever."""
    args = ObjectStoreArgs(
        protection=protection(settings),
        versioned=settings.preset.bucket_versioning,
        served_by_cdn=served_by_cdn,
        expire_prefix=prefix,
        expire_days=days,
    )
    return ObjectStore(name, args)


def _logs(settings: Settings, keep: Protection) -> ObjectStore | None:
    """Where the load balancer writes whom it answered, for as long as the stack keeps logs."""
    if not settings.preset.access_logs:
        return None
    days = settings.preset.log_retention_days
    return ObjectStore("logs", ObjectStoreArgs(protection=keep, receives_load_balancer_logs=True, expire_days=days))


def data(settings: Settings, network: Network, alarm_topic_arn: pulumi.Output[str]) -> Data:
    """Sessions, database and tables, in subnets that the internet cannot reach."""
    return Data(
        sessions=SessionStore("sessions", _sessions(settings, network, alarm_topic_arn)),
        database=Database("database", _database(settings, network, alarm_topic_arn)),
        customers=ShardedTable("customers", _customers(settings, alarm_topic_arn)),
    )


def _sessions(settings: Settings, network: Network, alarm_topic_arn: pulumi.Output[str]) -> SessionStoreArgs:
    p = settings.preset
    return SessionStoreArgs(
        vpc_id=network.vpc_id,
        subnet_group_name=network.cache_subnet_group_name,
        version=settings.valkey_version,
        node_type=p.cache_node_type,
        shards=p.cache_shards,
        replicas_per_shard=p.cache_replicas_per_shard,
        multi_az=p.cache_multi_az,
        snapshot_days=p.cache_snapshot_days,
        log_retention_days=p.log_retention_days if p.access_logs else None,
        protection=protection(settings),
        alarm_topic_arn=alarm_topic_arn,
    )


def _database(settings: Settings, network: Network, alarm_topic_arn: pulumi.Output[str]) -> DatabaseArgs:
    p = settings.preset
    return DatabaseArgs(
        vpc_id=network.vpc_id,
        subnet_group_name=network.database_subnet_group_name,
        version=settings.postgres_version,
        instance_class=p.database_class,
        storage_gb=p.database_storage_gb,
        max_storage_gb=p.database_max_storage_gb,
        replicas=p.database_replicas,
        multi_az=p.database_multi_az,
        backup_days=p.database_backup_days,
        monitoring_s=p.database_monitoring_s,
        log_retention_days=p.log_retention_days if p.access_logs else None,
        protection=protection(settings),
        alarm_topic_arn=alarm_topic_arn,
    )


def _customers(settings: Settings, alarm_topic_arn: pulumi.Output[str]) -> ShardedTableArgs:
    return ShardedTableArgs(
        shards=settings.preset.table_shards,
        draining=settings.table_shards_draining,
        map_version=settings.table_map_version,
        partition_key="customer_id",
        sort_key="entry",
        ttl_attribute="expires_at",
        point_in_time_recovery=settings.preset.point_in_time_recovery,
        protection=protection(settings),
        alarm_topic_arn=alarm_topic_arn,
    )
