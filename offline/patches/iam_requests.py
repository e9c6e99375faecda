"""IAM: what a request asks for, as policies spell it: actions, each with the ARN that it is about."""

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.utils import get_service_model

from offline.patches.overlay import Call

PREFIXES = {"monitoring": "cloudwatch", "email": "ses"}
"""Name by which requests are signed -> prefix of the service's actions, where they differ."""
BATCHES = {"SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch", "PublishBatch"}
"""Operations of SQS and SNS that are allowed with what they do many times."""
TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""Part of a DynamoDB transaction -> the action that allows it (Developer Guide, "Transactions and IAM")."""


def asked(call: Call) -> Iterator[tuple[str, str]]:
    """Every (action, ARN) that *call* needs; `*` where its service has no resource, or none that is known here."""
    signed = str(get_service_model(call.service).signing_name)
    prefix = PREFIXES.get(signed, signed)
    if call.operation in ("TransactGetItems", "TransactWriteItems"):
        for item in call.params["TransactItems"]:
            for part, about in item.items():
                yield f"dynamodb:{TRANSACTED[part]}", _table(call, about["TableName"])
        return
    action = call.operation.removesuffix("Batch") if call.operation in BATCHES else call.operation
    for resource in _RESOURCES.get(prefix, _unknown)(call):
        yield f"{prefix}:{action}", resource


def _arn(call: Call, rest: str) -> str:
    return f"arn:aws:{call.service}:{call.region}:{call.account_id}:{rest}"


def _unknown(_: Call) -> list[str]:
    return ["*"]


def _queue(call: Call) -> list[str]:
    url = call.params.get("QueueUrl")
    return [_arn(call, url.rpartition("/")[2])] if url else ["*"]


def _topic(call: Call) -> list[str]:
    return [call.params.get("TopicArn") or call.params.get("TargetArn") or "*"]


def _secret(call: Call) -> list[str]:
    held = call.backend.secrets.get(call.params.get("SecretId", ""))
    return [held.arn if held else call.params.get("SecretId", "*")]


def _tables(call: Call) -> list[str]:
    params = call.params
    names = list(params.get("RequestItems", {})) or [name for name in (params.get("TableName"),) if name]
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    return [_table(call, name) + index for name in names] or ["*"]


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else _arn(call, f"table/{name}")


def _parameters(call: Call) -> list[str]:
    names = call.params.get("Names") or [call.params.get("Name") or call.params.get("Path") or "*"]
    return [_arn(call, f"parameter/{name.removeprefix('/')}") for name in names]


def _log(call: Call) -> list[str]:
    """Groups are described as `log-group::log-stream:`, of no name: a policy must allow it on every group.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/permissions-reference-cwl.html
    """
    named = {"DescribeLogGroups": ""}.get(call.operation)
    group, stream = call.params.get("logGroupName", named), call.params.get("logStreamName", "")
    return ["*"] if group is None else [_arn(call, f"log-group:{group}:log-stream:{stream}")]


def _group(call: Call) -> list[str]:
    held = call.backend.autoscaling_groups.get(call.params.get("AutoScalingGroupName", ""))
    return [held.arn if held else "*"]


def _role(call: Call) -> list[str]:
    name = call.params.get("RoleName")
    return [f"arn:aws:iam::{call.account_id}:role/{name}" if name else "*"]


def _assumed(call: Call) -> list[str]:
    return [call.params.get("RoleArn", "*")]


_RESOURCES: dict[str, Callable[[Any], list[str]]] = {
    "autoscaling": _group,
    "dynamodb": _tables,
    "iam": _role,
    "logs": _log,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameters,
    "sts": _assumed,
}
"""Prefix -> what a request is about: the services that a server of the store calls, and those that it must not."""
