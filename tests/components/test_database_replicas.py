"""Read replicas as the account holds them: what they inherit, where they stand, and that they may go."""

import pytest

from tests.databases import INSTANCE, alarms, instances, output, primary_inputs, program
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_the_provider_is_told_that_replicas_are_encrypted_lest_it_replace_them(deployed):
    assert deployed.one(INSTANCE, "kept-replica-1").inputs["storageEncrypted"] is True


def test_a_standby_stands_by_the_primary_alone(deployed):
    assert [each["MultiAZ"] for each in instances(deployed, "kept")] == [True, False, False]


def test_a_replica_inherits_what_rds_does_not_let_it_choose(deployed):
    own = {"dbName", "dbSubnetGroupName", "engine", "engineVersion", "iops", "manageMasterUserPassword", "password"}
    own |= {"storageThroughput", "storageType", "username"}
    assert own.isdisjoint(deployed.one(INSTANCE, "kept-replica-1").inputs)


def test_replicas_read_from_the_primary(deployed):
    primary, *replicas = instances(deployed, "kept")
    sources = [each["ReadReplicaSourceDBInstanceIdentifier"] for each in replicas]
    assert sources == [primary["DBInstanceIdentifier"]] * 2


def test_replicas_are_as_big_as_the_primary(deployed):
    assert {each["DBInstanceClass"] for each in instances(deployed, "kept")} == {"db.t4g.medium"}


def test_a_replica_is_told_the_primarys_storage_so_that_it_grows_with_it(deployed):
    told = [each.inputs["allocatedStorage"] for each in deployed.of_type(INSTANCE) if each.name.startswith("kept")]
    assert told == [100] * 3


def test_no_replica_is_pinned_to_a_zone_so_that_they_spread(deployed):
    pinned = ["availabilityZone" in each.inputs for each in deployed.of_type(INSTANCE)]
    assert pinned == [False] * 5
    assert len({each["AvailabilityZone"] for each in instances(deployed, "kept")}) == 3


def test_replicas_are_numbered_so_that_the_last_one_goes_first(deployed):
    roles = [each.name for each in deployed.of_type(INSTANCE) if each.name.startswith("kept-replica")]
    assert sorted(roles) == ["kept-replica-1", "kept-replica-2"]


def test_a_disposable_database_and_a_replica_leave_no_snapshot(deployed):
    spare, replica = primary_inputs(deployed, "spare"), deployed.one(INSTANCE, "kept-replica-1").inputs
    assert [each["skipFinalSnapshot"] for each in (spare, replica)] == [True, True]
    assert "finalSnapshotIdentifier" not in spare


def test_pulumi_protects_the_primary_and_lets_replicas_go(deployed):
    names = ("kept-primary", "kept-replica-1", "spare-primary")
    assert [deployed.one(INSTANCE, name).options.protect for name in names] == [True, False, False]


def test_replicas_alone_have_an_alarm_on_lag_and_silence_is_one(deployed):
    found = alarms(deployed, "ReplicaLag")
    assert sorted(found) == output(deployed, "kept", "identifiers")[1:]
    assert {(each["Threshold"], each["TreatMissingData"]) for each in found.values()} == {(60, "breaching")}


def test_a_lag_is_one_only_after_longer_than_an_idle_primary_keeps_silent(deployed):
    found = alarms(deployed, "ReplicaLag")
    assert {each["Period"] * each["EvaluationPeriods"] for each in found.values()} == {600}


def test_a_database_without_replicas_has_no_reader_hosts(deployed):
    assert output(deployed, "spare", "reader_hosts") == []
