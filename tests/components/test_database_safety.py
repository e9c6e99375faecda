"""What keeps a database's data and its password: backups, snapshots, protection, secrets, who may connect."""

import json
import re

import pytest

from tests.databases import INSTANCE, instances, output, parameters, primary_inputs, program, secret
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def minute_of_week(text):
    """`sun:04:30` -> minutes since Sunday began; `04:30` is Sunday's."""
    *day, hour, minute = text.split(":")
    return (
        ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].index(*day or ["sun"]) * 1440 + int(hour) * 60 + int(minute)
    )


def test_the_password_is_the_secrets_own_and_not_managed_by_rds(deployed):
    urn = deployed.one(INSTANCE, "kept-primary").urn
    assert deployed.monitor.live[urn].inputs["password"] == secret(deployed, "kept")["password"]
    assert "MasterUserSecret" not in instances(deployed, "kept")[0]


def test_the_password_has_the_length_and_the_characters_that_rds_takes(deployed):
    assert re.fullmatch("[A-Za-z0-9]{32}", secret(deployed, "kept")["password"])


def test_the_secret_names_the_user_that_the_primary_knows(deployed):
    assert secret(deployed, "kept")["username"] == instances(deployed, "kept")[0]["MasterUsername"]


def test_the_database_refuses_connections_without_tls(deployed):
    assert parameters(deployed, "spare")["rds.force_ssl"] == ("1", "immediate")


def test_backups_are_kept_in_every_preset(deployed):
    kept = [instances(deployed, database)[0]["BackupRetentionPeriod"] for database in ("kept", "spare")]
    assert kept == [14, 1]


def test_automated_backups_outlive_the_instance_unless_it_is_disposable(deployed):
    kept = [primary_inputs(deployed, database)["deleteAutomatedBackups"] for database in ("kept", "spare")]
    assert kept == [False, True]


def test_the_last_snapshot_is_named_after_this_very_instance(deployed):
    inputs = primary_inputs(deployed, "kept")
    expected = f"{output(deployed, 'kept', 'identifiers')[0]}-final"
    assert (inputs["skipFinalSnapshot"], inputs["finalSnapshotIdentifier"]) == (False, expected)


def test_deletion_protection_is_the_primarys_where_data_is_kept(deployed):
    assert [each["DeletionProtection"] for each in instances(deployed, "kept")] == [True, False, False]
    assert instances(deployed, "spare")[0]["DeletionProtection"] is False


def test_no_instance_is_deleted_before_its_replacement_stands(deployed):
    assert {each.options.delete_before_replace for each in deployed.of_type(INSTANCE)} == {False}


def test_snapshots_carry_the_tags_of_their_instance(deployed):
    assert {each["CopyTagsToSnapshot"] for each in instances(deployed, "kept")} == {True}


def test_backup_and_maintenance_never_overlap(deployed):
    primary = instances(deployed, "kept")[0]
    backup_end = minute_of_week(primary["PreferredBackupWindow"].split("-")[1])
    start, end = (minute_of_week(text) for text in primary["PreferredMaintenanceWindow"].split("-"))
    assert (backup_end <= start, end - start) == (True, 60)


def test_a_sandbox_never_slips_into_paid_extended_support(deployed):
    held = [instances(deployed, database)[0]["EngineLifecycleSupport"] for database in ("kept", "spare")]
    assert held == ["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"]


def test_no_instance_is_reachable_from_the_internet(deployed):
    assert {each["PubliclyAccessible"] for each in instances(deployed, "kept")} == {False}


def test_nobody_reaches_the_database_until_a_rule_says_so(deployed):
    asked = [output(deployed, "kept", "security_group_id")]
    [held] = deployed.client("ec2").describe_security_groups(GroupIds=asked)["SecurityGroups"]
    assert (held["IpPermissions"], held["IpPermissionsEgress"], held["Description"]) == ([], [], "Database")


def test_the_permission_reads_this_databases_secret_and_nothing_else(deployed):
    [statement] = json.loads(output(deployed, "kept", "read_secret_policy"))["Statement"]
    allowed = (["secretsmanager:GetSecretValue"], output(deployed, "kept", "secret_arn"))
    assert (statement["Action"], statement["Resource"]) == allowed


def test_the_recovery_window_of_the_secret_is_the_protections(deployed):
    token = "aws:secretsmanager/secret:Secret"
    kept = [deployed.one(token, f"{database}-secret").inputs["recoveryWindowInDays"] for database in ("kept", "spare")]
    assert kept == [30, 0]
