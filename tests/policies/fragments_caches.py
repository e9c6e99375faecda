"""Fragments about caches."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

NODES = {"num_node_groups": None, "replicas_per_node_group": None}


def parameters(family="valkey8", **values):
    given = [aws.elasticache.ParameterGroupParameterArgs(name=name.replace("_", "-"), value=value)
             for name, value in values.items()]  # fmt: skip
    return aws.elasticache.ParameterGroup("parameters", family=family, parameters=given)


@breaks(
    "cache-name",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicationGroupId is "
    '"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; allowed: 1 to 40 of a-z, 0-9 and -, a letter first, no '
    "-- and no - at the end.",
)
def cache_name_of_41():
    parts.cache(replication_group_id="a" * 41)


@breaks(
    "cache-name",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicationGroupId is \"sessions-\"; "
    "allowed: 1 to 40 of a-z, 0-9 and -, a letter first, no -- and no - at the end.",
)
def cache_name_with_a_hyphen_at_its_end():
    parts.cache(replication_group_id="sessions-")


@keeps("cache-name")
def cache_name_of_40():
    parts.cache(replication_group_id="a" * 40)


@breaks(
    "cache-failover-nodes",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': numCacheClusters is 1; allowed: 2 or "
    "more with automatic failover.",
)
def failover_of_one_node():
    parts.cache(**NODES, num_cache_clusters=1, multi_az_enabled=False)


@keeps("cache-failover-nodes")
def failover_of_two_nodes():
    parts.cache(**NODES, num_cache_clusters=2)


@breaks(
    "cache-shards-fail-over",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': automaticFailoverEnabled is false; allowed: true.",
)
def shards_without_failover():
    parts.cache(automatic_failover_enabled=False, multi_az_enabled=False)


@breaks(
    "cache-zones-need-replicas",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': multiAzEnabled is true; allowed: false "
    "without failover and a replica in each shard.",
)
def zones_without_replicas():
    parts.cache(replicas_per_node_group=0)


@keeps("cache-zones-need-replicas")
def one_zone_without_replicas():
    parts.cache(replicas_per_node_group=0, multi_az_enabled=False)


@breaks(
    "cache-shards-or-nodes",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': numCacheClusters is 2; allowed: not set "
    "beside numNodeGroups.",
)
def shards_and_nodes():
    parts.cache(num_cache_clusters=2)


@breaks(
    "cache-node-group-list",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': nodeGroupConfigurations is "
    '[{"nodeGroupId": "0001"}]; allowed: not set.',
)
def list_of_node_groups():
    groups = [aws.elasticache.ReplicationGroupNodeGroupConfigurationArgs(node_group_id="0001")]
    parts.cache(node_group_configurations=groups)


@breaks(
    "cache-engine-version",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': engineVersion is \"8.x\"; allowed: 7.2 or "
    "8.0 or 8.1 or 8.2 or 9.0 or 9.1.",
)
def version_with_an_x():
    parts.cache(engine_version="8.x")


@keeps("cache-engine-version")
def newest_version():
    parts.cache(engine_version="9.1")


@breaks(
    "cache-token",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': authToken is [secret]; allowed: 16 to "
    "128 of A-Z, a-z, 0-9 and !&#$^<>-.",
)
def short_token():
    parts.cache(auth_token="a" * 15, auth_token_update_strategy="ROTATE")


@breaks(
    "cache-token",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': transitEncryptionEnabled is false; "
    "allowed: true with a token.",
)
def token_in_the_clear():
    parts.cache(auth_token="a" * 16, auth_token_update_strategy="ROTATE", transit_encryption_enabled=False)


@keeps("cache-token")
def token_of_128():
    parts.cache(auth_token="a!&#$^<>-" * 14 + "ab", auth_token_update_strategy="ROTATE")


@breaks(
    "cache-token-rotates",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': authTokenUpdateStrategy is \"SET\"; allowed: ROTATE.",
)
def token_that_is_set():
    parts.cache(auth_token="a" * 16, auth_token_update_strategy="SET")


@breaks(
    "cache-encrypted",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': transitEncryptionEnabled is not set; allowed: true.",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': atRestEncryptionEnabled is false; allowed: true.",
)
def sessions_in_the_clear():
    parts.cache(transit_encryption_enabled=None, at_rest_encryption_enabled=False)


@breaks(
    "cache-parameters-fit",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': parameterGroupName is \"valkey7\"; "
    "allowed: a group of family valkey8.",
)
def parameters_of_another_version():
    parts.cache(parameter_group_name=parameters("valkey7", cluster_enabled="yes").name)


@keeps("cache-parameters-fit")
def parameters_of_its_version():
    parts.cache(parameter_group_name=parameters("valkey8", cluster_enabled="yes").name)


@breaks(
    "cache-cluster-parameter",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': parameterGroupName is \"parameters\"; "
    "allowed: cluster-enabled yes.",
)
def shards_without_cluster_mode():
    parts.cache(parameter_group_name=parameters(maxmemory_policy="volatile-lru").name)


@breaks(
    "cache-cluster-parameter",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': parameterGroupName is \"parameters\"; "
    "allowed: cluster-enabled no.",
)
def cluster_mode_without_shards():
    parts.cache(**NODES, num_cache_clusters=2, parameter_group_name=parameters(cluster_enabled="yes").name)


@breaks(
    "cache-keeps-sessions",
    "aws:elasticache/parameterGroup:ParameterGroup 'parameters': parameters is \"allkeys-lru\"; allowed: a "
    "maxmemory-policy of volatile-* or noeviction.",
)
def sessions_thrown_out():
    parameters(maxmemory_policy="allkeys-lru")


@keeps("cache-keeps-sessions")
def nothing_thrown_out():
    parameters(maxmemory_policy="noeviction")


@breaks(
    "cache-has-backups",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': snapshotRetentionLimit is 0; allowed: 1 to 35.",
)
def shards_without_backups():
    parts.cache(snapshot_retention_limit=0)


@keeps("cache-has-backups")
def shards_with_a_backup_for_a_day():
    parts.cache(snapshot_retention_limit=1)


@breaks(
    "cache-retention",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': snapshotRetentionLimit is 36; allowed: 0 to 35.",
)
def backups_for_36_days():
    parts.cache(snapshot_retention_limit=36)


@keeps("cache-retention")
def backups_for_35_days():
    parts.cache(snapshot_retention_limit=35)


@breaks(
    "cache-changes-at-once",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': applyImmediately is not set; allowed: true.",
)
def changes_some_day():
    parts.cache(apply_immediately=None)


@breaks(
    "cache-version-is-ours",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': autoMinorVersionUpgrade is true; "
    "allowed: false with a pinned version.",
)
def version_that_aws_raises():
    parts.cache(auto_minor_version_upgrade=True)
