"""Carry RDS instances, their replicas, subnet groups and parameter groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from offline.handler import Aws, Handler, Properties, changed, fields, given, standing, tag_changes, tag_list, tag_map

# fmt: off
AS_SHOWN = {
    "allocatedStorage": "AllocatedStorage", "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "availabilityZone": "AvailabilityZone", "backupRetentionPeriod": "BackupRetentionPeriod",
    "backupWindow": "PreferredBackupWindow", "caCertIdentifier": "CACertificateIdentifier",
    "copyTagsToSnapshot": "CopyTagsToSnapshot", "databaseInsightsMode": "DatabaseInsightsMode",
    "dbName": "DBName", "deletionProtection": "DeletionProtection",
    "engine": "Engine", "engineLifecycleSupport": "EngineLifecycleSupport",
    "engineVersion": "EngineVersion", "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass", "iops": "Iops", "kmsKeyId": "KmsKeyId",
    "maintenanceWindow": "PreferredMaintenanceWindow", "maxAllocatedStorage": "MaxAllocatedStorage",
    "monitoringInterval": "MonitoringInterval", "monitoringRoleArn": "MonitoringRoleArn",
    "multiAz": "MultiAZ", "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "publiclyAccessible": "PubliclyAccessible", "storageEncrypted": "StorageEncrypted",
    "storageThroughput": "StorageThroughput", "storageType": "StorageType", "username": "MasterUsername",
}
"""Pulumi's property -> its name both in CreateDBInstance and in what DescribeDBInstances shows."""
AS_ASKED = AS_SHOWN | {
    "dbSubnetGroupName": "DBSubnetGroupName", "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication", "password": "MasterUserPassword",
    "parameterGroupName": "DBParameterGroupName", "performanceInsightsEnabled": "EnablePerformanceInsights",
    "port": "Port", "vpcSecurityGroupIds": "VpcSecurityGroupIds",
}
# fmt: on
INHERITED = fields("allocatedStorage dbName engine engineLifecycleSupport engineVersion password username")
"""What a replica in the source's region takes from it; the API has no parameter for it, or AWS refuses it."""
AFTER_BIRTH = fields("backupRetentionPeriod backupWindow maintenanceWindow parameterGroupName")
"""What CreateDBInstanceReadReplica does not take: the AWS provider modifies the replica once it stands."""
UNREADABLE = fields(
    "allowMajorVersionUpgrade applyImmediately deleteAutomatedBackups finalSnapshotIdentifier password"
    " skipFinalSnapshot"
)
"""What AWS itself never shows, and what only steers a later call."""


MODIFIED_AS = {"identifier": "NewDBInstanceIdentifier", "port": "DBPortNumber"}
"""What ModifyDBInstance calls otherwise than CreateDBInstance."""
UNSAID: dict[str, Any] = {
    "copyTagsToSnapshot": False,
    "deletionProtection": False,
    "enabledCloudwatchLogsExports": [],
    "iamDatabaseAuthenticationEnabled": False,
    "maxAllocatedStorage": 0,
    "monitoringInterval": 0,
    "multiAz": False,
    "performanceInsightsEnabled": False,
    "publiclyAccessible": False,
}
"""What a setting is when it is not asked for; those that AWS chooses stay as they are."""
DESCRIPTION = "Managed by Pulumi"


def _first(call: Any, found: str, **parameters: Any) -> dict[str, Any] | None:
    try:
        return next(iter(call(**parameters)[found]), None)
    except ClientError as error:
        if "NotFound" in error.response["Error"]["Code"]:
            return None
        raise


def _tags(aws: Aws, arn: str) -> Properties:
    tags = tag_map(aws("rds").list_tags_for_resource(ResourceName=arn)["TagList"])
    return {"tags": tags, "tagsAll": tags}


def _retag(aws: Aws, arn: str, old: Properties, new: Properties) -> None:
    tags, gone = tag_changes(old, new)
    if tags:
        aws("rds").add_tags_to_resource(ResourceName=arn, Tags=tag_list(tags))
    if gone:
        aws("rds").remove_tags_from_resource(ResourceName=arn, TagKeys=gone)


