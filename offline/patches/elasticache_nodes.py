"""The nodes and endpoints of an ElastiCache replication group, worked out from its settings as AWS would show them."""

import hashlib
from typing import Any

from offline.patches.overlay import Call

SLOTS = 16384
FULL_VERSIONS = {"7.1": "7.1.0", "7.2": "7.2.6", "8.0": "8.0.1", "8.1": "8.1.0"}
"""What AWS makes of a version without a patch level, e.g. DescribeCacheEngineVersions for valkey 8.0."""
# fmt: off
PLAIN = (
    "ARN", "AtRestEncryptionEnabled", "AutoMinorVersionUpgrade", "CacheNodeType",
    "ClusterMode", "Durability", "Engine", "IpDiscovery", "KmsKeyId",
    "NetworkType", "SnapshotRetentionLimit", "SnapshotWindow", "TransitEncryptionEnabled",
    "TransitEncryptionMode", "UserGroupIds",
)
# fmt: on
# fmt: off
SHARED_WITH_MEMBERS = (
    "AtRestEncryptionEnabled", "AutoMinorVersionUpgrade", "CacheNodeType", "CacheSubnetGroupName",
    "Engine", "IpDiscovery", "NetworkType", "PreferredMaintenanceWindow",
    "SnapshotRetentionLimit", "SnapshotWindow", "TransitEncryptionEnabled", "TransitEncryptionMode",
)
# fmt: on


def _endpoint(call: Call, group: dict[str, Any], role: str) -> dict[str, Any]:
    """The address of *role*: clustercfg, master, replica, or a node's id.

    AWS gives each account six characters per region; here they follow from both, so that a name can be foretold.
    With TLS and without it, AWS spells names in two ways:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html
    """
    name, place = group["id"], f"{_short_region(call.region)}.cache.amazonaws.com"
    letters = hashlib.sha256(f"{call.account_id} {call.region}".encode()).hexdigest()[:6]
    in_clear = {
        "clustercfg": f"{name}.{letters}.clustercfg.{place}",
        "master": f"{name}.{letters}.ng.0001.{place}",
        "replica": f"{name}-ro.{letters}.ng.0001.{place}",
    }.get(role, f"{role}.{letters}.0001.{place}")
    address = f"{role}.{name}.{letters}.{place}" if group["TransitEncryptionEnabled"] else in_clear
    return {"Address": address, "Port": group["Port"]}


def _short_region(region: str) -> str:
    """us-east-1 -> use1, ap-southeast-2 -> apse2."""
    area, direction, number = region.rsplit("-", 2)
    sides = direction.removeprefix("north").removeprefix("south")
    initials = direction[0] if sides in ("", direction) else direction[0] + sides[0]
    return f"{area.replace('-', '')}{initials}{number}"


def _zones(call: Call, group: dict[str, Any]) -> list[str]:
    subnets = call.backend.cache_subnet_groups.get(group.get("CacheSubnetGroupName"))
    zones = {subnet["subnet_availability_zone"] for subnet in subnets.subnets} if subnets else {f"{call.region}a"}
    return sorted(zones)


