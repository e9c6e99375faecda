"""RDS resources in the offline account: what is asked for is what boto3 reads back."""

import pulumi_aws as aws
import pytest

from tests.deploying import deploy
from tests.surroundings import network

INSTANCE = "aws:rds/instance:Instance"


def program():
    group = aws.rds.SubnetGroup("data", subnet_ids=network("ab")[1], description="two zones", tags={"box": "data"})
    force_tls = aws.rds.ParameterGroupParameterArgs(name="rds.force_ssl", value="1", apply_method="immediate")
    parameters = aws.rds.ParameterGroup("data", family="postgres17", description="tls", parameters=[force_tls])
    primary = aws.rds.Instance(
        "primary",
        identifier="primary",
        engine="postgres",
        engine_version="17",
        instance_class="db.t4g.small",
        allocated_storage=20,
        max_allocated_storage=0,
        storage_type="gp3",
        storage_encrypted=True,
        username="store",
        password="a-password",
        db_name="store",
        db_subnet_group_name=group.name,
        parameter_group_name=parameters.name,
        backup_retention_period=7,
        monitoring_interval=0,
        publicly_accessible=False,
        skip_final_snapshot=True,
        tags={"box": "data"},
    )
    aws.rds.Instance(
        "replica",
        identifier="replica",
        replicate_source_db=primary.identifier,
        instance_class="db.t4g.medium",
        storage_encrypted=True,
        parameter_group_name=parameters.name,
        maintenance_window="mon:04:30-mon:05:30",
        enabled_cloudwatch_logs_exports=["postgresql"],
        skip_final_snapshot=True,
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def live_of(deployed, name):
    return next(live for urn, live in deployed.monitor.live.items() if urn.endswith(f"Instance::{name}"))


def test_every_emulated_property_is_read_back(deployed):
    assert deployed.differences() == {}


def test_the_id_of_an_instance_is_its_resource_id(deployed):
    held = deployed.client("rds").describe_db_instances(DBInstanceIdentifier="replica")["DBInstances"][0]
    assert deployed.one(INSTANCE, "replica").id == held["DbiResourceId"]


def test_a_major_version_stays_as_asked_while_a_minor_one_runs(deployed):
    outputs = deployed.one(INSTANCE, "primary").outputs
    assert (outputs["engineVersion"], outputs["engineVersionActual"]) == ("17", "17.6")


def test_what_a_replica_was_not_told_it_inherits(deployed):
    outputs = deployed.one(INSTANCE, "replica").outputs
    assert (outputs["dbName"], outputs["allocatedStorage"], outputs["engineVersion"]) == ("store", 20, "17.6")


def test_a_replica_is_born_as_big_as_its_source_whatever_it_was_told(deployed):
    live = live_of(deployed, "replica")
    told = {"replicateSourceDb": "primary", "identifier": "told", "instanceClass": "db.t4g.micro"}
    born = live.handler.create(live.aws, {**told, "allocatedStorage": 50})
    assert live.handler.read(live.aws, born, {})["allocatedStorage"] == 20


def test_what_a_replica_cannot_be_born_with_it_gets_afterwards(deployed):
    held = deployed.client("rds").describe_db_instances(DBInstanceIdentifier="replica")["DBInstances"][0]
    assert held["PreferredMaintenanceWindow"] == "mon:04:30-mon:05:30"


def test_a_replica_that_chooses_its_engine_is_refused(deployed):
    live = live_of(deployed, "replica")
    wrong = {"replicateSourceDb": "primary", "identifier": "other", "engine": "postgres"}
    with pytest.raises(
        ValueError, match=r"a replica of primary was given engine; allowed: none\. Fix: it inherits them"
    ):
        live.handler.create(live.aws, wrong)


def test_an_instance_that_is_gone_is_not_read(deployed):
    live = live_of(deployed, "replica")
    assert live.handler.read(live.aws, "db-NOSUCHINSTANCE", {}) is None
