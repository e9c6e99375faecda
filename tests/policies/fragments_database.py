"""Fragments about databases."""

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def parameter(name, value, **more):
    given = [aws.rds.ParameterGroupParameterArgs(name=name, value=value, **more)]
    return aws.rds.ParameterGroup("parameters", family="postgres17", parameters=given)


@breaks(
    "database-name",
    "aws:rds/instance:Instance 'db': identifier is \"store--primary\"; allowed: 1 to 63 of a-z, 0-9 and -, "
    "a letter first, no -- and no - at the end.",
)
def double_hyphen():
    parts.database(identifier="store--primary")


@breaks(
    "database-name",
    "aws:rds/instance:Instance 'db': identifier is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; allowed: 1 to 63 of a-z, 0-9 '
    "and -, a letter first, no -- and no - at the end.",
)
def database_name_of_64():
    parts.database(identifier="a" * 64)


@keeps("database-name")
def database_name_of_63():
    parts.database(identifier="a" * 63)


@breaks(
    "database-one-password",
    "aws:rds/instance:Instance 'db': password is [secret]; allowed: exactly one of "
    "manageMasterUserPassword, password, passwordWo, replicateSourceDb, snapshotIdentifier.",
)
def two_passwords():
    parts.database(manage_master_user_password=True)


@breaks(
    "database-one-password",
    "aws:rds/instance:Instance 'db': password is not set; allowed: exactly one of "
    "manageMasterUserPassword, password, passwordWo, replicateSourceDb, snapshotIdentifier.",
)
def no_password():
    parts.database(password=None)


@keeps("database-one-password")
def managed_password():
    parts.database(password=None, manage_master_user_password=True)


@breaks(
    "database-password",
    "aws:rds/instance:Instance 'db': password is [secret]; allowed: 8 to 128 printable characters "
    'without / @ " and space.',
)
def at_in_a_password():
    parts.database(password="p@ssword/1")


@breaks(
    "database-password",
    "aws:rds/instance:Instance 'db': password is [secret]; allowed: 8 to 128 printable characters "
    'without / @ " and space.',
)
def password_of_7():
    parts.database(password="a" * 7)


@keeps("database-password")
def password_of_128():
    parts.database(password="a!#?~" * 25 + "abc")


@breaks(
    "database-username",
    "aws:rds/instance:Instance 'db': username is \"admin\"; allowed: a letter, then letters, digits and _; "
    "not admin, rdsadmin or pg_*.",
)
def reserved_user():
    parts.database(username="admin")


@keeps("database-username")
def postgres_himself():
    parts.database(username="postgres")


@breaks(
    "database-db-name",
    "aws:rds/instance:Instance 'db': dbName is \"my-store\"; allowed: a letter, then at most 62 letters, digits and _.",
)
def hyphen_in_a_databases_name():
    parts.database(db_name="my-store")


@keeps("database-db-name")
def db_name_of_63():
    parts.database(db_name="a" * 63)


@breaks(
    "database-class",
    "aws:rds/instance:Instance 'db': instanceClass is \"t4g.medium\"; allowed: db.family.size.",
)
def class_without_db():
    parts.database(instance_class="t4g.medium")


@keeps("database-class")
def large_class():
    parts.database(instance_class="db.r7g.16xlarge")


@breaks(
    "database-storage",
    "aws:rds/instance:Instance 'db': allocatedStorage is 1; allowed: 20 to 65536.",
)
def a_gibibyte():
    parts.database(allocated_storage=1)


@keeps("database-storage")
def as_little_of_gp2_as_can_be():
    parts.database(allocated_storage=5, storage_type="gp2")


@keeps("database-storage")
def as_much_as_can_be():
    parts.database(allocated_storage=65_536)


@breaks(
    "database-storage-growth",
    "aws:rds/instance:Instance 'db': maxAllocatedStorage is 109; allowed: 0, or 110 and more.",
)
def growth_of_nothing():
    parts.database(allocated_storage=100, max_allocated_storage=109)


@keeps("database-storage-growth")
def growth_of_a_tenth():
    parts.database(allocated_storage=100, max_allocated_storage=110)


@breaks(
    "database-small-gp3",
    "aws:rds/instance:Instance 'db': iops is 3000; allowed: not set below 400 GiB of gp3.",
)
def iops_on_a_small_volume():
    parts.database(allocated_storage=399, iops=3000)


