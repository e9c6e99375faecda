"""Carry DynamoDB tables into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from offline.handler import Aws, Handler, Properties, fields, given, tag_list, tag_map

ON_DEMAND = "PAY_PER_REQUEST"


def _keys(inputs: Properties) -> list[dict[str, str]]:
    kinds = {"HASH": inputs["hashKey"], "RANGE": inputs.get("rangeKey")}
    return [{"AttributeName": name, "KeyType": kind} for kind, name in kinds.items() if name]


def _capacity(inputs: Properties) -> dict[str, Any]:
    """Give the billing mode; capacity goes with PROVISIONED alone, which is also AWS's default."""
    if inputs.get("billingMode") == ON_DEMAND:
        return {"BillingMode": ON_DEMAND}
    units = {"ReadCapacityUnits": inputs.get("readCapacity"), "WriteCapacityUnits": inputs.get("writeCapacity")}
    return {"BillingMode": "PROVISIONED", "ProvisionedThroughput": given(**units)}


class Table(Handler):
    """`aws.dynamodb.Table`; its id is the table's name."""

    token = "aws:dynamodb/table:Table"
    emulates = fields(
        "attributes billingMode deletionProtectionEnabled hashKey name pointInTimeRecovery rangeKey readCapacity tags"
        " ttl writeCapacity"
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, dynamodb = inputs["name"], aws("dynamodb")
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
                for attribute in inputs["attributes"]
            ],
            KeySchema=_keys(inputs),
            DeletionProtectionEnabled=inputs.get("deletionProtectionEnabled", False),
            Tags=tag_list(inputs.get("tags")),
            **_capacity(inputs),
        )
        if (ttl := inputs.get("ttl", {})).get("enabled"):
            wanted = {"Enabled": True, "AttributeName": ttl["attributeName"]}
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
        if (recovery := inputs.get("pointInTimeRecovery", {})).get("enabled"):
            days = given(RecoveryPeriodInDays=recovery.get("recoveryPeriodInDays"))
            dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, **days}
            )
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        try:
            table = aws("dynamodb").describe_table(TableName=id_)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        tags = tag_map(aws("dynamodb").list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"])
        return {
            **_shape(table),
            "ttl": _ttl(aws, id_),
            "pointInTimeRecovery": _recovery(aws, id_),
            "arn": table["TableArn"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("dynamodb").delete_table(TableName=id_)


def _shape(table: Mapping[str, Any]) -> Properties:
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    mode = table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    units = table.get("ProvisionedThroughput", {}) if mode != ON_DEMAND else {}
    definitions = table["AttributeDefinitions"]
    return given(
        name=table["TableName"],
        hashKey=keys["HASH"],
        rangeKey=keys.get("RANGE"),
        attributes=[{"name": each["AttributeName"], "type": each["AttributeType"]} for each in definitions],
        billingMode=mode,
        readCapacity=units.get("ReadCapacityUnits"),
        writeCapacity=units.get("WriteCapacityUnits"),
        deletionProtectionEnabled=table["DeletionProtectionEnabled"],
    )


def _ttl(aws: Aws, name: str) -> Properties | None:
    found = aws("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if found["TimeToLiveStatus"] not in ("ENABLED", "ENABLING"):
        return None
    return {"enabled": True, "attributeName": found["AttributeName"]}


def _recovery(aws: Aws, name: str) -> Properties:
    found = aws("dynamodb").describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = found["PointInTimeRecoveryDescription"]
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        return {"enabled": False}
    return given(enabled=True, recoveryPeriodInDays=recovery.get("RecoveryPeriodInDays"))


HANDLERS: tuple[Handler, ...] = (Table(),)
INVOKES: dict[str, Any] = {}