class Instance(Handler):
    """`aws.rds.Instance`, primary or replica; its id is the resource id `db-...`, which outlives an identifier."""

    token = "aws:rds/instance:Instance"
    emulates = frozenset(AS_ASKED) - UNREADABLE | fields("replicateSourceDb tags")
    records = UNREADABLE

    def create(self, aws: Aws, inputs: Properties) -> str:
        asked = {name: inputs[name] for name in AS_ASKED if name in inputs}
        if not asked.get("maxAllocatedStorage"):  # 0 is the AWS provider's "no autoscaling"; the API has no such value
            asked.pop("maxAllocatedStorage", None)
        tags = tag_list(inputs.get("tags"))
        make = _create_replica if inputs.get("replicateSourceDb") else _create_primary
        return make(aws, asked, inputs.get("replicateSourceDb", ""), tags)

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        by_id = [{"Name": "dbi-resource-id", "Values": [id_]}]
        instance = _first(aws("rds").describe_db_instances, "DBInstances", Filters=by_id)
        if instance is None:
            return None
        return {
            **{name: instance[to] for name, to in AS_SHOWN.items() if to in instance},
            **_settings(instance),
            **_place(instance),
            **_version(instance["EngineVersion"], state.get("engineVersion")),
            **_tags(aws, instance["DBInstanceArn"]),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Refuse, as the AWS provider does, to delete data without a final snapshot unless told to skip it."""
        name = self._name(aws, id_)
        skip = bool(state.get("skipFinalSnapshot")) or bool(state.get("replicateSourceDb"))
        snapshot = state.get("finalSnapshotIdentifier")
        if not skip and not snapshot:
            raise ValueError(
                f"finalSnapshotIdentifier of {name} is not set; allowed: a name, or skipFinalSnapshot: true."
                " Fix: set one of them, run `up`, then delete"
            )
        aws("rds").delete_db_instance(
            DBInstanceIdentifier=name,
            SkipFinalSnapshot=skip,
            DeleteAutomatedBackups=state.get("deleteAutomatedBackups", True),
            **given(FinalDBSnapshotIdentifier=None if skip else snapshot),
        )

    def _name(self, aws: Aws, id_: str) -> str:
        """The identifier, by which RDS wants to be told, of a resource id."""
        by_id = [{"Name": "dbi-resource-id", "Values": [id_]}]
        return aws("rds").describe_db_instances(Filters=by_id)["DBInstances"][0]["DBInstanceIdentifier"]

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Change the instance; a replica that names its source no more becomes a primary first."""
        name, rds = self._name(aws, id_), aws("rds")
        if changed(old, new, "replicateSourceDb"):
            if new.get("replicateSourceDb"):
                raise ValueError(
                    f"replicateSourceDb of {name} changes; allowed: to be taken out. Fix: a replica of another name"
                )
            rds.promote_read_replica(DBInstanceIdentifier=name)
        wanted = _modifications(old, new)
        if wanted:
            rds.modify_db_instance(
                DBInstanceIdentifier=name,
                ApplyImmediately=new.get("applyImmediately", False),
                AllowMajorVersionUpgrade=new.get("allowMajorVersionUpgrade", False),
                **wanted,
            )
        _retag(aws, aws.arn("rds", f"db:{wanted.get('NewDBInstanceIdentifier', name)}"), old, new)

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        """By its identifier, as the AWS provider has it, or by its resource id."""
        if id_.startswith("db-"):
            return id_, {}
        held = _first(aws("rds").describe_db_instances, "DBInstances", DBInstanceIdentifier=id_)
        return (held["DbiResourceId"] if held else id_), {}


def _create_primary(aws: Aws, asked: Properties, _: str, tags: list[dict[str, str]]) -> str:
    parameters = {AS_ASKED[name]: value for name, value in asked.items()}
    return aws("rds").create_db_instance(**parameters, Tags=tags)["DBInstance"]["DbiResourceId"]


def _create_replica(aws: Aws, asked: Properties, source: str, tags: list[dict[str, str]]) -> str:
    if inherited := sorted(INHERITED & asked.keys()):
        raise ValueError(
            f"a replica of {source} was given {', '.join(inherited)}; allowed: none. Fix: it inherits them"
        )
    elsewhere = AFTER_BIRTH | {"storageEncrypted"}
    at_birth = {AS_ASKED[name]: value for name, value in asked.items() if name not in elsewhere}
    rds = aws("rds")
    made = rds.create_db_instance_read_replica(**at_birth, SourceDBInstanceIdentifier=source, Tags=tags)["DBInstance"]
    later = {AS_ASKED[name]: value for name, value in asked.items() if name in AFTER_BIRTH}
    if later:
        name = made["DBInstanceIdentifier"]
        with standing(made["DbiResourceId"]):
            rds.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=True, **later)
    return made["DbiResourceId"]


def _modifications(old: Properties, new: Properties) -> dict[str, Any]:
    """The parameters of ModifyDBInstance that turn *old* into *new*."""
    wanted = {name: new.get(name, UNSAID.get(name)) for name in AS_ASKED if changed(old, new, name)}
    exports = wanted.pop("enabledCloudwatchLogsExports", None)
    spelled = {MODIFIED_AS.get(name, AS_ASKED[name]): value for name, value in wanted.items() if value is not None}
    if spelled.get("MaxAllocatedStorage") == 0:  # RDS User Guide: autoscaling ends where the maximum is what there is
        spelled["MaxAllocatedStorage"] = new["allocatedStorage"]
    if exports is not None:
        held = set(old.get("enabledCloudwatchLogsExports") or ())
        spelled["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(set(exports) - held),
            "DisableLogTypes": sorted(held - set(exports)),
        }
    return spelled


