"""The database as the account holds it: engine, storage, parameters, logs, monitoring, outputs."""

import re

import pytest

from components.database import Database
from components.parts.database_parameters import STATIC, parameter_rows
from offline.patches import rds_checks
from tests.databases import INSTANCE, LONG, alarms, instances, output, parameters, primary_inputs, program
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def family(deployed, database):
    name = instances(deployed, database)[0]["DBParameterGroups"][0]["DBParameterGroupName"]
    found = deployed.client("rds").describe_db_parameter_groups(DBParameterGroupName=name)
    return found["DBParameterGroups"][0]["DBParameterGroupFamily"]


def test_storage_is_gp3_without_iops_and_encrypted_everywhere(deployed):
    held = [(each["StorageType"], each["StorageEncrypted"], "Iops" in each) for each in instances(deployed, "kept")]
    assert held == [("gp3", True, False)] * 3


def test_storage_grows_by_itself_up_to_the_ceiling(deployed):
    assert [each["MaxAllocatedStorage"] for each in instances(deployed, "kept")] == [1000, 1000, 1000]


def test_without_a_ceiling_storage_stays_as_it_is(deployed):
    assert "MaxAllocatedStorage" not in instances(deployed, "spare")[0]


def test_the_major_version_is_pinned_and_rds_picks_the_minor_one(deployed):
    primary = instances(deployed, "kept")[0]
    assert primary_inputs(deployed, "kept")["engineVersion"] == "17"
    assert (primary["EngineVersion"].split(".")[0], primary["AutoMinorVersionUpgrade"]) == ("17", True)


def test_the_parameter_family_follows_the_version(deployed):
    assert (family(deployed, "kept"), family(deployed, "spare")) == ("postgres17", "postgres18")


@pytest.mark.parametrize("parameter", ["autovacuum_worker_slots", "max_notify_queue_pages", "reserved_connections"])
def test_a_static_parameter_of_a_newer_major_version_waits_for_the_reboot(parameter):
    [row] = [row for row in parameter_rows({parameter: "7"}) if row.name == parameter]
    assert row.apply_method == "pending-reboot"


def test_the_offline_account_refuses_exactly_what_waits_for_a_reboot():
    assert rds_checks.STATIC == STATIC


def test_a_static_parameter_waits_for_the_reboot_and_a_dynamic_one_does_not(deployed):
    held = parameters(deployed, "kept")
    assert (held["max_connections"], held["work_mem"]) == (("300", "pending-reboot"), ("8192", "immediate"))


def test_statements_slower_than_a_second_are_logged(deployed):
    assert parameters(deployed, "spare")["log_min_duration_statement"] == ("1000", "immediate")


def test_every_birth_of_a_primary_gets_another_name(deployed):
    suffix = deployed.one("random:index/randomId:RandomId", "kept-primary-suffix")
    assert instances(deployed, "kept")[0]["DBInstanceIdentifier"].endswith(f"-{suffix.outputs['hex']}")
    assert suffix.inputs["keepers"] == {"database_name": "store", "username": "store"}


def test_performance_insights_keep_the_seven_days_that_cost_nothing(deployed):
    held = [
        (each["PerformanceInsightsEnabled"], each["PerformanceInsightsRetentionPeriod"], each["DatabaseInsightsMode"])
        for each in instances(deployed, "kept")
    ]
    assert held == [(True, 7, "standard")] * 3


def test_enhanced_monitoring_has_a_role_that_may_write(deployed):
    primary = instances(deployed, "kept")[0]
    role = primary["MonitoringRoleArn"].rsplit("/", 1)[1]
    attached = deployed.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert primary["MonitoringInterval"] == 60
    assert [each["PolicyName"] for each in attached] == ["AmazonRDSEnhancedMonitoringRole"]


def test_without_enhanced_monitoring_there_is_no_role(deployed):
    spare = instances(deployed, "spare")[0]
    assert (spare["MonitoringInterval"], "MonitoringRoleArn" in spare) == (0, False)


def test_every_instances_logs_go_to_groups_that_expire(deployed):
    groups = {
        each["logGroupName"]: each["retentionInDays"]
        for each in deployed.client("logs").describe_log_groups()["logGroups"]
    }
    identifiers = output(deployed, "kept", "identifiers")
    assert groups == {
        f"/aws/rds/instance/{name}/{kind}": 90 for name in identifiers for kind in ("postgresql", "upgrade")
    }
    assert [each["EnabledCloudwatchLogsExports"] for each in instances(deployed, "kept")] == [
        ["postgresql", "upgrade"]
    ] * 3


def test_log_groups_stand_before_the_instance_that_writes_to_them(deployed):
    before = deployed.one(INSTANCE, "kept-replica-2").options.depends_on
    logs = [each.urn for each in deployed.of_type("aws:cloudwatch/logGroup:LogGroup") if "replica-2" in each.name]
    assert (len(logs), set(logs) <= set(before)) == (2, True)


@pytest.mark.parametrize(
    "metric",
    [
        "CPUUtilization",
        "FreeStorageSpace",
        "DatabaseConnections",
        "ReadLatency",
        "WriteLatency",
        "DiskQueueDepth",
        "EBSIOBalance%",
    ],
)
def test_every_instance_has_an_alarm(deployed, metric):
    assert sorted(alarms(deployed, metric)) == sorted(output(deployed, "kept", "identifiers"))


def test_the_connection_alarm_comes_before_the_last_connection(deployed):
    primary = output(deployed, "kept", "identifiers")[0]
    assert alarms(deployed, "DatabaseConnections")[primary]["Threshold"] == 240


def test_the_storage_alarm_comes_at_a_tenth(deployed):
    primary = output(deployed, "kept", "identifiers")[0]
    assert alarms(deployed, "FreeStorageSpace")[primary]["Threshold"] == 10 * 2**30


def test_the_certificate_authority_is_a_choice_and_not_a_default(deployed):
    assert {each["CACertificateIdentifier"] for each in instances(deployed, "kept")} == {"rds-ca-rsa2048-g1"}


def test_changes_happen_now_and_get_the_time_that_they_take(deployed):
    for resource in deployed.of_type(INSTANCE):
        assert resource.inputs["applyImmediately"] is True
        assert resource.options.custom_timeouts == {"create": "90m", "update": "120m", "delete": "60m"}


def test_the_hosts_are_those_of_the_account(deployed):
    writer, *readers = [each["Endpoint"]["Address"] for each in instances(deployed, "kept")]
    assert (output(deployed, "kept", "writer_host"), output(deployed, "kept", "reader_hosts")) == (writer, readers)


def test_port_and_database_name_are_those_of_the_account(deployed):
    primary = instances(deployed, "kept")[0]
    held = (primary["Endpoint"]["Port"], primary["DBName"])
    assert (output(deployed, "kept", "port"), output(deployed, "kept", "database_name")) == held


def test_a_long_name_becomes_an_identifier_that_rds_takes(deployed):
    [identifier] = output(deployed, LONG, "identifiers")
    assert len(identifier) == 63
    assert re.fullmatch("[a-z](-?[a-z0-9])*", identifier)


def test_every_child_belongs_to_its_database(deployed):
    databases = {each.urn for each in deployed.of_type("bigpicture:data:Database")}
    strangers = [each.name for each in deployed.graph.resources if each.custom and each.parent not in databases]
    assert sorted(strangers) == ["data", "subnet-a", "subnet-b", "subnet-c", "vpc"]


def test_the_declared_outputs_are_the_registered_ones(deployed):
    registered = deployed.one("bigpicture:data:Database", "kept").outputs
    assert registered.keys() == Database.__annotations__.keys()
