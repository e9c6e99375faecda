"""Carry ElastiCache replication groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.data_stores import first, retag, tags_of
from offline.handler import Aws, Handler, Properties, changed, fields, given, tag_list

# fmt: off
AS_ASKED = {
    "atRestEncryptionEnabled": "AtRestEncryptionEnabled", "authToken": "AuthToken",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade", "automaticFailoverEnabled": "AutomaticFailoverEnabled",
    "clusterMode": "ClusterMode", "description": "ReplicationGroupDescription",
    "durability": "Durability", "engine": "Engine", "engineVersion": "EngineVersion",
    "ipDiscovery": "IpDiscovery", "kmsKeyId": "KmsKeyId",
    "maintenanceWindow": "PreferredMaintenanceWindow", "multiAzEnabled": "MultiAZEnabled",
    "networkType": "NetworkType", "nodeType": "CacheNodeType",
    "numCacheClusters": "NumCacheClusters", "numNodeGroups": "NumNodeGroups",
    "parameterGroupName": "CacheParameterGroupName", "port": "Port",
    "replicasPerNodeGroup": "ReplicasPerNodeGroup", "replicationGroupId": "ReplicationGroupId",
    "securityGroupIds": "SecurityGroupIds", "snapshotRetentionLimit": "SnapshotRetentionLimit",
    "snapshotWindow": "SnapshotWindow", "subnetGroupName": "CacheSubnetGroupName",
    "transitEncryptionEnabled": "TransitEncryptionEnabled", "transitEncryptionMode": "TransitEncryptionMode",
}
"""Pulumi's property -> the parameter of CreateReplicationGroup that takes it as it is."""
# fmt: on
UNMODIFIABLE = fields("numCacheClusters numNodeGroups replicasPerNodeGroup")
"""What calls of their own change."""
UNREADABLE = fields("applyImmediately authToken authTokenUpdateStrategy finalSnapshotIdentifier")
"""What AWS itself never shows, and what only steers a later call."""


