"""Rules of how RDS instances are run: windows, versions, snapshots, encryption, measurement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule
from policies.rules.database import API, GUIDE, INSTANCE, PARAMETERS
from policies.values import Fault, Properties, apart, of_each

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
INSIGHTS = {7, 731, *(31 * months for months in range(1, 24))}
MONITORING = (0, 1, 5, 10, 15, 30, 60)


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_UpgradeDBInstance.PostgreSQL.html",
    fix='give the major version alone, such as "17", or ignore engineVersion',
    severity=Severity.ADVISORY,
)
def database_version_is_a_major(instance: Resource) -> Iterator[Fault]:
    """RDS raises the minor version by itself: one that is pinned becomes a downgrade, which is refused."""
    follows = (
        instance.get("autoMinorVersionUpgrade") is not False and "engineVersion" not in instance.options.ignore_changes
    )
    if follows and instance.text("engine") == "postgres" and "." in instance.text("engineVersion"):
        yield instance.fault("engineVersion", "a major version")


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_DeleteInstance.html",
    fix="give a final_snapshot_identifier that is new each time, or skip_final_snapshot=True",
)
def database_final_snapshot(instance: Resource) -> Iterator[Fault]:
    """A database is deleted with a final snapshot or without; Pulumi fails at the very end when neither is said."""
    skipped = instance.flag("skipFinalSnapshot")
    if "replicateSourceDb" in instance:
        if not skipped:
            yield instance.fault("skipFinalSnapshot", "true on a replica")
    elif skipped is ("finalSnapshotIdentifier" in instance):
        yield instance.fault("finalSnapshotIdentifier", "either this or skipFinalSnapshot")


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_DeleteInstance.html",
    fix="end it in a RandomId's hex, which is new with each creation",
    severity=Severity.ADVISORY,
)
def database_snapshot_is_new(instance: Resource) -> Iterator[Fault]:
    """A final snapshot of a fixed name can be made once: the second destroy fails (DBSnapshotAlreadyExists)."""
    if "finalSnapshotIdentifier" in instance and not instance.dependencies.get("finalSnapshotIdentifier"):
        yield instance.fault("finalSnapshotIdentifier", "a name with something random in it")


@resource_rule(
    INSTANCE,
    source=API,
    fix="write windows as hh24:mi-hh24:mi and ddd:hh24:mi-ddd:hh24:mi in UTC, apart from each other",
)
def database_windows(instance: Resource) -> Iterator[Fault]:
    """The backup window and the maintenance window have their forms, 30 minutes at least, and may not overlap."""
    yield from _window(instance, "backupWindow", _backup)
    yield from _window(instance, "maintenanceWindow", _upkeep)
    backup, upkeep = _backup(instance.text("backupWindow")), _upkeep(instance.text("maintenanceWindow"))
    if backup and upkeep and any(_overlap(_shifted(backup, day), upkeep) for day in range(-1, 8)):
        yield instance.fault("maintenanceWindow", f"a window apart from {instance.text('backupWindow')}")


@apart
def _window(instance: Resource, path: str, parse: Callable[[str], object]) -> Iterator[Fault]:
    if path in instance and parse(instance.text(path)) is None:
        yield instance.fault(path, "a window of 30 minutes or more in RDS's form")


@resource_rule(INSTANCE, source=API, fix="set apply_immediately=True", severity=Severity.ADVISORY)
def database_changes_at_once(instance: Resource) -> Iterator[Fault]:
    """Without it a change waits for the maintenance window: the update says done, and nothing has happened."""
    yield from instance.must_be("applyImmediately", True)


@resource_rule(INSTANCE, source=f"{GUIDE}Overview.Encryption.html", fix="set storage_encrypted=True")
def database_encrypted(instance: Resource) -> Iterator[Fault]:
    """Storage is encrypted from birth or, by way of a snapshot and a new instance, much later."""
    if "replicateSourceDb" not in instance:
        yield from instance.must_be("storageEncrypted", True)


@resource_rule(
    INSTANCE, source=f"{GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html", fix="set publicly_accessible=False"
)
def database_private(instance: Resource) -> Iterator[Fault]:
    """A database with a public address is one security group away from the internet."""
    if instance.flag("publiclyAccessible"):
        yield instance.fault("publiclyAccessible", "false")


@resource_rule(PARAMETERS, source=f"{GUIDE}PostgreSQL.Concepts.General.SSL.html", fix='set rds.force_ssl to "1"')
def database_tls_only(group: Resource) -> Iterator[Fault]:
    """With rds.force_ssl at 0 the database talks in the clear to whoever asks for it."""
    yield from of_each(group.parts("parameters"), _tls)


def _tls(parameter: Properties) -> Iterator[Fault]:
    if parameter.text("name") == "rds.force_ssl":
        yield from parameter.must_be("value", "1")


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_PerfInsights.Overview.cost.html",
    fix="use 7, a multiple of 31 up to 713, or 731 days",
)
def database_insights_retention(instance: Resource) -> Iterator[Fault]:
    """Performance Insights keeps its data for 7 days, whole months of 31 days, or 731 days."""
    days = instance.number("performanceInsightsRetentionPeriod")
    if days is not None and days not in INSIGHTS:
        yield instance.fault("performanceInsightsRetentionPeriod", "7, 31 x 1..23, or 731")


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_DatabaseInsights.TurningOnAdvanced.html",
    fix="turn Performance Insights on with 465 days or more",
)
def database_insights_advanced(instance: Resource) -> Iterator[Fault]:
    """The advanced mode of Database Insights needs Performance Insights on, kept for 465 days or more."""
    kept = instance.number("performanceInsightsRetentionPeriod") or 7
    enough = kept >= 465 and instance.flag("performanceInsightsEnabled")
    if instance.text("databaseInsightsMode") == "advanced" and not enough:
        yield instance.fault("performanceInsightsRetentionPeriod", "465 or more in advanced mode")


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}USER_Monitoring.OS.Enabling.html",
    fix="use one of the intervals, with monitoring_role_arn",
)
def database_monitoring(instance: Resource) -> Iterator[Fault]:
    """Enhanced monitoring measures every 1, 5, 10, 15, 30 or 60 s, in the name of a role."""
    yield from instance.one_of("monitoringInterval", *MONITORING)
    if instance.number("monitoringInterval") and "monitoringRoleArn" not in instance:
        yield instance.fault("monitoringRoleArn", "a role's ARN with a monitoring interval")


@resource_rule(
    INSTANCE,
    source="https://www.pulumi.com/docs/iac/concepts/options/deletebeforereplace/",
    fix="drop delete_before_replace",
)
def database_outlives_its_replacement(instance: Resource) -> Iterator[Fault]:
    """A database that is deleted before its replacement stands is gone when the replacement fails."""
    if instance.options.delete_before_replace:
        yield instance.fault("deleteBeforeReplace", "not set", got=True)


@resource_rule(
    INSTANCE,
    source="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#timeouts",
    fix="raise the timeout, or leave it out",
)
def database_timeouts(instance: Resource) -> Iterator[Fault]:
    """A timeout below the provider's own (create 40, update 80, delete 60 minutes) breaks good deployments."""
    for name, least in (("create", 40), ("update", 80), ("delete", 60)):
        minutes = _minutes(instance.options.custom_timeouts.get(name, ""))
        if minutes is not None and minutes < least:
            yield instance.fault(
                f"customTimeouts.{name}", f"{least} minutes or more", got=instance.options.custom_timeouts[name]
            )


