"""Carry DynamoDB tables into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, change_tags, changed, fields, given, standing, tag_list, tag_map

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
        with standing(name):
            _expire(aws, name, {}, inputs)
            if inputs.get("pointInTimeRecovery", {}).get("enabled"):
                _recover(aws, name, inputs)
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = unless_gone(lambda: aws("dynamodb").describe_table(TableName=id_), "ResourceNotFoundException")
        if answer is None:
            return None
        table = answer["Table"]
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

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """One UpdateTable for each kind of change: AWS takes one at a time."""
        dynamodb = aws("dynamodb")
        if changed(old, new, "billingMode", "readCapacity", "writeCapacity"):
            dynamodb.update_table(TableName=id_, **_capacity(new))
        if changed(old, new, "deletionProtectionEnabled"):
            protected = new.get("deletionProtectionEnabled", False)
            dynamodb.update_table(TableName=id_, DeletionProtectionEnabled=protected)
        if changed(old, new, "attributes"):
            raise ValueError(
                f"attributes of {id_} change without an index; allowed: those of the keys, which never change."
                " Fix: a new table, and move the items"
            )
        _expire(aws, id_, old, new)
        if changed(old, new, "pointInTimeRecovery"):
            _recover(aws, id_, new)
        arn = dynamodb.describe_table(TableName=id_)["Table"]["TableArn"]
        change_tags(old, new, dynamodb.tag_resource, dynamodb.untag_resource, ResourceArn=arn)


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


def _expire(aws: Aws, name: str, old: Properties, new: Properties) -> None:
    """Turn expiry by one attribute off, and by another on: AWS takes no change of the attribute."""
    held, wanted = ((each.get("ttl") or {}) for each in (old, new))
    if held.get("enabled") and held != wanted:
        off = {"Enabled": False, "AttributeName": held["attributeName"]}
        aws("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=off)
    if wanted.get("enabled") and held != wanted:
        on = {"Enabled": True, "AttributeName": wanted["attributeName"]}
        aws("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=on)


def _recover(aws: Aws, name: str, inputs: Properties) -> None:
    recovery = inputs.get("pointInTimeRecovery") or {}
    days = given(RecoveryPeriodInDays=recovery.get("recoveryPeriodInDays"))
    wanted = {"PointInTimeRecoveryEnabled": recovery.get("enabled", False), **days}
    aws("dynamodb").update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


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
