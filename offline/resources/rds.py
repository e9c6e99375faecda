"""Carry RDS instances and their replicas into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.data_stores import first, retag, tags_of
from offline.handler import Aws, Handler, Properties, changed, fields, given, standing, tag_list
from offline.suppression import has_grown

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
INHERITED = fields("dbName engine engineLifecycleSupport engineVersion password username")
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
        instance = first(aws("rds").describe_db_instances, "DBInstances", Filters=by_id)
        if instance is None:
            return None
        return {
            **{name: instance[to] for name, to in AS_SHOWN.items() if to in instance},
            **_settings(instance),
            **_place(instance),
            **_version(instance["EngineVersion"], state.get("engineVersion")),
            **tags_of(aws, "rds", instance["DBInstanceArn"]),
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
        retag(aws, "rds", aws.arn("rds", f"db:{wanted.get('NewDBInstanceIdentifier', name)}"), old, new)

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        """By its identifier, as the AWS provider has it, or by its resource id."""
        if id_.startswith("db-"):
            return id_, {}
        held = first(aws("rds").describe_db_instances, "DBInstances", DBInstanceIdentifier=id_)
        return (held["DbiResourceId"] if held else id_), {}


def _create_primary(aws: Aws, asked: Properties, _: str, tags: list[dict[str, str]]) -> str:
    parameters = {AS_ASKED[name]: value for name, value in asked.items()}
    return aws("rds").create_db_instance(**parameters, Tags=tags)["DBInstance"]["DbiResourceId"]


def _create_replica(aws: Aws, asked: Properties, source: str, tags: list[dict[str, str]]) -> str:
    if inherited := sorted(INHERITED & asked.keys()):
        raise ValueError(
            f"a replica of {source} was given {', '.join(inherited)}; allowed: none. Fix: it inherits them"
        )
    elsewhere = AFTER_BIRTH | fields("allocatedStorage storageEncrypted")  # its source's (terraform-provider-aws#12548)
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
    if has_grown(old.get("allocatedStorage"), new):
        wanted.pop("allocatedStorage", None)
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


HANDLERS: tuple[Handler, ...] = (Instance(),)
INVOKES: dict[str, Any] = {}
