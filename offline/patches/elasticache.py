"""ElastiCache replication groups: moto 5.2.5 keeps a third of their settings, has no member clusters and never deletes.

Measured on moto 5.2.5: cluster mode is only on when ClusterMode says so (AWS also takes it from the parameter group's
`cluster-enabled`); every node is in us-east-1a or -1b; the endpoint holds six random letters that no seed fixes, and
`use1` in every region; modify changes 6 of 30 settings; a deleted group stays, `deleting`, for ever. So the groups are
kept here, as the settings that were asked for, and everything that AWS shows is worked out from them.
"""

from typing import Any

from moto.elasticache.models import ElastiCacheBackend

from offline.patches.elasticache_nodes import cluster_shown, members, shown
from offline.patches.elasticache_parameters import parameter_group
from offline.patches.overlay import Answer, Call, Refusal, amends, answers, backend_of, checks, memory_of
from offline.patches.swap import replaces

DEFAULTS: dict[str, Any] = {
    "AtRestEncryptionEnabled": False,
    "AutoMinorVersionUpgrade": True,
    "AutomaticFailoverEnabled": False,
    "DataTieringEnabled": False,
    "Engine": "redis",
    "IpDiscovery": "ipv4",
    "LogDeliveryConfigurations": [],
    "MultiAZEnabled": False,
    "NetworkType": "ipv4",
    "Port": 6379,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "SecurityGroupIds": [],
    "SnapshotRetentionLimit": 0,
    "SnapshotWindow": "03:00-04:00",
    "TransitEncryptionEnabled": False,
    "UserGroupIds": [],
}
FAMILY_OF_MAJOR = {("redis", "7"): "redis7", ("redis", "6"): "redis6.x", ("valkey", "7"): "valkey7"}


def _groups(call: Call) -> dict[str, Any]:
    return call.memory("replication groups")


@checks("elasticache", "CreateReplicationGroup")
def named_resources_exist(call: Call) -> None:
    """Refuse a group over a parameter, subnet or security group that does not exist: moto looks none of them up."""
    params = call.params
    if "CacheParameterGroupName" in params:
        parameter_group(call.backend, params["CacheParameterGroupName"])
    subnet_group = params.get("CacheSubnetGroupName")
    if subnet_group and subnet_group not in call.backend.cache_subnet_groups:
        raise Refusal("CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {subnet_group} does not exist.")
    known = {group.id for group in backend_of("ec2", call.account_id, call.region).describe_security_groups()}
    for missing in set(params.get("SecurityGroupIds", [])) - known:
        raise Refusal("InvalidParameterValue", f"Some security groups are invalid: {missing}")


@amends("elasticache", "CreateReplicationGroup")
def remember_group(call: Call, answer: Answer) -> None:
    """Keep every setting of a new group."""
    params = call.params
    group = {**DEFAULTS, **params, "id": params["ReplicationGroupId"].lower()}
    group.setdefault("CacheParameterGroupName", _default_parameter_group(params))
    group["ClusterMode"] = _cluster_mode(call, group)
    shards = params.get("NumNodeGroups", 1)
    replicas = params.get("ReplicasPerNodeGroup", params.get("NumCacheClusters", 1) - 1)
    group["shards"] = {f"{number + 1:04}": replicas for number in range(shards)}
    group["created"] = answer["ReplicationGroup"]["ReplicationGroupCreateTime"]
    _groups(call)[group["id"]] = group
    answer["ReplicationGroup"] = shown(call, group)


def _default_parameter_group(params: dict[str, Any]) -> str:
    engine = params.get("Engine", "redis")
    version = params.get("EngineVersion", {"redis": "7.1"}.get(engine, "8.0"))
    family = FAMILY_OF_MAJOR.get((engine, version.split(".")[0]), f"{engine}{version.split('.')[0]}")
    return f"default.{family}{'.cluster.on' if params.get('NumNodeGroups', 1) > 1 else ''}"


def _cluster_mode(call: Call, group: dict[str, Any]) -> str:
    values = parameter_group(call.backend, group["CacheParameterGroupName"])["values"]
    if values.get("cluster-enabled") == "yes":
        return "enabled"
    if group.get("NumNodeGroups", 1) > 1:
        raise Refusal("InvalidParameterCombination", "Use a cluster-enabled parameter group for NumNodeGroups above 1.")
    return group.get("ClusterMode", "disabled")


@answers("elasticache", "DescribeReplicationGroups")
def describe_groups(call: Call) -> Answer:
    """Show one group, or all."""
    name = call.params.get("ReplicationGroupId")
    chosen = [_group(call, name)] if name else list(_groups(call).values())
    return {"ReplicationGroups": [shown(call, group) for group in chosen]}