def members(call: Call, group: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node: shard, number in it, id and zone. Primaries of successive shards start in successive zones."""
    zones, clustered = _zones(call, group), group["ClusterMode"] == "enabled"
    return [
        {
            "shard": shard,
            "primary": node == 0,
            "id": f"{group['id']}-{shard}-{node + 1:03}" if clustered else f"{group['id']}-{node + 1:03}",
            "zone": zones[(position + node) % len(zones)],
        }
        for position, (shard, replicas) in enumerate(sorted(group["shards"].items()))
        for node in range(replicas + 1)
    ]


def _node_group(call: Call, group: dict[str, Any], position: int, shard: str) -> dict[str, Any]:
    clustered = group["ClusterMode"] == "enabled"
    in_shard = [member for member in members(call, group) if member["shard"] == shard]
    nodes = [
        {"CacheClusterId": m["id"], "CacheNodeId": "0001", "PreferredAvailabilityZone": m["zone"]} for m in in_shard
    ]
    shown: dict[str, Any] = {"NodeGroupId": shard, "Status": "available", "NodeGroupMembers": nodes}
    if clustered:
        count = len(group["shards"])
        shown["Slots"] = f"{position * SLOTS // count}-{(position + 1) * SLOTS // count - 1}"
        return shown
    for node, member in zip(nodes, in_shard, strict=True):
        node["CurrentRole"] = "primary" if member["primary"] else "replica"
        node["ReadEndpoint"] = _endpoint(call, group, member["id"])
    return {
        **shown,
        "PrimaryEndpoint": _endpoint(call, group, "master"),
        "ReaderEndpoint": _endpoint(call, group, "replica"),
    }


def shown(call: Call, group: dict[str, Any]) -> dict[str, Any]:
    """The group as DescribeReplicationGroups shows it."""
    ids = [member["id"] for member in members(call, group)]
    clustered, arn = group["ClusterMode"] == "enabled", f"arn:aws:elasticache:{call.region}:{call.account_id}"
    answer = {name: group[name] for name in PLAIN if name in group} | {
        "ReplicationGroupId": group["id"],
        "ARN": f"{arn}:replicationgroup:{group['id']}",
        "Description": group["ReplicationGroupDescription"],
        "Status": "available",
        "MemberClusters": ids,
        "NodeGroups": [_node_group(call, group, *numbered) for numbered in enumerate(sorted(group["shards"]))],
        "AutomaticFailover": "enabled" if group["AutomaticFailoverEnabled"] else "disabled",
        "MultiAZ": "enabled" if group["MultiAZEnabled"] else "disabled",
        "ClusterEnabled": clustered,
        "AuthTokenEnabled": bool(group.get("AuthToken")),
        "DataTiering": "enabled" if group["DataTieringEnabled"] else "disabled",
        "LogDeliveryConfigurations": _log_deliveries(group),
        "ReplicationGroupCreateTime": group["created"],
    }
    if clustered:
        answer["ConfigurationEndpoint"] = _endpoint(call, group, "clustercfg")
    if group["SnapshotRetentionLimit"]:
        answer["SnapshottingClusterId"] = ids[-1]
    return answer


def _log_deliveries(group: dict[str, Any]) -> list[dict[str, Any]]:
    """A delivery is removed by modifying it with Enabled false."""
    rows = [row for row in group["LogDeliveryConfigurations"] if row.get("Enabled", True)]
    return [{**{k: v for k, v in row.items() if k != "Enabled"}, "Status": "active"} for row in rows]


def cluster_shown(call: Call, group: dict[str, Any], member: dict[str, Any], with_nodes: bool) -> dict[str, Any]:
    """The node *member* as DescribeCacheClusters shows it."""
    version = group.get("EngineVersion", "7.1" if group["Engine"] == "redis" else "8.0")
    answer = {name: group[name] for name in SHARED_WITH_MEMBERS if name in group} | {
        "CacheClusterId": member["id"],
        "ARN": f"arn:aws:elasticache:{call.region}:{call.account_id}:cluster:{member['id']}",
        "ReplicationGroupId": group["id"],
        "CacheClusterStatus": "available",
        "CacheClusterCreateTime": group["created"],
        "EngineVersion": FULL_VERSIONS.get(version, version),
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": member["zone"],
        "AuthTokenEnabled": bool(group.get("AuthToken")),
        "CacheParameterGroup": {
            "CacheParameterGroupName": group["CacheParameterGroupName"],
            "ParameterApplyStatus": "in-sync",
        },
        "SecurityGroups": [{"SecurityGroupId": id_, "Status": "active"} for id_ in group["SecurityGroupIds"]],
        "ReplicationGroupLogDeliveryEnabled": bool(_log_deliveries(group)),
        "LogDeliveryConfigurations": _log_deliveries(group),
    }
    if "NotificationTopicArn" in group:
        answer["NotificationConfiguration"] = {"TopicArn": group["NotificationTopicArn"], "TopicStatus": "active"}
    if with_nodes:
        answer["CacheNodes"] = [_cache_node(call, group, member)]
    return answer


def _cache_node(call: Call, group: dict[str, Any], member: dict[str, Any]) -> dict[str, Any]:
    return {
        "CacheNodeId": "0001",
        "CacheNodeStatus": "available",
        "CacheNodeCreateTime": group["created"],
        "Endpoint": _endpoint(call, group, member["id"]),
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": member["zone"],
    }