@keeps("database-small-gp3")
def iops_on_a_large_volume():
    parts.database(allocated_storage=400, iops=12_000, storage_throughput=500)


@breaks(
    "database-retention",
    "aws:rds/instance:Instance 'db': backupRetentionPeriod is 99; allowed: 0 to 35.",
)
def backups_for_99_days():
    parts.database(backup_retention_period=99)


@keeps("database-retention")
def backups_for_35_days():
    parts.database(backup_retention_period=35)


@breaks(
    "database-has-backups",
    "aws:rds/instance:Instance 'db': backupRetentionPeriod is 0; allowed: 1 to 35.",
)
def no_backups():
    parts.database(backup_retention_period=0)


@breaks(
    "database-replica-of-managed-password",
    "aws:rds/instance:Instance 'replica': replicateSourceDb is \"db\"; allowed: a source without "
    "manageMasterUserPassword.",
)
def replica_of_a_managed_password():
    parts.replica(parts.database(password=None, manage_master_user_password=True))


@keeps("database-replica-of-managed-password")
def replica_of_an_own_password():
    parts.replica(parts.database())


@breaks(
    "database-replica-inherits",
    "aws:rds/instance:Instance 'replica': dbName is \"store\"; allowed: not set on a replica.",
    "aws:rds/instance:Instance 'replica': engine is \"postgres\"; allowed: not set on a replica.",
)
def replica_with_its_own_engine():
    parts.replica(parts.database(), engine="postgres", db_name="store")


@keeps("database-replica-inherits")
def replica_that_grows_with_its_source():
    parts.replica(parts.database(), allocated_storage=20, storage_type="gp3")


@breaks(
    "database-replica-zone",
    "aws:rds/instance:Instance 'replica': availabilityZone is \"us-east-1a\"; allowed: a zone other than db's.",
)
def replica_beside_its_primary():
    parts.replica(parts.database(availability_zone="us-east-1a"), availability_zone="us-east-1a")


@keeps("database-replica-zone")
def replica_elsewhere():
    parts.replica(parts.database(availability_zone="us-east-1a"), availability_zone="us-east-1b")


@breaks(
    "database-replica-count",
    "aws:rds/instance:Instance 'db': replicas is 16; allowed: at most 15.",
)
def replicas_16():
    primary = parts.database()
    for number in range(16):
        parts.replica(primary, f"replica-{number}")


@keeps("database-replica-count")
def replicas_15():
    primary = parts.database()
    for number in range(15):
        parts.replica(primary, f"replica-{number}")


@breaks(
    "database-parameters-fit",
    "aws:rds/instance:Instance 'db': parameterGroupName is \"postgres17\"; allowed: a group of family postgres16.",
)
def parameters_of_another_major():
    parts.database(engine_version="16", parameter_group_name=parameter("log_lock_waits", "1").name)


@keeps("database-parameters-fit")
def parameters_of_its_major():
    parts.database(parameter_group_name=parameter("log_lock_waits", "1").name)


@breaks(
    "database-static-parameters",
    "aws:rds/parameterGroup:ParameterGroup 'parameters': parameters[0].applyMethod is \"max_connections\"; "
    "allowed: pending-reboot.",
)
def static_parameter_at_once():
    parameter("max_connections", "100")


@keeps("database-static-parameters")
def static_parameter_at_a_reboot():
    parameter("max_connections", "100", apply_method="pending-reboot")


@breaks(
    "database-version-is-a-major",
    "aws:rds/instance:Instance 'db': engineVersion is \"17.4\"; allowed: a major version.",
)
def pinned_minor():
    parts.database(engine_version="17.4")


@keeps("database-version-is-a-major")
def pinned_minor_that_stays():
    parts.database(engine_version="17.4", auto_minor_version_upgrade=False)


@keeps("database-version-is-a-major")
def pinned_minor_that_is_ignored():
    parts.database(engine_version="17.4", opts=pulumi.ResourceOptions(ignore_changes=["engineVersion"]))


@breaks(
    "database-final-snapshot",
    "aws:rds/instance:Instance 'db': finalSnapshotIdentifier is not set; allowed: either this or skipFinalSnapshot.",
)
def neither_snapshot_nor_skip():
    parts.database(skip_final_snapshot=False)


