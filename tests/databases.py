"""Databases for tests to read back: one that is kept, with replicas, one that is disposable, one with a long name."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws

from components.database import Database, DatabaseArgs
from components.protection import Protection
from tests.deploying import REGION, Deployed
from tests.surroundings import network

SANDBOX = Protection(protect=False, disposable=True, secret_recovery_days=0)
INSTANCE = "aws:rds/instance:Instance"
DATABASE = "bigpicture:data:Database"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:alarms"
LONG = "Everything_the--shop-knows-about-customers-in-every-country-"


def program() -> None:
    """Three databases in one VPC with three zones."""
    vpc_id, subnet_ids = network("abc")
    group = aws.rds.SubnetGroup("data", subnet_ids=subnet_ids)
    place: dict[str, Any] = {"vpc_id": vpc_id, "subnet_group_name": group.name, "instance_class": "db.t4g.medium"}
    kept = DatabaseArgs(
        **place,
        version="17",
        storage_gb=100,
        max_storage_gb=1000,
        replicas=2,
        multi_az=True,
        backup_days=14,
        monitoring_s=60,
        log_retention_days=90,
        protection=Protection(),
        alarm_topic_arn=TOPIC,
        parameters={"max_connections": "300", "work_mem": "8192"},
    )
    Database("kept", kept)
    Database("spare", DatabaseArgs(**place, version="18", backup_days=1, protection=SANDBOX))
    Database(LONG, DatabaseArgs(**place, protection=SANDBOX))


def output(deployed: Deployed, database: str, name: str) -> Any:
    """One registered output of a database."""
    return deployed.one(DATABASE, database).outputs[name]


def instances(deployed: Deployed, database: str) -> list[dict[str, Any]]:
    """The primary, then its replicas, as the account holds them."""
    describe = deployed.client("rds").describe_db_instances
    asked = output(deployed, database, "identifiers")
    return [describe(DBInstanceIdentifier=identifier)["DBInstances"][0] for identifier in asked]


def primary_inputs(deployed: Deployed, database: str) -> dict[str, Any]:
    """What the primary was asked for: the only place for what AWS never shows."""
    return deployed.one(INSTANCE, f"{database}-primary").inputs


def secret(deployed: Deployed, database: str) -> dict[str, str]:
    """The value of a database's secret."""
    held = deployed.client("secretsmanager").get_secret_value(SecretId=output(deployed, database, "secret_arn"))
    return json.loads(held["SecretString"])


def parameters(deployed: Deployed, database: str) -> dict[str, tuple[str, str]]:
    """The primary's own parameters: name -> value, and when it is applied."""
    name = instances(deployed, database)[0]["DBParameterGroups"][0]["DBParameterGroupName"]
    rows = deployed.client("rds").describe_db_parameters(DBParameterGroupName=name)["Parameters"]
    return {row["ParameterName"]: (row["ParameterValue"], row["ApplyMethod"]) for row in rows}


def alarms(deployed: Deployed, metric: str) -> dict[str, dict[str, Any]]:
    """Alarms of one metric, by the instance that they watch."""
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {alarm["Dimensions"][0]["Value"]: alarm for alarm in found if alarm["MetricName"] == metric}
