"""Carry CloudWatch log groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.handler import Aws, Handler, Properties, changed, fields, given, standing, tag_changes


class LogGroup(Handler):
    """`aws.cloudwatch.LogGroup`; its id is the group's name. Without `retentionInDays` nothing expires, as on AWS."""

    token = "aws:cloudwatch/logGroup:LogGroup"
    emulates = fields("kmsKeyId name retentionInDays tags")
    records = fields("logGroupClass skipDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, logs = inputs["name"], aws("logs")
        logs.create_log_group(logGroupName=name, **given(kmsKeyId=inputs.get("kmsKeyId"), tags=inputs.get("tags")))
        if inputs.get("retentionInDays"):
            with standing(name):
                logs.put_retention_policy(logGroupName=name, retentionInDays=inputs["retentionInDays"])
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        found = aws("logs").describe_log_groups(logGroupNamePrefix=id_)["logGroups"]
        group = next((group for group in found if group["logGroupName"] == id_), None)
        if group is None:
            return None
        tags = aws("logs").list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
        return {
            "name": id_,
            "arn": group["logGroupArn"],
            "retentionInDays": group.get("retentionInDays", 0),
            "kmsKeyId": group.get("kmsKeyId"),
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        if not state.get("skipDestroy"):
            aws("logs").delete_log_group(logGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        logs = aws("logs")
        if changed(old, new, "retentionInDays"):
            if new.get("retentionInDays"):
                logs.put_retention_policy(logGroupName=id_, retentionInDays=new["retentionInDays"])
            else:
                logs.delete_retention_policy(logGroupName=id_)
        if changed(old, new, "kmsKeyId"):
            if new.get("kmsKeyId"):
                logs.associate_kms_key(logGroupName=id_, kmsKeyId=new["kmsKeyId"])
            else:
                logs.disassociate_kms_key(logGroupName=id_)
        arn, (tags, gone) = aws.arn("logs", f"log-group:{id_}"), tag_changes(old, new)
        if tags:
            logs.tag_resource(resourceArn=arn, tags=tags)
        if gone:
            logs.untag_resource(resourceArn=arn, tagKeys=gone)


HANDLERS: tuple[Handler, ...] = (LogGroup(),)
INVOKES: dict[str, Any] = {}
