"""ElastiCache resources in the offline account: what is asked for is what boto3 reads back."""

import pulumi_aws as aws
import pytest

from tests.deploying import deploy
from tests.surroundings import network

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"


def program():
    group = aws.elasticache.SubnetGroup(
        "cache", subnet_ids=network("ab")[1], description="two zones", tags={"box": "cache"}
    )
    parameters = aws.elasticache.ParameterGroup(
        "cache", family="valkey9", description="-", parameters=[{"name": "cluster-enabled", "value": "yes"}]
    )
    logs = aws.cloudwatch.LogGroup("slow")
    aws.elasticache.ReplicationGroup(
        "clustered",
        description="sessions",
        engine="valkey",
        engine_version="9.0",
        node_type="cache.t4g.micro",
        num_node_groups=2,
        replicas_per_node_group=1,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        cluster_mode="enabled",
        durability="disabled",
        parameter_group_name=parameters.name,
        subnet_group_name=group.name,
        port=6380,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        transit_encryption_mode="required",
        auth_token="a-token-of-enough-length",
        auth_token_update_strategy="ROTATE",
        snapshot_retention_limit=3,
        snapshot_window="01:00-02:00",
        maintenance_window="sun:04:00-sun:05:00",
        auto_minor_version_upgrade=False,
        apply_immediately=True,
        log_delivery_configurations=[
            {
                "destination": logs.name,
                "destination_type": "cloudwatch-logs",
                "log_format": "json",
                "log_type": "slow-log",
            }
        ],
        tags={"box": "cache"},
    )
    aws.elasticache.ReplicationGroup(
        "plain",
        description="one node",
        engine="valkey",
        engine_version="8.1",
        node_type="cache.t4g.micro",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        subnet_group_name=group.name,
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_every_emulated_property_is_read_back(deployed):
    assert deployed.differences() == {}


def test_a_cluster_has_a_configuration_endpoint_and_no_primary_one(deployed):
    outputs = deployed.one(GROUP, "clustered").outputs
    [held] = deployed.client("elasticache").describe_replication_groups(
        ReplicationGroupId=outputs["replicationGroupId"]
    )["ReplicationGroups"]
    assert outputs["configurationEndpointAddress"] == held["ConfigurationEndpoint"]["Address"]
    assert outputs["primaryEndpointAddress"] == ""


def test_a_group_without_cluster_mode_has_a_primary_and_a_reader_endpoint(deployed):
    outputs = deployed.one(GROUP, "plain").outputs
    assert outputs["configurationEndpointAddress"] == ""
    assert outputs["primaryEndpointAddress"] != outputs["readerEndpointAddress"]


def test_the_version_in_use_is_told_beside_the_one_asked_for(deployed):
    outputs = deployed.one(GROUP, "plain").outputs
    assert (outputs["engineVersion"], outputs["engineVersionActual"]) == ("8.1", "8.1.0")


def test_the_members_are_every_node(deployed):
    outputs = deployed.one(GROUP, "clustered").outputs
    suffixes = [member.removeprefix(outputs["replicationGroupId"]) for member in outputs["memberClusters"]]
    assert suffixes == ["-0001-001", "-0001-002", "-0002-001", "-0002-002"]


def test_a_group_that_is_gone_is_not_read(deployed):
    live = next(each for urn, each in deployed.monitor.live.items() if urn.endswith("::plain"))
    assert live.handler.read(live.aws, "no-such-group", {}) is None
