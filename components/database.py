"""Run PostgreSQL on RDS: one primary that takes writes, and replicas that only answer reads."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components import names
from components.parts.connection_limit import connection_limit
from components.parts.database_alarms import Watched, watch_instance
from components.parts.database_args import DatabaseArgs
from components.parts.database_monitoring import monitoring_role
from components.parts.database_parameters import parameter_rows
from components.parts.generated_secret import GeneratedSecret, generate_secret
from components.parts.security_group import make_security_group

__all__ = ["Database", "DatabaseArgs", "connection_limit"]

PORT = 5432
LOG_TYPES = ("postgresql", "upgrade")
BACKUP_WINDOW = "03:00-04:00"
MAINTENANCE_WINDOW = "sun:04:30-sun:05:30"
"""UTC, and clear of the backup window: RDS refuses windows that overlap."""
CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
INSIGHTS_DAYS = 7
"""What Performance Insights keeps for nothing."""
EXTENDED_SUPPORT = {True: "open-source-rds-extended-support-disabled", False: "open-source-rds-extended-support"}
"""Whether the database is disposable -> what happens when its version goes out of support: without the first, AWS bills
for extended support."""
SUFFIX_BYTES = 3
TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="120m", delete="60m")
"""Multi-AZ and a big replica take longer than the provider's 40 and 80 minutes; 60 is its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """What the primary and its replicas have in common."""

    security_group: aws.ec2.SecurityGroup
    parameters: aws.rds.ParameterGroup
    monitoring_role_arn: pulumi.Input[str] | None


class Database(pulumi.ComponentResource):
    """A PostgreSQL primary and its read replicas, which only TLS and the secret's password open.

    Nobody reaches them until a rule is added to `security_group_id`. In us-east-1 a db.t4g.small costs 23 USD a month
    and a GiB of storage 0.115 USD; a standby doubles both, and each replica is one more instance.
    """

    writer_host: pulumi.Output[str]
    reader_hosts: pulumi.Output[list[str]]
    """Hosts of the replicas, empty without any: then the primary answers reads too."""
    port: int
    database_name: str
    username: str
    secret_arn: pulumi.Output[str]
    """Secret whose JSON holds `username` and `password`; known once it can be read."""
    read_secret_policy: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    identifiers: list[pulumi.Output[str]]
    """Of the primary, then of the replicas."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:Database", name, None, opts)
        secret = generate_secret(self, name, args.protection, lambda key: {"username": args.username, "password": key})
        place = self._place(name, args)
        primary = self._primary(name, args, place, secret)
        replicas = self._replicas(name, args, place, primary)
        self.writer_host, self.port = primary.address, PORT
        self.reader_hosts = pulumi.Output.all(*(replica.address for replica in replicas)).apply(list)
        self.database_name, self.username = args.database_name, args.username
        self.secret_arn, self.read_secret_policy = secret.arn, secret.read_policy
        self.security_group_id = place.security_group.id
        self.identifiers = [instance.identifier for instance in (primary, *replicas)]
        self.register_outputs({output: getattr(self, output) for output in Database.__annotations__})

    def _place(self, name: str, args: DatabaseArgs) -> _Place:
        security_group = make_security_group(self, args.vpc_id, "Database", name, "instances")
        parameters = aws.rds.ParameterGroup(
            names.logical(aws.rds.ParameterGroup, name, "parameters"),
            family=f"postgres{args.version}",
            description="Database",
            parameters=parameter_rows(args.parameters),
            opts=pulumi.ResourceOptions(parent=self),
        )
        role_arn = monitoring_role(self, name, args.monitoring_s)
        return _Place(security_group=security_group, parameters=parameters, monitoring_role_arn=role_arn)

    def _primary(self, name: str, args: DatabaseArgs, place: _Place, secret: GeneratedSecret) -> aws.rds.Instance:
        identifier = self._identifier(name, "primary", args)
        return self._instance(
            name,
            "primary",
            args,
            place,
            identifier,
            **_engine(args),
            **_safety(args, identifier),
            db_name=args.database_name,
            username=args.username,
            password=secret.password,
            db_subnet_group_name=args.subnet_group_name,
            multi_az=args.multi_az,
        )

    def _replicas(
        self, name: str, args: DatabaseArgs, place: _Place, primary: aws.rds.Instance
    ) -> list[aws.rds.Instance]:
        """Numbered from 1, so that fewer replicas means that the last ones go. RDS spreads them over the zones."""
        roles = [f"replica-{number}" for number in range(1, args.replicas + 1)]
        return [
            self._instance(
                name,
                role,
                args,
                place,
                self._identifier(name, role, args),
                replicate_source_db=primary.identifier,
                allocated_storage=args.storage_gb,  # it is born with its source's; untold, it would not grow with it
                skip_final_snapshot=True,  # a replica has nothing that the primary lacks, and RDS refuses one
            )
            for role in roles
        ]

    def _identifier(self, name: str, role: str, args: DatabaseArgs) -> pulumi.Output[str]:
        """A name of its own for each birth: known before the instance, whose log groups must be there first.

        A replacement gets another, so that neither the instance nor its final snapshot meets its predecessor's.
        """
        token = aws.rds.Instance
        suffix = random.RandomId(
            f"{name}-{role}-suffix",
            byte_length=SUFFIX_BYTES,
            keepers={"database_name": args.database_name, "username": args.username},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.concat(names.logical(token, pulumi.get_stack(), name, role), "-", suffix.hex)

    def _instance(
        self, name: str, role: str, args: DatabaseArgs, place: _Place, identifier: pulumi.Output[str], **own: Any
    ) -> aws.rds.Instance:
        """Make one instance, after the log groups that it writes to, and before the alarms that watch it."""
        is_replica = role != "primary"
        instance = aws.rds.Instance(
            names.logical(aws.rds.Instance, name, role),
            identifier=identifier,
            **_alike(args, place),
            **own,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self._log_groups(name, role, args, identifier),
                protect=args.protection.protect and not is_replica,  # fewer replicas is how a stack scales down
                custom_timeouts=TIMEOUTS,
            ),
        )
        watched = Watched(connections=_connections(args), storage_gb=args.storage_gb, is_replica=is_replica)
        watch_instance(self, f"{name}-{role}", instance.identifier, watched, args.alarm_topic_arn)
        return instance

    def _log_groups(
        self, name: str, role: str, args: DatabaseArgs, identifier: pulumi.Output[str]
    ) -> list[aws.cloudwatch.LogGroup]:
        """RDS makes the groups that it misses, and those never expire."""
        return [
            aws.cloudwatch.LogGroup(
                names.logical(aws.cloudwatch.LogGroup, name, role, log_type),
                name=pulumi.Output.concat("/aws/rds/instance/", identifier, "/", log_type),
                retention_in_days=args.log_retention_days,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for log_type in _log_types(args)
        ]


def _connections(args: DatabaseArgs) -> int:
    """What the parameter says, or the class; a formula in the parameter counts as the class's own."""
    asked = args.parameters.get("max_connections", "")
    return int(asked) if asked.isdigit() else connection_limit(args.instance_class)


