"""What there is of customers in the end, read from where the store keeps it, past everything that served them."""

from __future__ import annotations

import email
from collections.abc import Iterator, Sequence

from app.data.shard_outbox import EVENTS, OPEN
from tests.deploying import Deployed
from tests.end_to_end.victims import Running
from tests.end_to_end.walking import Walk


def rows(running: Running, question: str) -> list[str]:
    """What the database's primary answers, a line for each row."""
    [database] = running.region.databases.values()
    return database.primary.sql(question, database.args.database).splitlines()


def entries(store: Deployed, beginning: str) -> list[str]:
    """What is kept of customers under names with this *beginning*, on all shards, in the names' order."""
    return sorted(name for _, name in _sharded(store) if name.startswith(beginning))


def unsent(store: Deployed) -> list[str]:
    """What lies beside customers' entries because it is not sent or not done yet."""
    return sorted(name for partition, name in _sharded(store) if partition in (EVENTS, OPEN))


def _sharded(store: Deployed) -> Iterator[tuple[str, str]]:
    dynamodb = store.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for item in dynamodb.get_paginator("scan").paginate(TableName=table).search("Items[]"):
            yield item["customer_id"]["S"], item["entry"]["S"]


def letters(store: Deployed, walks: Sequence[Walk]) -> dict[str, list[str]]:
    """Customer -> the subjects of all letters to them, sorted."""
    s3, bucket = store.client("s3"), store.outputs["documents_bucket"]
    found: dict[str, list[str]] = {walk.name: [] for walk in walks}
    for key in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="outbox/").search("Contents[].Key"):
        letter = email.message_from_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        found[str(letter["To"]).split()[0]].append(str(letter["Subject"]))
    return {name: sorted(subjects) for name, subjects in found.items()}


def waiting(store: Deployed) -> dict[str, int]:
    """Queue -> how many messages it holds, where it holds any."""
    sqs = store.client("sqs")
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    held = {
        url.rpartition("/")[2]: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        for url in sqs.list_queues()["QueueUrls"]
    }
    counts = {name: sum(int(count) for count in each.values()) for name, each in held.items()}
    return {name: count for name, count in counts.items() if count}