@resource_rule(
    INSTANCE,
    source=f"{GUIDE}extended-support.html",
    fix='set engine_lifecycle_support="open-source-rds-extended-support-disabled"',
    severity=Severity.ADVISORY,
)
def database_extended_support(instance: Resource) -> Iterator[Fault]:
    """By default an outlived version is kept running for extra money per core and hour."""
    if "replicateSourceDb" not in instance and "engineLifecycleSupport" not in instance:
        yield instance.fault("engineLifecycleSupport", "a choice")


def _backup(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        return None
    begin, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    end += 1440 * (end <= begin)
    return (begin, end) if end - begin >= 30 else None


def _upkeep(text: str) -> tuple[int, int] | None:
    day = f"({'|'.join(DAYS)})"
    clock = r"([01]\d|2[0-3]):([0-5]\d)"
    found = re.fullmatch(f"{day}:{clock}-{day}:{clock}", text.lower())
    if not found:
        return None
    begin = DAYS.index(found[1]) * 1440 + int(found[2]) * 60 + int(found[3])
    end = DAYS.index(found[4]) * 1440 + int(found[5]) * 60 + int(found[6])
    end += 7 * 1440 * (end <= begin)
    return (begin, end) if 30 <= end - begin <= 1440 else None


def _shifted(window: tuple[int, int], days: int) -> tuple[int, int]:
    return window[0] + days * 1440, window[1] + days * 1440


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _minutes(text: str) -> float | None:
    found = re.findall(r"([\d.]+)(h|m(?!s)|s)", text)
    return sum(float(number) * {"h": 60, "m": 1, "s": 1 / 60}[unit] for number, unit in found) if found else None
