"""Carry Secrets Manager secrets and their versions into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.moto_api._internal import mock_random

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, change_tags, changed, fields, given, tag_list, tag_map

RECOVERY_DAYS = 30
"""How long a deleted secret can be restored when nothing else is said (Secrets Manager API, DeleteSecret)."""


DEFAULT_KEY = "alias/aws/secretsmanager"
"""The key that encrypts a secret for which none was chosen (Secrets Manager API, CreateSecret KmsKeyId)."""
CURRENT = "AWSCURRENT"


def _token() -> str:
    """A version's id. Given, because boto3 would invent another one at each run."""
    return str(mock_random.uuid4())


def _found(call: Any, **parameters: str) -> dict[str, Any] | None:
    return unless_gone(lambda: call(**parameters), "ResourceNotFoundException")


class Secret(Handler):
    """`aws.secretsmanager.Secret`, an empty one; its id is its ARN. The recovery window counts at deletion only."""

    token = "aws:secretsmanager/secret:Secret"
    emulates = fields("description kmsKeyId name tags")
    records = fields("recoveryWindowInDays")

    def create(self, aws: Aws, inputs: Properties) -> str:
        settings = given(Description=inputs.get("description"), KmsKeyId=inputs.get("kmsKeyId"))
        tags = tag_list(inputs.get("tags"))
        made = aws("secretsmanager").create_secret(
            Name=inputs["name"], ClientRequestToken=_token(), Tags=tags, **settings
        )
        return made["ARN"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = _found(aws("secretsmanager").describe_secret, SecretId=id_)
        if held is None or "DeletedDate" in held:
            return None
        tags = tag_map(held.get("Tags"))
        return {
            "arn": held["ARN"],
            "name": held["Name"],
            "description": held.get("Description"),
            "kmsKeyId": held.get("KmsKeyId"),
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Schedule the deletion; a window of 0 days, the AWS provider's own convention, deletes at once."""
        days = state.get("recoveryWindowInDays", RECOVERY_DAYS)
        how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        aws("secretsmanager").delete_secret(SecretId=id_, **how)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        secrets = aws("secretsmanager")
        if changed(old, new, "description", "kmsKeyId"):
            settings = given(KmsKeyId=new.get("kmsKeyId", DEFAULT_KEY), Description=new.get("description", ""))
            secrets.update_secret(SecretId=id_, ClientRequestToken=_token(), **settings)
        change_tags(old, new, secrets.tag_resource, secrets.untag_resource, SecretId=id_)


class SecretVersion(Handler):
    """`aws.secretsmanager.SecretVersion`; its id is `<secret's ARN>|<version's id>`."""

    token = "aws:secretsmanager/secretVersion:SecretVersion"
    emulates = fields("secretId secretString versionStages")

    def create(self, aws: Aws, inputs: Properties) -> str:
        value = given(SecretString=inputs.get("secretString"), VersionStages=inputs.get("versionStages"))
        secret = inputs["secretId"]
        made = aws("secretsmanager").put_secret_value(SecretId=secret, ClientRequestToken=_token(), **value)
        return f"{made['ARN']}|{made['VersionId']}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        secret, version = id_.split("|")
        held = _found(aws("secretsmanager").get_secret_value, SecretId=secret, VersionId=version)
        if held is None:
            return None
        return {
            "arn": held["ARN"],
            "secretId": held["ARN"],
            "secretArn": held["ARN"],
            "versionId": held["VersionId"],
            "versionStages": held["VersionStages"],
            "secretString": held.get("SecretString"),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Take its stages away but `AWSCURRENT`, which AWS moves but never removes: that one goes with the secret."""
        secret, version = id_.split("|")
        held = aws("secretsmanager").list_secret_version_ids(SecretId=secret, IncludeDeprecated=True)["Versions"]
        stages = next((each["VersionStages"] for each in held if each["VersionId"] == version), [])
        for stage in set(stages) - {CURRENT}:
            aws("secretsmanager").update_secret_version_stage(
                SecretId=secret, VersionStage=stage, RemoveFromVersionId=version
            )

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Stages move from version to version, one of each; `AWSCURRENT` cannot be taken away, only moved."""
        secret, version = id_.split("|")
        held, wanted = (set(each.get("versionStages") or [CURRENT]) for each in (old, new))
        stage = aws("secretsmanager").update_secret_version_stage
        for name in sorted(wanted - held):
            stage(SecretId=secret, VersionStage=name, MoveToVersionId=version)
        for name in sorted(held - wanted - {CURRENT}):
            stage(SecretId=secret, VersionStage=name, RemoveFromVersionId=version)


HANDLERS: tuple[Handler, ...] = (Secret(), SecretVersion())
INVOKES: dict[str, Any] = {}
