"""What each word of `stacks/grants.py` is for, as calls that a server makes: the account answers or refuses them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from app.contract import QUEUES
from tests.deploying import Deployed

Clients = Callable[[str], Any]
"""Service -> boto3 client of whoever calls."""
Call = Callable[[Clients], Any]
REFUSED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
KEY = {"customer_id": {"S": "c-1"}, "entry": {"S": "order-1"}}


@dataclass(frozen=True, slots=True)
class World:
    """The deployed store, and what only its owner could prepare in it."""

    store: Deployed
    artifact: str
    """Key of the app's artifact."""

    @classmethod
    def around(cls, store: Deployed) -> World:
        """Find the artifact, and put a picture into its bucket."""
        s3 = store.client("s3")
        for name in ("pictures", "documents"):
            s3.put_object(Bucket=store.outputs[f"{name}_bucket"], Key="items/1.jpg", Body=b"jpeg")
        [artifact] = s3.list_objects_v2(Bucket=store.outputs["artifacts_bucket"])["Contents"]
        return cls(store, artifact["Key"])

    def delivered(self, kind: str) -> dict[str, str]:
        """A message that waits for its deletion: the queue, and the handle by which it is deleted."""
        url, sqs = self.store.outputs["queue_urls"][kind], self.store.client("sqs")
        sqs.send_message(QueueUrl=url, MessageBody="{}")
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        return {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}


def outcome(call: Call, clients: Clients) -> str:
    """Whether the account `allowed` or `refused` the call, or with which error it let it come further."""
    try:
        call(clients)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        return "refused" if code in REFUSED else f"allowed, then {code}"
    return "allowed"


def uses(world: World) -> Mapping[str, Mapping[str, Call]]:
    """Word -> action -> a call that needs it."""
    out = world.store.outputs
    secrets = {word: out[f"{word}_secret_arn"] for word in ("database", "sessions", "calls", "gateway")}
    return {
        "artifacts": {"GetObject": _read(out["artifacts_bucket"], world.artifact)},
        "pictures": _objects(out["pictures_bucket"]),
        "documents": _objects(out["documents_bucket"]),
        "tables": dict(_tables(list(out["shard_map"]["tables"].values()))),
        "publish": _publish(out["topic_arn"]),
        **{word: {"GetSecretValue": _secret(arn)} for word, arn in secrets.items()},
        **{f"send-{kind}": _send(out["queue_urls"][kind]) for kind in QUEUES},
        **{f"consume-{kind}": _consume(world, kind) for kind in QUEUES},
    }


def _publish(topic: str) -> dict[str, Call]:
    entries = [{"Id": "1", "Message": "{}"}]
    return {
        "Publish": lambda of: of("sns").publish(TopicArn=topic, Message="{}"),
        "PublishBatch": lambda of: of("sns").publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries),
    }


def _read(bucket: str, key: str) -> Call:
    return lambda of: of("s3").get_object(Bucket=bucket, Key=key)


def _secret(arn: str) -> Call:
    return lambda of: json.loads(of("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])


def _objects(bucket: str) -> dict[str, Call]:
    new = {"Bucket": bucket, "Key": "items/2.jpg"}

    def upload_in_parts(of: Clients) -> None:
        upload = of("s3").create_multipart_upload(**new)["UploadId"]
        of("s3").abort_multipart_upload(**new, UploadId=upload)

    return {
        "GetObject": _read(bucket, "items/1.jpg"),
        "PutObject": lambda of: of("s3").put_object(**new, Body=b"jpeg"),
        "AbortMultipartUpload": upload_in_parts,
        "ListBucket": lambda of: of("s3").list_objects_v2(Bucket=bucket, MaxKeys=1),
    }


def _send(url: str) -> dict[str, Call]:
    entries = [{"Id": "1", "MessageBody": "{}"}]
    return {
        "SendMessage": lambda of: of("sqs").send_message(QueueUrl=url, MessageBody="{}"),
        "SendMessageBatch": lambda of: of("sqs").send_message_batch(QueueUrl=url, Entries=entries),
    }


def _consume(world: World, kind: str) -> dict[str, Call]:
    url = world.store.outputs["queue_urls"][kind]
    read = world.store.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    dead = json.loads(read["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"].rpartition(":")[2]
    grave = f"{url.rpartition('/')[0]}/{dead}"

    def batch(method: str, **more: Any) -> Call:
        def call(of: Clients) -> None:
            held = world.delivered(kind)
            entry = {"Id": "1", "ReceiptHandle": held["ReceiptHandle"], **more}
            getattr(of("sqs"), method)(QueueUrl=url, Entries=[entry])

        return call

    return {
        "ReceiveMessage": lambda of: of("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=0),
        "ChangeMessageVisibility": batch("change_message_visibility_batch", VisibilityTimeout=30),
        "DeleteMessage": batch("delete_message_batch"),
        "GetQueueAttributes": lambda of: of("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"]),
        "SendMessage to the dead": lambda of: of("sqs").send_message(QueueUrl=grave, MessageBody="{}"),
    }


def _tables(names: list[str]) -> Iterator[tuple[str, Call]]:
    """Every access to each table, and transactions over all of them."""
    for name in names:
        yield from _table(name)
    checks = [{"ConditionCheck": {"TableName": n, "Key": KEY, "ConditionExpression": _ABSENT}} for n in names]
    gets = [{"Get": {"TableName": name, "Key": KEY}} for name in names]
    yield "TransactGetItems", _called("dynamodb", "transact_get_items", TransactItems=gets)
    yield "TransactWriteItems", _called("dynamodb", "transact_write_items", TransactItems=checks)


_ABSENT = "attribute_not_exists(customer_id)"


def _table(name: str) -> Iterator[tuple[str, Call]]:
    put = {"PutRequest": {"Item": KEY}}
    asked = {"KeyConditionExpression": "customer_id = :c", "ExpressionAttributeValues": {":c": KEY["customer_id"]}}
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "PutItem": ("put_item", {"Item": KEY}),
        "GetItem": ("get_item", {"Key": KEY}),
        "UpdateItem": ("update_item", {"Key": KEY, "UpdateExpression": "REMOVE note"}),
        "Query": ("query", asked),
        "DeleteItem": ("delete_item", {"Key": KEY}),
    }
    for action, (method, more) in calls.items():
        yield f"{action} {name}", _called("dynamodb", method, TableName=name, **more)
    yield f"BatchGetItem {name}", _called("dynamodb", "batch_get_item", RequestItems={name: {"Keys": [KEY]}})
    yield f"BatchWriteItem {name}", _called("dynamodb", "batch_write_item", RequestItems={name: [put]})
    yield f"DeleteItem after {name}", _called("dynamodb", "delete_item", TableName=name, Key=KEY)


def _called(service: str, method: str, **params: Any) -> Call:
    return lambda of: getattr(of(service), method)(**params)
