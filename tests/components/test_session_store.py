"""The session store as the account holds it: a big one, a small one, and one with a name that is too long."""

import json
import re

import pulumi_aws as aws
import pytest

from components.protection import Protection
from components.session_store import SessionStore, SessionStoreArgs
from tests.deploying import REGION, deploy
from tests.surroundings import network

SANDBOX = Protection(protect=False, disposable=True, secret_recovery_days=0)
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:alarms"
LONG = "Sessions_of--the_whole-shop-in-every-country-"


def program():
    vpc_id, subnet_ids = network("ab")
    group = aws.elasticache.SubnetGroup("cache", subnet_ids=subnet_ids)
    place = {"vpc_id": vpc_id, "subnet_group_name": group.name, "node_type": "cache.t4g.micro"}
    big = SessionStoreArgs(
        **place,
        version="8.1",
        shards=2,
        replicas_per_shard=1,
        multi_az=True,
        snapshot_days=7,
        log_retention_days=30,
        protection=Protection(),
        alarm_topic_arn=TOPIC,
    )
    SessionStore("big", big)
    SessionStore("small", SessionStoreArgs(**place, version="9.0", protection=SANDBOX))
    SessionStore(LONG, SessionStoreArgs(**place, protection=SANDBOX))


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def output(deployed, store, name):
    return deployed.one("bigpicture:data:SessionStore", store).outputs[name]


def group(deployed, store):
    asked = output(deployed, store, "replication_group_id")
    return deployed.client("elasticache").describe_replication_groups(ReplicationGroupId=asked)["ReplicationGroups"][0]


def node(deployed, store):
    first = group(deployed, store)["MemberClusters"][0]
    return deployed.client("elasticache").describe_cache_clusters(CacheClusterId=first)["CacheClusters"][0]


def parameters(deployed, store):
    name = node(deployed, store)["CacheParameterGroup"]["CacheParameterGroupName"]
    rows = deployed.client("elasticache").describe_cache_parameters(CacheParameterGroupName=name)["Parameters"]
    return {row["ParameterName"]: row["ParameterValue"] for row in rows}


def family(deployed, store):
    name = node(deployed, store)["CacheParameterGroup"]["CacheParameterGroupName"]
    found = deployed.client("elasticache").describe_cache_parameter_groups(CacheParameterGroupName=name)
    return found["CacheParameterGroups"][0]["CacheParameterGroupFamily"]


def secret(deployed, store):
    held = deployed.client("secretsmanager").get_secret_value(SecretId=output(deployed, store, "secret_arn"))
    return json.loads(held["SecretString"])


def alarms(deployed, metric):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return [alarm for alarm in found if alarm["MetricName"] == metric]


def test_the_engine_is_valkey_in_the_version_that_was_asked_for(deployed):
    assert (node(deployed, "big")["Engine"], node(deployed, "big")["EngineVersion"]) == ("valkey", "8.1.0")


def test_aws_never_runs_ahead_of_the_pinned_version(deployed):
    assert group(deployed, "big")["AutoMinorVersionUpgrade"] is False


def test_sessions_are_encrypted_on_the_wire_and_on_disk(deployed):
    held = group(deployed, "small")
    assert (held["TransitEncryptionMode"], held["AtRestEncryptionEnabled"]) == ("required", True)


def test_clients_must_show_the_token_of_the_secret(deployed):
    urn = deployed.one(GROUP, "big").urn
    assert group(deployed, "big")["AuthTokenEnabled"] is True
    assert deployed.monitor.live[urn].inputs["authToken"] == secret(deployed, "big")["auth_token"]


def test_the_token_has_the_length_and_the_characters_that_elasticache_takes(deployed):
    assert re.fullmatch("[A-Za-z0-9]{32}", secret(deployed, "big")["auth_token"])


def test_a_new_token_is_rotated_in_beside_the_old_one(deployed):
    assert deployed.one(GROUP, "big").inputs["authTokenUpdateStrategy"] == "ROTATE"


def test_two_stores_have_two_tokens(deployed):
    assert secret(deployed, "big") != secret(deployed, "small")


def test_failover_is_on_without_replicas_because_cluster_mode_demands_it(deployed):
    held = group(deployed, "small")
    assert (held["AutomaticFailover"], held["MultiAZ"], len(held["MemberClusters"])) == ("enabled", "disabled", 1)


def test_with_multi_az_each_shards_nodes_stand_in_different_zones(deployed):
    held = group(deployed, "big")
    zones = [[each["PreferredAvailabilityZone"] for each in shard["NodeGroupMembers"]] for shard in held["NodeGroups"]]
    assert (held["MultiAZ"], [len(set(each)) for each in zones]) == ("enabled", [2, 2])


def test_a_store_of_one_shard_is_in_cluster_mode_too(deployed):
    assert group(deployed, "small")["ClusterEnabled"] is True
    assert parameters(deployed, "small")["cluster-enabled"] == "yes"


def test_shards_and_replicas_are_counted_as_cluster_mode_counts_them(deployed):
    inputs = deployed.one(GROUP, "big").inputs
    assert (inputs["numNodeGroups"], inputs["replicasPerNodeGroup"], "numCacheClusters" in inputs) == (2, 1, False)
    assert "nodeGroupConfigurations" not in inputs


def test_the_parameter_family_follows_the_version(deployed):
    assert (family(deployed, "big"), family(deployed, "small")) == ("valkey8", "valkey9")


def test_a_new_parameter_group_is_made_before_the_old_one_goes(deployed):
    own = deployed.of_type("aws:elasticache/parameterGroup:ParameterGroup")
    assert [each.options.delete_before_replace for each in own] == [False, False, False]
    assert len({each.inputs["name"] for each in own}) == 3


