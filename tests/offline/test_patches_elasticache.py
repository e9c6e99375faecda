"""ElastiCache as AWS answers it: parameter groups, and everything of a replication group, read back with boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

SETTINGS: dict[str, Any] = {
    "Engine": "valkey",
    "EngineVersion": "8.0",
    "NumNodeGroups": 2,
    "ReplicasPerNodeGroup": 1,
    "CacheNodeType": "cache.t4g.small",
    "CacheParameterGroupName": "sessions",
    "CacheSubnetGroupName": "data",
    "AutomaticFailoverEnabled": True,
    "MultiAZEnabled": True,
    "AutoMinorVersionUpgrade": False,
    "TransitEncryptionEnabled": True,
    "TransitEncryptionMode": "required",
    "AtRestEncryptionEnabled": True,
    "AuthToken": "a-token-of-enough-length",
    "SnapshotRetentionLimit": 3,
    "SnapshotWindow": "01:00-02:00",
    "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
}
LOGS = {
    "LogType": "slow-log",
    "DestinationType": "cloudwatch-logs",
    "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
    "LogFormat": "json",
}


def parameter_group(account: Account, **values: str) -> dict[str, Any]:
    cache = account.client("elasticache")
    made = cache.create_cache_parameter_group(
        CacheParameterGroupName="sessions",
        CacheParameterGroupFamily="valkey8",
        Description="for sessions",
        Tags=[{"Key": "box", "Value": "cache"}],
    )
    rows = [{"ParameterName": name.replace("_", "-"), "ParameterValue": value} for name, value in values.items()]
    if rows:
        cache.modify_cache_parameter_group(CacheParameterGroupName="sessions", ParameterNameValues=rows)
    return made["CacheParameterGroup"]


def security_group(account: Account) -> str:
    return account.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]


def replication_group(account: Account, **more: Any) -> dict[str, Any]:
    """Make the group from SETTINGS in three zones, and read it back."""
    cache, ec2 = account.client("elasticache"), account.client("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:3]]
    cache.create_cache_subnet_group(CacheSubnetGroupName="data", CacheSubnetGroupDescription="-", SubnetIds=subnets)
    settings = {**SETTINGS, "SecurityGroupIds": [security_group(account)], "LogDeliveryConfigurations": [LOGS], **more}
    cache.create_replication_group(ReplicationGroupId="cart", ReplicationGroupDescription="carts", **settings)
    return cache.describe_replication_groups(ReplicationGroupId="cart")["ReplicationGroups"][0]


@pytest.fixture
def group(account: Account) -> dict[str, Any]:
    parameter_group(account, cluster_enabled="yes")
    return replication_group(account)


def member(account: Account, name: str) -> dict[str, Any]:
    return account.client("elasticache").describe_cache_clusters(CacheClusterId=name)["CacheClusters"][0]


def test_a_parameter_group_gives_back_its_own_values(account: Account) -> None:
    parameter_group(account, maxmemory_policy="volatile-ttl")
    rows = account.client("elasticache").describe_cache_parameters(CacheParameterGroupName="sessions", Source="user")
    assert [(row["ParameterName"], row["ParameterValue"]) for row in rows["Parameters"]] == [
        ("maxmemory-policy", "volatile-ttl")
    ]


def test_a_parameter_group_keeps_family_description_and_tags(account: Account) -> None:
    arn = parameter_group(account)["ARN"]
    cache = account.client("elasticache")
    [group] = cache.describe_cache_parameter_groups(CacheParameterGroupName="sessions")["CacheParameterGroups"]
    assert (group["CacheParameterGroupFamily"], group["Description"]) == ("valkey8", "for sessions")
    assert cache.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "box", "Value": "cache"}]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("maxmemory_policy", "volatile", "volatile is not a valid value for maxmemory-policy; allowed: volatile-lru"),
        ("timeout", "19", "19 is not a valid value for timeout; allowed: 0,20-"),
        ("maxmemory", "1", "The parameter maxmemory cannot be found"),
    ],
)
def test_a_parameter_that_aws_refuses_is_refused(account: Account, name: str, value: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        parameter_group(account, **{name: value})


@pytest.mark.usefixtures("group")
def test_a_parameter_group_in_use_is_not_deleted(account: Account) -> None:
    with pytest.raises(ClientError, match=r"InvalidCacheParameterGroupState.*in use by \['cart'\]"):
        account.client("elasticache").delete_cache_parameter_group(CacheParameterGroupName="sessions")


def test_aws_default_parameter_groups_exist(account: Account) -> None:
    described = account.client("elasticache").describe_cache_parameter_groups()["CacheParameterGroups"]
    assert "default.valkey8.cluster.on" in {group["CacheParameterGroupName"] for group in described}


def test_a_clustered_group_has_its_shards_and_replicas(group: dict[str, Any]) -> None:
    assert group["MemberClusters"] == ["cart-0001-001", "cart-0001-002", "cart-0002-001", "cart-0002-002"]
    assert [shard["Slots"] for shard in group["NodeGroups"]] == ["0-8191", "8192-16383"]


def test_the_nodes_of_a_shard_stand_in_different_zones(group: dict[str, Any]) -> None:
    zones = [[node["PreferredAvailabilityZone"] for node in shard["NodeGroupMembers"]] for shard in group["NodeGroups"]]
    assert zones == [["us-east-1a", "us-east-1b"], ["us-east-1b", "us-east-1c"]]


def test_the_parameter_group_turns_cluster_mode_on(group: dict[str, Any]) -> None:
    assert (group["ClusterMode"], group["ClusterEnabled"]) == ("enabled", True)
    assert group["ConfigurationEndpoint"] == {
        "Address": "clustercfg.cart.eed586.use1.cache.amazonaws.com",
        "Port": 6379,
    }


def test_a_group_keeps_what_it_was_made_with(group: dict[str, Any]) -> None:
    same = [name for name in SETTINGS if name in group and name != "MultiAZ"]
    assert {name: group[name] for name in same} == {name: SETTINGS[name] for name in same}
    assert len(same) == 8
    assert (group["AutomaticFailover"], group["MultiAZ"], group["AuthTokenEnabled"]) == ("enabled", "enabled", True)
    assert group["LogDeliveryConfigurations"] == [{**LOGS, "Status": "active"}]


@pytest.mark.usefixtures("group")
def test_the_auth_token_is_shown_nowhere(account: Account) -> None:
    assert SETTINGS["AuthToken"] not in f"{group} {member(account, 'cart-0001-001')}"


@pytest.mark.usefixtures("group")
def test_a_member_cluster_shows_what_the_group_does_not(account: Account) -> None:
    node = member(account, "cart-0002-001")
    assert node["CacheParameterGroup"]["CacheParameterGroupName"] == "sessions"
    assert (node["CacheSubnetGroupName"], node["EngineVersion"]) == ("data", "8.0.1")
    assert node["PreferredMaintenanceWindow"] == "sun:04:00-sun:05:00"
    assert node["SecurityGroups"] == [{"SecurityGroupId": security_group(account), "Status": "active"}]


def test_all_member_clusters_are_listed(account: Account, group: dict[str, Any]) -> None:
    listed = account.client("elasticache").describe_cache_clusters()["CacheClusters"]
    assert [node["CacheClusterId"] for node in listed] == group["MemberClusters"]


def test_a_group_without_cluster_mode_has_a_primary_and_a_reader(account: Account) -> None:
    parameter_group(account)
    group = replication_group(account, NumNodeGroups=1)
    assert "ConfigurationEndpoint" not in group
    assert group["NodeGroups"][0]["PrimaryEndpoint"]["Address"] == "master.cart.eed586.use1.cache.amazonaws.com"
    assert group["MemberClusters"] == ["cart-001", "cart-002"]


@pytest.mark.usefixtures("group")
def test_a_modified_group_shows_the_change(account: Account) -> None:
    cache = account.client("elasticache")
    cache.modify_replication_group(ReplicationGroupId="cart", SnapshotWindow="03:00-04:00", MultiAZEnabled=False)
    [after] = cache.describe_replication_groups()["ReplicationGroups"]
    assert (after["SnapshotWindow"], after["MultiAZ"]) == ("03:00-04:00", "disabled")


@pytest.mark.usefixtures("group")
def test_shards_are_added_in_place(account: Account) -> None:
    cache = account.client("elasticache")
    cache.modify_replication_group_shard_configuration(
        ReplicationGroupId="cart", NodeGroupCount=3, ApplyImmediately=True
    )
    [after] = cache.describe_replication_groups()["ReplicationGroups"]
    assert after["MemberClusters"][4:] == ["cart-0003-001", "cart-0003-002"]


@pytest.mark.usefixtures("group")
def test_a_deleted_group_is_gone(account: Account) -> None:
    cache = account.client("elasticache")
    cache.delete_replication_group(ReplicationGroupId="cart")
    with pytest.raises(ClientError, match="ReplicationGroupNotFoundFault"):
        cache.describe_replication_groups(ReplicationGroupId="cart")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound"),
        ({"CacheSubnetGroupName": "none"}, "CacheSubnetGroupNotFoundFault"),
        ({"SecurityGroupIds": ["sg-0"]}, "Some security groups are invalid: sg-0"),
    ],
)
def test_a_group_over_something_missing_is_refused(account: Account, setting: dict[str, Any], message: str) -> None:
    parameter_group(account, cluster_enabled="yes")
    with pytest.raises(ClientError, match=message):
        replication_group(account, **setting)


@pytest.mark.parametrize(("region", "short"), [("eu-west-1", "euw1"), ("ap-southeast-2", "apse2")])
def test_an_endpoint_names_its_region(account: Account, region: str, short: str) -> None:
    cache = account.client("elasticache", region)
    made = cache.create_replication_group(ReplicationGroupId="cart", ReplicationGroupDescription="-")
    address = made["ReplicationGroup"]["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    assert address.endswith(f".ng.0001.{short}.cache.amazonaws.com")


def test_moto_still_lacks_parameter_groups(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="create_cache_parameter_group"):
        parameter_group(shipped)


def test_moto_still_loses_the_settings_of_a_group(shipped: Account) -> None:
    group = replication_group(shipped, CacheParameterGroupName="never-made")
    assert group["ClusterEnabled"] is False
    with pytest.raises(ClientError, match="CacheClusterNotFound"):
        member(shipped, group["MemberClusters"][0])


def test_moto_still_never_deletes_a_group(shipped: Account) -> None:
    replication_group(shipped, CacheParameterGroupName="never-made")
    shipped.client("elasticache").delete_replication_group(ReplicationGroupId="cart")
    [group] = shipped.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert group["Status"] == "deleting"