class ReplicationGroup(Handler):
    """`aws.elasticache.ReplicationGroup`; its id is the group's own."""

    token = "aws:elasticache/replicationGroup:ReplicationGroup"
    emulates = frozenset(AS_ASKED) - UNREADABLE | fields("logDeliveryConfigurations tags")
    records = UNREADABLE

    def create(self, aws: Aws, inputs: Properties) -> str:
        asked = {to: inputs[name] for name, to in AS_ASKED.items() if name in inputs}
        logs = [_log_asked(each) for each in inputs.get("logDeliveryConfigurations", [])]
        tags = tag_list(inputs.get("tags"))
        made = aws("elasticache").create_replication_group(**asked, LogDeliveryConfigurations=logs, Tags=tags)
        return made["ReplicationGroup"]["ReplicationGroupId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        cache = aws("elasticache")
        group = first(cache.describe_replication_groups, "ReplicationGroups", ReplicationGroupId=id_)
        if group is None:
            return None
        member = cache.describe_cache_clusters(CacheClusterId=group["MemberClusters"][0], ShowCacheNodeInfo=True)
        return _of_group(group) | _of_member(member["CacheClusters"][0]) | tags_of(aws, "elasticache", group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        snapshot = given(FinalSnapshotIdentifier=state.get("finalSnapshotIdentifier"))
        aws("elasticache").delete_replication_group(ReplicationGroupId=id_, **snapshot)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Shards, then replicas, then the rest: the AWS provider's own order, which some changes do not survive."""
        _reshard(aws, id_, old, new)
        _set_replicas(aws, id_, old, new)
        _modify(aws, id_, old, new)
        retag(aws, "elasticache", aws.arn("elasticache", f"replicationgroup:{id_}"), old, new)


def _modify(aws: Aws, id_: str, old: Properties, new: Properties) -> None:
    """What one ModifyReplicationGroup can change; AWS lacks a way to unset what is no longer asked for."""
    asked = {
        to: new[name]
        for name, to in AS_ASKED.items()
        if name not in UNMODIFIABLE and changed(old, new, name) and name in new
    }
    if changed(old, new, "logDeliveryConfigurations"):
        rows = new.get("logDeliveryConfigurations", [])
        kinds = {row["logType"] for row in rows}
        gone = {row["logType"] for row in old.get("logDeliveryConfigurations", [])} - kinds
        off = [{"LogType": kind, "Enabled": False} for kind in sorted(gone)]
        asked["LogDeliveryConfigurations"] = [_log_asked(row) for row in rows] + off
    if "AuthToken" in asked:
        asked["AuthTokenUpdateStrategy"] = new.get("authTokenUpdateStrategy", "ROTATE")
    if asked.get("SnapshotRetentionLimit") and not old.get("snapshotRetentionLimit"):
        asked["SnapshottingClusterId"] = f"{id_}-001"  # as the provider does: terraform-provider-aws#20052
    if asked:
        aws("elasticache").modify_replication_group(
            ReplicationGroupId=id_, ApplyImmediately=new.get("applyImmediately", False), **asked
        )


def _replicas(inputs: Properties) -> int | None:
    """Replicas of each shard, however they were asked for."""
    if "replicasPerNodeGroup" in inputs:
        return inputs["replicasPerNodeGroup"]
    return inputs["numCacheClusters"] - 1 if "numCacheClusters" in inputs else None


def _set_replicas(aws: Aws, id_: str, old: Properties, new: Properties) -> None:
    held, wanted = _replicas(old), _replicas(new)
    if wanted is None or held == wanted:
        return
    cache = aws("elasticache")
    change = cache.increase_replica_count if (held or 0) < wanted else cache.decrease_replica_count
    change(ReplicationGroupId=id_, NewReplicaCount=wanted, ApplyImmediately=True)


def _reshard(aws: Aws, id_: str, old: Properties, new: Properties) -> None:
    """The last shards go when the number falls; AWS moves their keys to the others first."""
    wanted = new.get("numNodeGroups")
    if wanted is None or not changed(old, new, "numNodeGroups"):
        return
    [group] = aws("elasticache").describe_replication_groups(ReplicationGroupId=id_)["ReplicationGroups"]
    shards = sorted(shard["NodeGroupId"] for shard in group["NodeGroups"])
    aws("elasticache").modify_replication_group_shard_configuration(
        ReplicationGroupId=id_,
        NodeGroupCount=wanted,
        ApplyImmediately=True,
        **given(NodeGroupsToRemove=shards[wanted:] or None),
    )


def _log_asked(log: Properties) -> dict[str, Any]:
    to_logs = log["destinationType"] == "cloudwatch-logs"
    target = ("CloudWatchLogsDetails", "LogGroup") if to_logs else ("KinesisFirehoseDetails", "DeliveryStream")
    return {
        "LogType": log["logType"],
        "LogFormat": log["logFormat"],
        "DestinationType": log["destinationType"],
        "DestinationDetails": {target[0]: {target[1]: log["destination"]}},
    }


def _log_shown(log: dict[str, Any]) -> Properties:
    [details] = log["DestinationDetails"].values()
    [destination] = details.values()
    return {
        "destination": destination,
        "destinationType": log["DestinationType"],
        "logFormat": log["LogFormat"],
        "logType": log["LogType"],
    }


def _of_group(group: dict[str, Any]) -> Properties:
    shards = group["NodeGroups"]
    asked_as_shown = {name: group[to] for name, to in AS_ASKED.items() if to in group}
    return asked_as_shown | {
        "arn": group["ARN"],
        "automaticFailoverEnabled": group["AutomaticFailover"] == "enabled",
        "clusterEnabled": group["ClusterEnabled"],
        "configurationEndpointAddress": group.get("ConfigurationEndpoint", {}).get("Address", ""),
        "dataTieringEnabled": group["DataTiering"] == "enabled",
        "description": group["Description"],
        "logDeliveryConfigurations": [_log_shown(log) for log in group["LogDeliveryConfigurations"]],
        "memberClusters": sorted(group["MemberClusters"]),
        "multiAzEnabled": group["MultiAZ"] == "enabled",
        "numCacheClusters": len(group["MemberClusters"]),
        "numNodeGroups": len(shards),
        "primaryEndpointAddress": shards[0].get("PrimaryEndpoint", {}).get("Address", ""),
        "readerEndpointAddress": shards[0].get("ReaderEndpoint", {}).get("Address", ""),
        "replicasPerNodeGroup": len(shards[0]["NodeGroupMembers"]) - 1,
    }


def _of_member(member: dict[str, Any]) -> Properties:
    """What AWS shows of the nodes only. `engineVersion` is major.minor, as the AWS provider keeps it."""
    version = member["EngineVersion"]
    return {
        "engineVersion": ".".join(version.split(".")[:2]),
        "engineVersionActual": version,
        "maintenanceWindow": member["PreferredMaintenanceWindow"],
        "parameterGroupName": member["CacheParameterGroup"]["CacheParameterGroupName"],
        "port": member["CacheNodes"][0]["Endpoint"]["Port"],
        "securityGroupIds": [group["SecurityGroupId"] for group in member["SecurityGroups"]],
        "subnetGroupName": member.get("CacheSubnetGroupName"),
    }


HANDLERS: tuple[Handler, ...] = (ReplicationGroup(),)
INVOKES: dict[str, Any] = {}
