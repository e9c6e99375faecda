"""RDS instances as AWS answers them, and the day on which moto no longer needs the correction."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

SETTINGS: dict[str, Any] = {
    "Engine": "postgres",
    "EngineVersion": "17",
    "DBInstanceClass": "db.t4g.small",
    "AllocatedStorage": 20,
    "MasterUsername": "store",
    "MasterUserPassword": "a-password",
    "BackupRetentionPeriod": 7,
    "DeletionProtection": True,
    "MultiAZ": True,
    "EnablePerformanceInsights": True,
    "PerformanceInsightsRetentionPeriod": 7,
    "DatabaseInsightsMode": "standard",
    "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
}


def make(account: Account, **more: Any) -> dict[str, Any]:
    """Make `primary` in three zones, and read it back."""
    rds, ec2 = account.client("rds"), account.client("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:3]]
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="-", SubnetIds=subnets)
    rds.create_db_instance(DBInstanceIdentifier="primary", DBSubnetGroupName="data", **{**SETTINGS, **more})
    return read(account, "primary")


def replicate(account: Account, name: str, **more: Any) -> dict[str, Any]:
    rds = account.client("rds")
    rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier="primary", **more)
    return read(account, name)


def read(account: Account, name: str) -> dict[str, Any]:
    return account.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_insights_and_extended_support_are_read_back(account):
    held = make(account)
    assert (held["PerformanceInsightsEnabled"], held["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    assert held["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"


def test_moto_still_forgets_insights_and_extended_support(shipped):
    assert {"PerformanceInsightsEnabled", "EngineLifecycleSupport"}.isdisjoint(make(shipped))


def test_a_major_version_becomes_a_minor_one(account):
    assert make(account)["EngineVersion"] == "17.6"


def test_moto_still_runs_the_major_version_itself(shipped):
    assert make(shipped)["EngineVersion"] == "17"


def test_every_instance_has_a_resource_id_of_its_own(account):
    made = [make(account), replicate(account, "one"), replicate(account, "two")]
    assert len({each["DbiResourceId"] for each in made}) == 3


def test_moto_still_gives_every_instance_one_resource_id(shipped):
    assert len({make(shipped)["DbiResourceId"], replicate(shipped, "one")["DbiResourceId"]}) == 1


def test_an_instance_is_found_by_its_resource_id(account):
    asked = [{"Name": "dbi-resource-id", "Values": [make(account)["DbiResourceId"]]}]
    found = account.client("rds").describe_db_instances(Filters=asked)["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in found] == ["primary"]


def test_a_replica_does_not_take_the_standby_the_backups_or_the_protection_of_its_source(account):
    make(account)
    held = replicate(account, "one")
    assert (held["MultiAZ"], held["BackupRetentionPeriod"], held["DeletionProtection"]) == (False, 0, False)
    assert held["PerformanceInsightsEnabled"] is False


def test_moto_still_makes_a_replica_the_twin_of_its_source(shipped):
    make(shipped)
    held = replicate(shipped, "one")
    assert (held["MultiAZ"], held["BackupRetentionPeriod"], held["DeletionProtection"]) == (True, 7, True)


def test_replicas_stand_in_the_other_zones(account):
    zones = [each["AvailabilityZone"] for each in (make(account), replicate(account, "one"), replicate(account, "two"))]
    assert len(set(zones)) == 3


def test_a_source_without_backups_has_no_replicas(account):
    make(account, BackupRetentionPeriod=0)
    with pytest.raises(ClientError, match="Automated backups are not enabled"):
        replicate(account, "one")


def test_a_source_with_a_managed_password_has_no_replicas(account):
    del (managed := {**SETTINGS})["MasterUserPassword"]
    account.client("rds").create_db_instance(DBInstanceIdentifier="primary", ManageMasterUserPassword=True, **managed)
    with pytest.raises(ClientError, match="manages its master password"):
        replicate(account, "one")


def test_moto_still_replicates_a_source_without_backups(shipped):
    make(shipped, BackupRetentionPeriod=0)
    assert replicate(shipped, "one")["ReadReplicaSourceDBInstanceIdentifier"] == "primary"


def test_a_change_of_insights_is_kept(account):
    make(account)
    account.client("rds").modify_db_instance(DBInstanceIdentifier="primary", EnablePerformanceInsights=False)
    assert read(account, "primary")["PerformanceInsightsEnabled"] is False