def _group(call: Call, name: str) -> dict[str, Any]:
    if name not in _groups(call):
        raise Refusal("ReplicationGroupNotFoundFault", f"ReplicationGroup {name} not found.")
    return _groups(call)[name]


@answers("elasticache", "ModifyReplicationGroup")
def modify_group(call: Call) -> Answer:
    """Changes at once, also without ApplyImmediately: there is no maintenance window to wait for here."""
    group = _group(call, call.params["ReplicationGroupId"])
    if "CacheParameterGroupName" in call.params:
        parameter_group(call.backend, call.params["CacheParameterGroupName"])
    group.update(call.params)
    return {"ReplicationGroup": shown(call, group)}


@answers("elasticache", "ModifyReplicationGroupShardConfiguration")
def modify_shards(call: Call) -> Answer:
    """New shards get the replica count of the first; AWS asks which shards go when the number falls."""
    group, wanted = _group(call, call.params["ReplicationGroupId"]), call.params["NodeGroupCount"]
    shards = group["shards"]
    for name in call.params.get("NodeGroupsToRemove", []):
        shards.pop(name)
    kept = set(call.params.get("NodeGroupsToRetain", shards))
    group["shards"] = shards = {name: replicas for name, replicas in shards.items() if name in kept}
    while len(shards) < wanted:
        shards[f"{int(max(shards)) + 1:04}"] = shards[min(shards)]
    if len(shards) > wanted:
        raise Refusal("InvalidParameterValue", "NodeGroupsToRemove or NodeGroupsToRetain must name the node groups.")
    return {"ReplicationGroup": shown(call, group)}


@checks("elasticache", "DecreaseReplicaCount")
def a_standby_needs_a_replica(call: Call) -> None:
    """Refuse the last replica's end while Multi-AZ stands on it (User Guide, "Decreasing the number of replicas")."""
    group = _group(call, call.params["ReplicationGroupId"])
    fails_over = group["MultiAZEnabled"] or (group["AutomaticFailoverEnabled"] and group["ClusterMode"] != "enabled")
    if fails_over and not call.params["NewReplicaCount"]:
        raise Refusal("InvalidReplicationGroupState", "Multi-AZ and automatic failover must be off for no replicas.")


@checks("elasticache", "ModifyReplicationGroup")
def a_sharded_cache_names_no_cluster_to_back_up(call: Call) -> None:
    """Refuse the member that the AWS provider names when backups begin late: terraform-provider-aws#20052."""
    group = _group(call, call.params["ReplicationGroupId"])
    if "SnapshottingClusterId" in call.params and group["ClusterMode"] == "enabled":
        raise Refusal("InvalidParameterValue", "SnapshottingClusterId cannot be specified with cluster mode enabled.")


@answers("elasticache", "IncreaseReplicaCount", "DecreaseReplicaCount")
def change_replicas(call: Call) -> Answer:
    """Give every shard the same number of replicas."""
    group = _group(call, call.params["ReplicationGroupId"])
    group["shards"] = dict.fromkeys(group["shards"], call.params["NewReplicaCount"])
    return {"ReplicationGroup": shown(call, group)}


@checks("elasticache", "DeleteReplicationGroup")
def take_the_last_snapshot(call: Call) -> None:
    """Moto takes none."""
    if "FinalSnapshotIdentifier" in call.params:
        name = _group(call, call.params["ReplicationGroupId"])["id"]
        call.backend.create_snapshot(call.params["FinalSnapshotIdentifier"], name, None, None, None)


@amends("elasticache", "DeleteReplicationGroup")
def forget_group(call: Call, answer: Answer) -> None:
    """Gone at once, where AWS needs minutes and moto never ends."""
    name = call.params["ReplicationGroupId"]
    answer["ReplicationGroup"] = {**shown(call, _group(call, name)), "Status": "deleting"}
    del _groups(call)[name]
    del call.backend.replication_groups[name]


@amends("elasticache", "DescribeCacheClusters")
def show_member_clusters(call: Call, answer: Answer) -> None:
    """Each node of a replication group is a cache cluster too; moto knows only those made on their own."""
    name, found = call.params.get("CacheClusterId"), answer.setdefault("CacheClusters", [])
    with_nodes = call.params.get("ShowCacheNodeInfo", False)
    for group in _groups(call).values():
        for member in members(call, group):
            if name in (None, member["id"]):
                found.append(cluster_shown(call, group, member, with_nodes))


@replaces(ElastiCacheBackend, "describe_cache_clusters")
def a_member_cluster_is_found(original: Any, backend: ElastiCacheBackend, cache_cluster_id: str | None = None) -> Any:
    """Let a member's id through to the amendment above; moto alone would answer CacheClusterNotFound."""
    groups = memory_of(backend, "replication groups")
    if any((cache_cluster_id or "").startswith(f"{name}-") for name in groups):
        return []
    return original(backend, cache_cluster_id)
