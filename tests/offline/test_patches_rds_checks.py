"""RDS: what AWS refuses of parameters and subnet groups, and what follows from an instance's settings."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.parts import database_parameters
from offline.account import Account
from offline.patches import rds_checks


def set_parameter(account: Account, name: str, method: str) -> None:
    rds = account.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="store", DBParameterGroupFamily="postgres17", Description="-")
    row = {"ParameterName": name, "ParameterValue": "1", "ApplyMethod": method}
    rds.modify_db_parameter_group(DBParameterGroupName="store", Parameters=[row])


def subnet_group(account: Account, zones: int) -> None:
    subnets = [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"][:zones]]
    account.client("rds").create_db_subnet_group(
        DBSubnetGroupName="data", DBSubnetGroupDescription="-", SubnetIds=subnets
    )


def instance(account: Account) -> dict[str, Any]:
    subnet_group(account, 2)
    rds = account.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="store",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="store",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName="data",
        MultiAZ=True,
        MonitoringInterval=60,
        MonitoringRoleArn="arn:aws:iam::123456789012:role/monitoring",
    )
    return rds.describe_db_instances()["DBInstances"][0]


def test_a_static_parameter_is_not_applied_at_once(account: Account) -> None:
    with pytest.raises(ClientError, match="cannot use immediate apply method for static parameter: max_connections"):
        set_parameter(account, "max_connections", "immediate")


@pytest.mark.parametrize(("name", "method"), [("max_connections", "pending-reboot"), ("rds.force_ssl", "immediate")])
def test_a_parameter_with_its_method_is_taken(account: Account, name: str, method: str) -> None:
    set_parameter(account, name, method)
    shown = account.client("rds").describe_db_parameters(DBParameterGroupName="store", Source="user")["Parameters"]
    assert [(row["ParameterName"], row["ApplyMethod"]) for row in shown] == [(name, method)]


def test_a_subnet_group_in_one_zone_is_refused(account: Account) -> None:
    with pytest.raises(ClientError, match=r"2 zones, got \['us-east-1a'\]"):
        subnet_group(account, 1)


def test_the_standby_is_in_the_other_zone(account: Account) -> None:
    shown = instance(account)
    assert {shown["AvailabilityZone"], shown["SecondaryAvailabilityZone"]} == {"us-east-1a", "us-east-1b"}


def test_enhanced_monitoring_says_where_it_writes(account: Account) -> None:
    shown = instance(account)
    assert shown["EnhancedMonitoringResourceArn"].endswith(f":RDSOSMetrics:log-stream:{shown['DbiResourceId']}")


def test_an_address_is_one_of_the_account_and_region(account: Account) -> None:
    address = instance(account)["Endpoint"]["Address"]
    assert address.startswith("store.c")
    assert address.endswith(".us-east-1.rds.amazonaws.com")
    assert ".aaaaaaaaaa." not in address


def test_moto_still_takes_static_parameters_at_once(shipped: Account) -> None:
    set_parameter(shipped, "max_connections", "immediate")


def test_moto_still_takes_a_subnet_group_in_one_zone(shipped: Account) -> None:
    subnet_group(shipped, 1)


def test_moto_still_shows_no_standby_and_one_host_name(shipped: Account) -> None:
    shown = instance(shipped)
    assert "SecondaryAvailabilityZone" not in shown
    assert ".aaaaaaaaaa." in shown["Endpoint"]["Address"]


def test_the_account_and_the_component_agree_on_what_waits_for_a_reboot() -> None:
    assert rds_checks.STATIC == database_parameters.STATIC  # two lists, since neither room imports the other
