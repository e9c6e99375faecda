"""Rules of RDS instances, their replicas and parameter groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

INSTANCE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
PASSWORD = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105  a type token
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
REPLICAS = f"{GUIDE}USER_ReadRepl.html"
INHERITED = (
    "dbName", "dbSubnetGroupName", "engine", "engineVersion", "manageMasterUserPassword", "password",
    "passwordWo", "username",
)  # fmt: skip
"""What a replica in its source's region takes over from it; the type of its storage it may choose (API_CreateDBInstance
ReadReplica, StorageType). Its size is its own after birth: where nobody raises it
with the source's, the replica fills up (https://github.com/terraform-aws-modules/terraform-aws-rds/pull/534)."""
PASSWORDS = (
    "manageMasterUserPassword", "password", "passwordWo", "replicateSourceDb", "snapshotIdentifier",
    "restoreToPointInTime", "s3Import",
)  # fmt: skip
STATIC = (
    "max_connections", "max_replication_slots", "max_wal_senders", "max_worker_processes", "rds.logical_replication",
    "shared_buffers", "shared_preload_libraries", "track_activity_query_size", "wal_level",
)  # fmt: skip
"""Static parameters of PostgreSQL that people change; RDS takes them at a reboot only."""


@resource_rule(INSTANCE, source=API, fix="write it as allowed, or leave it out: Pulumi makes one")
def database_name(instance: Resource) -> Iterator[Fault]:
    """An instance's identifier has at most 63 lower-case letters, digits and single inner hyphens, a letter first."""
    allowed = "1 to 63 of a-z, 0-9 and -, a letter first, no -- and no - at the end"
    yield from instance.matching("identifier", r"(?!.*--)(?!.*-$)[a-z][a-z0-9-]{0,62}", allowed)


@stack_rule(INSTANCE, source=API, fix="give one of them")
def database_one_password(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A database gets its password in exactly one way, or from what it is made of."""
    if any(_primaries_nearby(instance, stack)):
        return  # database_replica_inherits says it of each that is given
    given = [name for name in PASSWORDS if name in instance and instance.get(name) is not False]
    if len(given) != 1:
        yield instance.fault("password", f"exactly one of {', '.join(PASSWORDS[:5])}", got=given or None)


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}CHAP_Limits.html#RDS_Limits.Constraints",
    fix='choose 8 to 128 characters without / @ " and space',
)
def database_password(instance: Resource) -> Iterator[Fault]:
    """A master password has 8 to 128 printable characters, and none of / @ " and space."""
    password = instance.text("password")
    if password and not re.fullmatch(r"[!#-.0-?A-~]{8,128}", password):
        yield instance.fault("password", '8 to 128 printable characters without / @ " and space')


@resource_rule(INSTANCE, source=API, fix="choose another name, such as store")
def database_username(instance: Resource) -> Iterator[Fault]:
    """A PostgreSQL master user has 1 to 63 letters, digits and _, a letter first, and no reserved name."""
    user = instance.text("username")
    reserved = user.lower() in ("admin", "rdsadmin", "all", "user", "table", "default") or user.startswith("pg_")
    postgres = instance.text("engine") == "postgres"
    if user and postgres and (reserved or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user)):
        yield instance.fault("username", "a letter, then letters, digits and _; not admin, rdsadmin or pg_*")


@resource_rule(INSTANCE, source=API, fix="choose another name of letters, digits and _")
def database_db_name(instance: Resource) -> Iterator[Fault]:
    """A PostgreSQL database's name begins with a letter and has at most 63 letters, digits and _."""
    if instance.text("engine") == "postgres":
        allowed = "a letter, then at most 62 letters, digits and _"
        yield from instance.matching("dbName", r"[A-Za-z_][A-Za-z0-9_]{0,62}", allowed)


@resource_rule(INSTANCE, source=API, fix="use a class of the form db.t4g.medium")
def database_class(instance: Resource) -> Iterator[Fault]:
    """An instance class is spelled db.family.size."""
    yield from instance.matching(
        "instanceClass",
        r"db\.[a-z]\d[a-z0-9]*\.(micro|small|medium|\d*x?large|metal)(\.tpc\d\.mem\dx)?",
        "db.family.size",
    )


@resource_rule(
    INSTANCE,
    source="https://docs.aws.amazon.com/cli/latest/reference/rds/describe-orderable-db-instance-options.html",
    fix="choose a size within the range",
)
def database_storage(instance: Resource) -> Iterator[Fault]:
    """Storage of type gp3 has 20 to 65,536 GiB, and RDS takes gp2, its default, from 5 GiB on."""
    lowest = {"": 5, "gp2": 5, "gp3": 20}.get(instance.text("storageType"))
    if lowest:
        yield from instance.between("allocatedStorage", lowest, 65_536)


@resource_rule(
    INSTANCE, source=f"{GUIDE}USER_PIOPS.Autoscaling.html", fix="raise max_allocated_storage, or set it to 0"
)
def database_storage_growth(instance: Resource) -> Iterator[Fault]:
    """Storage may grow only to a limit at least a tenth above what is allocated."""
    limit, now = instance.number("maxAllocatedStorage"), instance.number("allocatedStorage")
    if limit and now and 10 * limit < 11 * now:
        yield instance.fault("maxAllocatedStorage", f"0, or {-(-11 * now // 10)} and more")


