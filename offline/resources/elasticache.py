"""Carry ElastiCache replication groups, subnet groups and parameter groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from offline.handler import Aws, Handler, Properties, fields, given, tag_list, tag_map

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
UNREADABLE = fields("applyImmediately authToken authTokenUpdateStrategy finalSnapshotIdentifier")
"""What AWS itself never shows, and what only steers a later call."""


def _first(call: Any, found: str, **parameters: str) -> dict[str, Any] | None:
    try:
        return call(**parameters)[found][0]
    except ClientError as error:
        if "NotFound" in error.response["Error"]["Code"]:
            return None
        raise


def _tags(aws: Aws, arn: str) -> Properties:
    tags = tag_map(aws("elasticache").list_tags_for_resource(ResourceName=arn)["TagList"])
    return {"tags": tags, "tagsAll": tags}


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
        group = _first(cache.describe_replication_groups, "ReplicationGroups", ReplicationGroupId=id_)
        if group is None:
            return None
        member = cache.describe_cache_clusters(CacheClusterId=group["MemberClusters"][0], ShowCacheNodeInfo=True)
        return _of_group(group) | _of_member(member["CacheClusters"][0]) | _tags(aws, group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        snapshot = given(FinalSnapshotIdentifier=state.get("finalSnapshotIdentifier"))
        aws("elasticache").delete_replication_group(ReplicationGroupId=id_, **snapshot)


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


class SubnetGroup(Handler):
    """`aws.elasticache.SubnetGroup`; its id is its name."""

    token = "aws:elasticache/subnetGroup:SubnetGroup"
    emulates = fields("description name subnetIds tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName=inputs["name"],
            CacheSubnetGroupDescription=inputs.get("description", "Managed by Pulumi"),
            SubnetIds=inputs["subnetIds"],
            Tags=tag_list(inputs.get("tags")),
        )
        return made["CacheSubnetGroup"]["CacheSubnetGroupName"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        describe = aws("elasticache").describe_cache_subnet_groups
        group = _first(describe, "CacheSubnetGroups", CacheSubnetGroupName=id_)
        if group is None:
            return None
        return {
            "name": group["CacheSubnetGroupName"],
            "description": group["CacheSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "vpcId": group["VpcId"],
            "arn": group["ARN"],
        } | _tags(aws, group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elasticache").delete_cache_subnet_group(CacheSubnetGroupName=id_)


class ParameterGroup(Handler):
    """`aws.elasticache.ParameterGroup`; its id is its name. Only what was set is read back."""

    token = "aws:elasticache/parameterGroup:ParameterGroup"
    emulates = fields("description family name parameters tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, cache = inputs["name"], aws("elasticache")
        cache.create_cache_parameter_group(
            CacheParameterGroupName=name,
            CacheParameterGroupFamily=inputs["family"],
            Description=inputs.get("description", "Managed by Pulumi"),
            Tags=tag_list(inputs.get("tags")),
        )
        rows = [{"ParameterName": p["name"], "ParameterValue": p["value"]} for p in inputs.get("parameters", [])]
        if rows:
            cache.modify_cache_parameter_group(CacheParameterGroupName=name, ParameterNameValues=rows)
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        cache = aws("elasticache")
        group = _first(cache.describe_cache_parameter_groups, "CacheParameterGroups", CacheParameterGroupName=id_)
        if group is None:
            return None
        rows = cache.describe_cache_parameters(CacheParameterGroupName=id_, Source="user")["Parameters"]
        return {
            "name": group["CacheParameterGroupName"],
            "family": group["CacheParameterGroupFamily"],
            "description": group["Description"],
            "parameters": [{"name": row["ParameterName"], "value": row["ParameterValue"]} for row in rows],
            "arn": group["ARN"],
        } | _tags(aws, group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elasticache").delete_cache_parameter_group(CacheParameterGroupName=id_)


HANDLERS: tuple[Handler, ...] = (ReplicationGroup(), SubnetGroup(), ParameterGroup())
INVOKES: dict[str, Any] = {}