def _log_types(args: DatabaseArgs) -> tuple[str, ...]:
    return LOG_TYPES if args.log_retention_days else ()


def _engine(args: DatabaseArgs) -> dict[str, Any]:
    """What a replica inherits, and so must not be told. No IOPS: gp3 takes none under 400 GiB."""
    return {
        "engine": "postgres",
        "engine_version": args.version,
        "allow_major_version_upgrade": True,  # an upgrade is asked for in `version` alone; it cannot be undone
        "engine_lifecycle_support": EXTENDED_SUPPORT[args.protection.disposable],
        "storage_type": "gp3",
        "allocated_storage": args.storage_gb,
    }


def _safety(args: DatabaseArgs, identifier: pulumi.Output[str]) -> dict[str, Any]:
    """What keeps the data: backups (a replica's source must have them), and a snapshot at the end."""
    disposable = args.protection.disposable
    return {
        "backup_retention_period": args.backup_days,
        "backup_window": BACKUP_WINDOW,
        "delete_automated_backups": disposable,
        "deletion_protection": args.protection.protect,
        "skip_final_snapshot": disposable,
        "final_snapshot_identifier": None if disposable else pulumi.Output.concat(identifier, "-final"),
    }


def _alike(args: DatabaseArgs, place: _Place) -> dict[str, Any]:
    """What every instance is told. Without `storage_encrypted` the provider would replace an encrypted replica."""
    return {
        "instance_class": args.instance_class,
        "storage_encrypted": True,
        "max_allocated_storage": args.max_storage_gb or None,
        "parameter_group_name": place.parameters.name,
        "vpc_security_group_ids": [place.security_group.id],
        "publicly_accessible": False,
        "port": PORT,
        "ca_cert_identifier": CERTIFICATE_AUTHORITY,
        "auto_minor_version_upgrade": True,
        "copy_tags_to_snapshot": True,
        "maintenance_window": MAINTENANCE_WINDOW,
        "apply_immediately": True,  # else a change waits for the maintenance window while Pulumi reports success
        "database_insights_mode": "standard",
        "performance_insights_enabled": True,
        "performance_insights_retention_period": INSIGHTS_DAYS,
        "monitoring_interval": args.monitoring_s,
        "monitoring_role_arn": place.monitoring_role_arn,
        "enabled_cloudwatch_logs_exports": list(_log_types(args)),
    }