@resource_rule(
    INSTANCE, source=f"{GUIDE}CHAP_Storage.html#gp3-storage", fix="leave iops and storage_throughput out below 400 GiB"
)
def database_small_gp3(instance: Resource) -> Iterator[Fault]:
    """PostgreSQL's gp3 below 400 GiB has a fixed 3000 IOPS: RDS refuses any other number, and that one as well."""
    small = (instance.number("allocatedStorage") or 400) < 400 and instance.text("storageType") == "gp3"
    for name in ("iops", "storageThroughput"):
        if small and name in instance:
            yield instance.fault(name, "not set below 400 GiB of gp3")


@resource_rule(INSTANCE, source=API, fix="use a retention within the range")
def database_retention(instance: Resource) -> Iterator[Fault]:
    """RDS keeps automatic backups for at most 35 days."""
    yield from instance.between("backupRetentionPeriod", 0, 35)


@resource_rule(
    INSTANCE, source=f"{GUIDE}USER_WorkingWithAutomatedBackups.html", fix="set backup_retention_period to 1 or more"
)
def database_has_backups(instance: Resource) -> Iterator[Fault]:
    """Without backups an instance can have no replica, and turning them on waits for a window and restarts it."""
    if "replicateSourceDb" not in instance and not instance.number("backupRetentionPeriod"):
        yield instance.fault("backupRetentionPeriod", "1 to 35")


@stack_rule(INSTANCE, source=REPLICAS, fix="keep the password in a secret of your own")
def database_replica_of_managed_password(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """RDS makes no read replica of a source whose password it manages itself, SQL Server apart."""
    for primary in stack.referred(instance, "replicateSourceDb", INSTANCE):
        if primary.flag("manageMasterUserPassword") and not primary.text("engine").startswith("sqlserver"):
            yield instance.fault("replicateSourceDb", "a source without manageMasterUserPassword", got=primary.name)


@stack_rule(INSTANCE, source=REPLICAS, fix="drop it: the replica takes it over")
def database_replica_inherits(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A replica in its source's region inherits user, engine and network; given again they are refused."""
    for _ in _primaries_nearby(instance, stack):
        yield from (instance.fault(name, "not set on a replica") for name in INHERITED if name in instance)


def _primaries_nearby(replica: Resource, stack: Stack) -> Iterator[Resource]:
    """What a replica in its source's region follows."""
    primaries = stack.referred(replica, "replicateSourceDb", INSTANCE)
    yield from (each for each in primaries if each.options.region == replica.options.region)


@stack_rule(INSTANCE, source=REPLICAS, fix="leave the zone to RDS, or name another", severity=Severity.ADVISORY)
def database_replica_zone(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A replica in its primary's zone falls together with it."""
    for primary in stack.referred(instance, "replicateSourceDb", INSTANCE):
        zone = instance.text("availabilityZone")
        if zone and zone == primary.text("availabilityZone"):
            yield instance.fault("availabilityZone", f"a zone other than {primary.name}'s")


@stack_rule(INSTANCE, source=REPLICAS, fix="delete replicas, or cascade them")
def database_replica_count(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A source has at most 15 read replicas."""
    replicas = stack.referring(INSTANCE, "replicateSourceDb", instance)
    if len(replicas) > 15:
        yield instance.fault("replicas", "at most 15", got=len(replicas))


@stack_rule(
    INSTANCE,
    source=f"{GUIDE}USER_WorkingWithParamGroups.html",
    fix="derive the family from the engine and its major version",
)
def database_parameters_fit(instance: Resource, stack: Stack) -> Iterator[Fault]:
    """A parameter group's family is that of the engine's major version."""
    for group in stack.referred(instance, "parameterGroupName", PARAMETERS):
        family = f"postgres{instance.text('engineVersion').partition('.')[0]}"
        if instance.text("engine") == "postgres" and "engineVersion" in instance and group.text("family") != family:
            yield instance.fault("parameterGroupName", f"a group of family {family}", got=group.text("family"))


@resource_rule(
    PARAMETERS,
    source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html",
    fix='set apply_method="pending-reboot"',
)
def database_static_parameters(group: Resource) -> Iterator[Fault]:
    """A static parameter is taken at a reboot only; RDS refuses to apply it at once."""
    if group.text("family").startswith("postgres"):
        yield from of_each(group.parts("parameters"), _static)


def _static(parameter: Properties) -> Iterator[Fault]:
    if parameter.text("name") in STATIC and parameter.text("applyMethod") in ("", "immediate"):
        yield parameter.fault("applyMethod", "pending-reboot", got=parameter.text("name"))


@resource_rule(PARAMETERS, source=f"{GUIDE}USER_WorkingWithParamGroups.html", fix="use a family such as postgres17")
def database_family(group: Resource) -> Iterator[Fault]:
    """A family is an engine and its major version."""
    form = r"(aurora-)?(postgres(ql)?\d+(\.\d)?|mysql\d\.\d)|mariadb\d+\.\d+|(custom-)?(oracle|sqlserver|db2)-.+"
    yield from group.matching("family", form, "an engine and its major version")