@keeps("database-final-snapshot")
def final_snapshot():
    parts.database(skip_final_snapshot=False, final_snapshot_identifier="store-final-1a2b3c")


@breaks(
    "database-windows",
    "aws:rds/instance:Instance 'db': maintenanceWindow is \"sun:03:59-sun:04:59\"; allowed: a window apart "
    "from 03:00-04:00.",
)
def overlapping_windows():
    parts.database(backup_window="03:00-04:00", maintenance_window="sun:03:59-sun:04:59")


@breaks(
    "database-windows",
    "aws:rds/instance:Instance 'db': backupWindow is \"03:00-03:29\"; allowed: a window of 30 minutes or "
    "more in RDS's form.",
)
def short_window():
    parts.database(backup_window="03:00-03:29")


@keeps("database-windows")
def adjacent_windows():
    parts.database(backup_window="03:00-04:00", maintenance_window="sun:04:00-sun:04:30")


@keeps("database-windows")
def windows_around_midnight():
    parts.database(backup_window="23:45-00:15", maintenance_window="sun:00:15-sun:01:15")


@breaks(
    "database-changes-at-once",
    "aws:rds/instance:Instance 'db': applyImmediately is not set; allowed: true.",
)
def database_changes_some_day():
    parts.database(apply_immediately=None)


@breaks(
    "database-encrypted",
    "aws:rds/instance:Instance 'db': storageEncrypted is not set; allowed: true.",
)
def plain_storage():
    parts.database(storage_encrypted=None)


@breaks(
    "database-private",
    "aws:rds/instance:Instance 'db': publiclyAccessible is true; allowed: false.",
)
def public_database():
    parts.database(publicly_accessible=True)


@breaks(
    "database-tls-only",
    'aws:rds/parameterGroup:ParameterGroup \'parameters\': parameters[0].value is "0"; allowed: "1".',
)
def tls_at_will():
    parameter("rds.force_ssl", "0")


@keeps("database-tls-only")
def tls_by_force():
    parameter("rds.force_ssl", "1")


@breaks(
    "database-insights-retention",
    "aws:rds/instance:Instance 'db': performanceInsightsRetentionPeriod is 30; allowed: 7, 31 x 1..23, or 731.",
)
def insights_for_30_days():
    parts.database(performance_insights_enabled=True, performance_insights_retention_period=30)


@keeps("database-insights-retention")
def insights_for_23_months():
    parts.database(performance_insights_enabled=True, performance_insights_retention_period=713)


@breaks(
    "database-insights-advanced",
    "aws:rds/instance:Instance 'db': performanceInsightsRetentionPeriod is not set; allowed: 465 or more "
    "in advanced mode.",
)
def advanced_for_a_week():
    parts.database(database_insights_mode="advanced", performance_insights_enabled=True)


@keeps("database-insights-advanced")
def advanced_for_15_months():
    parts.database(database_insights_mode="advanced", performance_insights_enabled=True,
                   performance_insights_retention_period=465)  # fmt: skip


@breaks(
    "database-monitoring",
    "aws:rds/instance:Instance 'db': monitoringInterval is 2; allowed: 0 or 1 or 5 or 10 or 15 or 30 or 60.",
    "aws:rds/instance:Instance 'db': monitoringRoleArn is not set; allowed: a role's ARN with a monitoring interval.",
)
def measured_every_2_seconds():
    parts.database(monitoring_interval=2)


@keeps("database-monitoring")
def measured_every_second():
    parts.database(monitoring_interval=1, monitoring_role_arn="arn:aws:iam::123456789012:role/monitoring")


@breaks(
    "database-outlives-its-replacement",
    "aws:rds/instance:Instance 'db': deleteBeforeReplace is true; allowed: not set.",
)
def deleted_first():
    parts.database(opts=pulumi.ResourceOptions(delete_before_replace=True))


@breaks(
    "database-timeouts",
    "aws:rds/instance:Instance 'db': customTimeouts.create is \"30m\"; allowed: 40 minutes or more.",
)
def impatient():
    parts.database(opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="30m")))


@keeps("database-timeouts")
def patient():
    parts.database(opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="40m", update="2h")))


@breaks(
    "database-extended-support",
    "aws:rds/instance:Instance 'db': engineLifecycleSupport is not set; allowed: a choice.",
)
def extended_support_by_default():
    parts.database()
