"""Carry KMS keys, their policies and their aliases into the offline account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, changed, fields, given, standing, tag_changes

SYMMETRIC = "SYMMETRIC_DEFAULT"
ENCRYPTION = "ENCRYPT_DECRYPT"
POLICY_NAME = "default"
POLICY_DATE = "2012-10-17"


def _metadata(aws: Aws, key_id: str) -> Mapping[str, Any] | None:
    """What KMS says of a key; None also of one that waits for its deletion."""
    held = unless_gone(lambda: aws("kms").describe_key(KeyId=key_id)["KeyMetadata"], "NotFoundException")
    return None if held is None or held["KeyState"] == "PendingDeletion" else held


def _policy(aws: Aws, key_id: str) -> str:
    return aws("kms").get_key_policy(KeyId=key_id, PolicyName=POLICY_NAME)["Policy"]


def default_policy(aws: Aws) -> str:
    """What AWS gives a key that is made without a policy (KMS Developer Guide, "Default key policy")."""
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": aws.arn("iam", "root", regional=False)},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": POLICY_DATE, "Id": "key-default-1", "Statement": [statement]})


class Key(Handler):
    """`aws.kms.Key`; its id is the key's id."""

    token = "aws:kms/key:Key"
    emulates = fields("customerMasterKeySpec description enableKeyRotation keyUsage multiRegion policy tags")
    records = fields("deletionWindowInDays")
    """An argument of the deletion, which no AWS API shows."""

    defaults: ClassVar[Mapping[str, Any]] = {"customerMasterKeySpec": SYMMETRIC, "keyUsage": ENCRYPTION}

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = [{"TagKey": key, "TagValue": value} for key, value in inputs.get("tags", {}).items()]
        wanted = given(Description=inputs.get("description"), Policy=inputs.get("policy"))
        made = aws("kms").create_key(
            **wanted,
            Tags=tags,
            KeySpec=inputs.get("customerMasterKeySpec", SYMMETRIC),
            KeyUsage=inputs.get("keyUsage", ENCRYPTION),
            MultiRegion=inputs.get("multiRegion", False),
        )
        key_id = made["KeyMetadata"]["KeyId"]
        if inputs.get("enableKeyRotation"):
            with standing(key_id):
                aws("kms").enable_key_rotation(KeyId=key_id)
        return key_id

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        found = _metadata(aws, id_)
        if found is None:
            return None
        listed = aws("kms").list_resource_tags(KeyId=id_)["Tags"]
        tags = {tag["TagKey"]: tag["TagValue"] for tag in listed}
        return {
            "arn": found["Arn"],
            "keyId": id_,
            "customerMasterKeySpec": found["KeySpec"],
            "description": found["Description"],
            "enableKeyRotation": aws("kms").get_key_rotation_status(KeyId=id_)["KeyRotationEnabled"],
            "keyUsage": found["KeyUsage"],
            "multiRegion": found["MultiRegion"],
            "policy": _policy(aws, id_),
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Schedule the deletion: AWS keeps a key for 7 to 30 days, during which the deletion can be taken back."""
        aws("kms").schedule_key_deletion(KeyId=id_, **given(PendingWindowInDays=state.get("deletionWindowInDays")))

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        kms = aws("kms")
        if changed(old, new, "description"):
            kms.update_key_description(KeyId=id_, Description=new.get("description", ""))
        if changed(old, new, "enableKeyRotation"):
            switch = kms.enable_key_rotation if new.get("enableKeyRotation") else kms.disable_key_rotation
            switch(KeyId=id_)
        if changed(old, new, "policy"):
            kms.put_key_policy(KeyId=id_, PolicyName=POLICY_NAME, Policy=new.get("policy", default_policy(aws)))
        tags, gone = tag_changes(old, new)
        if tags:
            kms.tag_resource(KeyId=id_, Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()])
        if gone:
            kms.untag_resource(KeyId=id_, TagKeys=gone)


class KeyPolicy(Put):
    """`aws.kms.KeyPolicy`; its id is the key's id."""

    token = "aws:kms/keyPolicy:KeyPolicy"
    emulates = fields("keyId policy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("kms").put_key_policy(KeyId=inputs["keyId"], PolicyName=POLICY_NAME, Policy=inputs["policy"])
        return inputs["keyId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        return {"keyId": id_, "policy": _policy(aws, id_)} if _metadata(aws, id_) else None

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Put AWS's default policy back, as the AWS provider does: a key is never without one."""
        policy = default_policy(aws)
        aws("kms").put_key_policy(KeyId=id_, PolicyName=POLICY_NAME, Policy=policy)


class Alias(Handler):
    """`aws.kms.Alias`; its id is the alias's name."""

    token = "aws:kms/alias:Alias"
    emulates = fields("name targetKeyId")

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("kms").create_alias(AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
        return inputs["name"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        pages = aws("kms").get_paginator("list_aliases").paginate()
        found = [alias for page in pages for alias in page["Aliases"] if alias["AliasName"] == id_]
        if not found:
            return None
        [alias] = found
        key = _metadata(aws, alias["TargetKeyId"])
        target = key["Arn"] if key else ""
        return {"name": id_, "arn": alias["AliasArn"], "targetKeyId": alias["TargetKeyId"], "targetKeyArn": target}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("kms").delete_alias(AliasName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws("kms").update_alias(AliasName=id_, TargetKeyId=new["targetKeyId"])


HANDLERS: tuple[Handler, ...] = (Key(), KeyPolicy(), Alias())
INVOKES: dict[str, Any] = {}
