"""Say what a database is made of, and refuse what RDS would refuse half an hour later."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.parts.connection_limit import connection_limit
from components.parts.refusal import refuse
from components.protection import Protection

VERSIONS = ("16", "17", "18")
MONITORING_S = (0, 1, 5, 10, 15, 30, 60)
MOST_REPLICAS = 15
RESERVED_USERS = ("admin", "rdsadmin")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseArgs:
    """How big the database is, and where it stands. Encryption, database name and user name are for life."""

    vpc_id: pulumi.Input[str]
    subnet_group_name: pulumi.Input[str]
    """Subnets in at least two zones that the internet cannot reach."""
    version: str = "17"
    """Major version; RDS picks the minor one and keeps it up to date."""
    instance_class: str
    """Class of the primary and of every replica, such as db.t4g.small: a smaller replica would stop replaying."""
    storage_gb: int = 20
    """Storage at birth in GiB, 20..399: it never shrinks, and from 400 on gp3 wants IOPS."""
    max_storage_gb: int = 0
    """Storage autoscaling up to here in GiB, at least 1.1 x storage_gb; 0 is off."""
    replicas: int = 0
    """Read replicas, 0..15."""
    multi_az: bool = False
    """A standby of the primary in another zone; it answers no queries."""
    backup_days: int = 7
    """Automated backups, 1..35 days. Never 0: a replica's source needs them, and 0 -> n waits for the window."""
    monitoring_s: int = 0
    """Interval of enhanced monitoring in seconds, one of MONITORING_S; 0 is off."""
    log_retention_days: int | None = None
    """Days that the server's logs are kept in CloudWatch; None exports none."""
    protection: Protection
    alarm_topic_arn: pulumi.Input[str] | None = None
    """SNS topic that hears of trouble; None means no alarms."""
    database_name: str = "store"
    """Letters, digits and `_`, a letter first, at most 63; another one replaces the database."""
    username: str = "store"
    """Master user, 1..16 letters, digits and `_`, a letter first; another one replaces the database."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """PostgreSQL parameters beside, or instead of, those of database_parameters.py."""

    def __post_init__(self) -> None:
        refuse(self, {**_sizes(self), **_names(self)})
        connection_limit(self.instance_class)


def _sizes(args: DatabaseArgs) -> dict[str, tuple[object, str]]:
    autoscaled = args.max_storage_gb == 0 or 1.1 * args.storage_gb <= args.max_storage_gb <= 65_536
    return {
        "storage_gb": (20 <= args.storage_gb <= 399, "20 to 399"),
        "max_storage_gb": (autoscaled, "0, or 1.1 x storage_gb to 65536"),
        "replicas": (0 <= args.replicas <= MOST_REPLICAS, f"0 to {MOST_REPLICAS}"),
        "backup_days": (1 <= args.backup_days <= 35, "1 to 35"),
        "monitoring_s": (args.monitoring_s in MONITORING_S, ", ".join(map(str, MONITORING_S))),
    }


def _names(args: DatabaseArgs) -> dict[str, tuple[object, str]]:
    user = args.username.lower()
    free = not user.startswith("pg_") and user not in RESERVED_USERS
    return {
        "version": (args.version in VERSIONS, f"a major version out of {', '.join(VERSIONS)}"),
        "database_name": (
            re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,62}", args.database_name),
            "a letter, then letters, digits and '_', at most 63",
        ),
        "username": (
            free and re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,15}", args.username),
            "a letter, then letters, digits and '_', at most 16, not pg_..., admin or rdsadmin",
        ),
    }