def test_memory_pressure_takes_the_sessions_used_least_recently_first(deployed):
    assert parameters(deployed, "big")["maxmemory-policy"] == "volatile-lru"


def test_memory_for_snapshots_and_failover_stays_reserved(deployed):
    assert parameters(deployed, "big")["reserved-memory-percent"] == "25"


def test_even_the_smallest_store_has_snapshots(deployed):
    assert [group(deployed, store)["SnapshotRetentionLimit"] for store in ("big", "small")] == [7, 1]


def test_slow_log_and_engine_log_go_to_log_groups_that_expire(deployed):
    groups = {each["logGroupName"]: each for each in deployed.client("logs").describe_log_groups()["logGroups"]}
    logs = {each["LogType"]: each["DestinationDetails"] for each in group(deployed, "big")["LogDeliveryConfigurations"]}
    kept = {kind: groups[to["CloudWatchLogsDetails"]["LogGroup"]]["retentionInDays"] for kind, to in logs.items()}
    assert kept == {"slow-log": 30, "engine-log": 30}


def test_without_log_retention_nothing_is_delivered(deployed):
    assert group(deployed, "small")["LogDeliveryConfigurations"] == []


@pytest.mark.parametrize(
    "metric", ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections"]
)
def test_every_node_has_an_alarm(deployed, metric):
    watched = [each["Dimensions"] for each in alarms(deployed, metric)]
    members = group(deployed, "big")["MemberClusters"]
    assert sorted(row["Value"] for [row] in watched) == sorted(members)


def test_one_evicted_session_is_an_alarm(deployed):
    first = alarms(deployed, "Evictions")[0]
    assert (first["Threshold"], first["Statistic"], first["ComparisonOperator"]) == (0, "Sum", "GreaterThanThreshold")


def test_without_a_topic_there_are_no_alarms(deployed):
    watched = {
        row["Value"]
        for each in deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
        for row in each["Dimensions"]
    }
    assert watched.isdisjoint(group(deployed, "small")["MemberClusters"])


def test_a_long_name_becomes_an_id_that_elasticache_takes(deployed):
    held = group(deployed, LONG)["ReplicationGroupId"]
    assert len(held) == 40
    assert re.fullmatch("[a-z](-?[a-z0-9])*", held)


def test_the_host_is_the_configuration_endpoint(deployed):
    endpoint = group(deployed, "big")["ConfigurationEndpoint"]
    assert (output(deployed, "big", "host"), output(deployed, "big", "port")) == (endpoint["Address"], endpoint["Port"])


def test_the_node_ids_are_those_that_the_account_holds(deployed):
    assert output(deployed, "big", "node_ids") == group(deployed, "big")["MemberClusters"]


def test_nobody_reaches_the_store_until_a_rule_says_so(deployed):
    asked = [output(deployed, "big", "security_group_id")]
    [held] = deployed.client("ec2").describe_security_groups(GroupIds=asked)["SecurityGroups"]
    assert (held["IpPermissions"], held["IpPermissionsEgress"]) == ([], [])


def test_the_security_groups_description_is_the_same_for_every_store(deployed):
    ids = [output(deployed, store, "security_group_id") for store in ("big", "small")]
    held = deployed.client("ec2").describe_security_groups(GroupIds=ids)["SecurityGroups"]
    assert {each["Description"] for each in held} == {"Session store"}


def test_the_permission_reads_this_stores_secret_and_nothing_else(deployed):
    [statement] = json.loads(output(deployed, "big", "read_secret_policy"))["Statement"]
    allowed = (["secretsmanager:GetSecretValue"], output(deployed, "big", "secret_arn"))
    assert (statement["Action"], statement["Resource"]) == allowed


def test_the_secrets_arn_is_known_once_its_value_stands(deployed):
    versions = deployed.client("secretsmanager").describe_secret(SecretId=output(deployed, "big", "secret_arn"))
    assert list(versions["VersionIdsToStages"].values()) == [["AWSCURRENT"]]


def test_the_recovery_window_of_the_secret_is_the_protections(deployed):
    token = "aws:secretsmanager/secret:Secret"
    kept = [deployed.one(token, f"{store}-secret").inputs["recoveryWindowInDays"] for store in ("big", "small")]
    assert kept == [30, 0]


def test_what_holds_sessions_is_protected_unless_it_is_a_sandboxes(deployed):
    assert [deployed.one(GROUP, store).options.protect for store in ("big", "small")] == [True, False]


def test_a_resize_happens_now_and_gets_the_time_that_it_takes(deployed):
    resource = deployed.one(GROUP, "big")
    assert (resource.inputs["applyImmediately"], resource.options.custom_timeouts) == (True, {"update": "120m"})


def test_durability_is_decided_at_birth_where_the_version_has_it(deployed):
    assert [deployed.one(GROUP, store).inputs.get("durability") for store in ("big", "small")] == [None, "disabled"]


def test_a_store_that_is_upgraded_is_not_asked_for_another_durability(deployed):
    assert [deployed.one(GROUP, store).options.ignore_changes for store in ("big", "small")] == [["durability"]] * 2


def test_every_child_belongs_to_its_store(deployed):
    stores = {each.urn for each in deployed.of_type("bigpicture:data:SessionStore")}
    strangers = [each.name for each in deployed.graph.resources if each.custom and each.parent not in stores]
    assert sorted(strangers) == ["cache", "subnet-a", "subnet-b", "vpc"]


def test_the_declared_outputs_are_the_registered_ones(deployed):
    registered = deployed.one("bigpicture:data:SessionStore", "big").outputs
    assert registered.keys() == SessionStore.__annotations__.keys()