def _settings(instance: dict[str, Any]) -> Properties:
    """What AWS shows under another name, or in another shape, than it was asked for."""
    return {
        "enabledCloudwatchLogsExports": instance.get("EnabledCloudwatchLogsExports", []),
        "iamDatabaseAuthenticationEnabled": instance["IAMDatabaseAuthenticationEnabled"],
        "maxAllocatedStorage": instance.get("MaxAllocatedStorage", 0),
        "parameterGroupName": instance["DBParameterGroups"][0]["DBParameterGroupName"],
        "performanceInsightsEnabled": instance["PerformanceInsightsEnabled"],
        "replicas": instance.get("ReadReplicaDBInstanceIdentifiers", []),
        "replicateSourceDb": instance.get("ReadReplicaSourceDBInstanceIdentifier", ""),
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]],
    }


def _place(instance: dict[str, Any]) -> Properties:
    address, port = instance["Endpoint"]["Address"], instance["Endpoint"]["Port"]
    return {
        "address": address,
        "arn": instance["DBInstanceArn"],
        "dbSubnetGroupName": instance.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        "endpoint": f"{address}:{port}",
        "port": port,
        "resourceId": instance["DbiResourceId"],
        "status": instance["DBInstanceStatus"],
    }


def _version(actual: str, asked: str | None) -> Properties:
    """Keep a prefix such as `17` while AWS runs a version under it, as the AWS provider does."""
    within = asked is not None and f"{actual}.".startswith(f"{asked}.")
    return {"engineVersion": asked if within else actual, "engineVersionActual": actual}


class SubnetGroup(Handler):
    """`aws.rds.SubnetGroup`; its id is its name."""

    token = "aws:rds/subnetGroup:SubnetGroup"
    emulates = fields("description name subnetIds tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("rds").create_db_subnet_group(
            DBSubnetGroupName=inputs["name"],
            DBSubnetGroupDescription=inputs.get("description", DESCRIPTION),
            SubnetIds=inputs["subnetIds"],
            Tags=tag_list(inputs.get("tags")),
        )
        return made["DBSubnetGroup"]["DBSubnetGroupName"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = _first(aws("rds").describe_db_subnet_groups, "DBSubnetGroups", DBSubnetGroupName=id_)
        if group is None:
            return None
        return {
            "name": group["DBSubnetGroupName"],
            "description": group["DBSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "vpcId": group["VpcId"],
            "arn": group["DBSubnetGroupArn"],
        } | _tags(aws, group["DBSubnetGroupArn"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("rds").delete_db_subnet_group(DBSubnetGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws("rds").modify_db_subnet_group(
            DBSubnetGroupName=id_,
            DBSubnetGroupDescription=new.get("description", DESCRIPTION),
            SubnetIds=new["subnetIds"],
        )
        _retag(aws, aws.arn("rds", f"subgrp:{id_}"), old, new)


class ParameterGroup(Handler):
    """`aws.rds.ParameterGroup`; its id is its name. An omitted `applyMethod` is `immediate`, as in pulumi-aws."""

    token = "aws:rds/parameterGroup:ParameterGroup"
    emulates = fields("description family name parameters tags")
    records = fields("skipDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, rds = inputs["name"], aws("rds")
        rds.create_db_parameter_group(
            DBParameterGroupName=name,
            DBParameterGroupFamily=inputs["family"],
            Description=inputs.get("description", DESCRIPTION),
            Tags=tag_list(inputs.get("tags")),
        )
        rows = [_row(parameter) for parameter in inputs.get("parameters", [])]
        if rows:
            with standing(name):
                rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=rows)
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        rds = aws("rds")
        group = _first(rds.describe_db_parameter_groups, "DBParameterGroups", DBParameterGroupName=id_)
        if group is None:
            return None
        rows = rds.describe_db_parameters(DBParameterGroupName=id_)["Parameters"]
        return {
            "name": group["DBParameterGroupName"],
            "family": group["DBParameterGroupFamily"],
            "description": group["Description"],
            "parameters": [_parameter(row) for row in rows],
            "arn": group["DBParameterGroupArn"],
        } | _tags(aws, group["DBParameterGroupArn"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        if not state.get("skipDestroy"):
            aws("rds").delete_db_parameter_group(DBParameterGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        held, wanted = ([_row(each) for each in bag.get("parameters", [])] for bag in (old, new))
        names = {row["ParameterName"] for row in wanted}
        if rows := [row for row in wanted if row not in held]:
            aws("rds").modify_db_parameter_group(DBParameterGroupName=id_, Parameters=rows)
        if gone := [row for row in held if row["ParameterName"] not in names]:
            aws("rds").reset_db_parameter_group(DBParameterGroupName=id_, Parameters=gone)
        _retag(aws, aws.arn("rds", f"pg:{id_}"), old, new)


def _row(parameter: Properties) -> dict[str, str]:
    method = parameter.get("applyMethod", "immediate")
    return {"ParameterName": parameter["name"], "ParameterValue": parameter["value"], "ApplyMethod": method}


def _parameter(row: dict[str, str]) -> Properties:
    return {"name": row["ParameterName"], "value": row["ParameterValue"], "applyMethod": row["ApplyMethod"]}


HANDLERS: tuple[Handler, ...] = (Instance(), SubnetGroup(), ParameterGroup())
INVOKES: dict[str, Any] = {}
