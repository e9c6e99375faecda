"""Put data into whatever of an account can hold some, and read it back with boto3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

SNAPSHOT = "before-the-switch"
MARK = "kept"
SHARD = re.compile(r"customers-shard-(\d+)-")


def put_data(account: Any) -> None:
    """An item in every table, an object in every bucket, a message in every queue, a snapshot of the database.

    What has some already gets no more.
    """
    held = data_in(account)
    for table in set(_tables(account)) - held.keys():
        item = {name: _typed(kind, f"{MARK} {name}") for name, kind in _key(account, table).items()}
        account.client("dynamodb").put_item(TableName=table, Item=item)
    for bucket in _buckets(account):
        account.client("s3").put_object(Bucket=bucket, Key=f"{MARK}/{bucket}", Body=bucket.encode())
    for url in (each for each in _queues(account) if held[each] == str([])):
        account.client("sqs").send_message(QueueUrl=url, MessageBody=f"{MARK} {url}")
    for primary in _primaries(account) if SNAPSHOT not in held else []:
        name = primary["DBInstanceIdentifier"]
        account.client("rds").create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=SNAPSHOT)


def move_customers(account: Any, shards: int) -> None:
    """Move every item of the customers' shards from number *shards* on to the first one."""
    numbers = {int(found[1]): name for name in _tables(account) if (found := SHARD.search(name))}
    tables = account.client("dynamodb")
    for table in [name for number, name in numbers.items() if number >= shards]:
        for item in tables.scan(TableName=table)["Items"]:
            tables.put_item(TableName=numbers[0], Item=item)
            tables.delete_item(TableName=table, Key={name: item[name] for name in _key(account, table)})


def data_in(account: Any) -> dict[str, str]:
    """Everything that is in the account, `put_data`'s and the program's own: where it is -> what it is."""
    return dict(_data(account))


def identities(account: Any) -> dict[str, str]:
    """What a table, database, cache or secret keeps for its whole life: another means that it was made anew."""
    tables = [account.client("dynamodb").describe_table(TableName=each)["Table"] for each in _tables(account)]
    caches = account.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    secrets = account.client("secretsmanager").list_secrets()["SecretList"]
    return {
        **{each["TableName"]: each["TableId"] for each in tables},
        **{each["DBInstanceIdentifier"]: each["DbiResourceId"] for each in _primaries(account)},
        **{each["ReplicationGroupId"]: str(each.get("ReplicationGroupCreateTime")) for each in caches},
        **{each["Name"]: each["ARN"] for each in secrets},
    }


def _data(account: Any) -> Iterator[tuple[str, str]]:
    for table in _tables(account):
        for item in account.client("dynamodb").scan(TableName=table)["Items"]:
            yield table, str(item)
    s3 = account.client("s3")
    for bucket in _buckets(account):
        for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            yield f"{bucket}/{found['Key']}", str(s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read())
    for url in _queues(account):
        seen = account.client("sqs").receive_message(QueueUrl=url, VisibilityTimeout=0, WaitTimeSeconds=0)
        yield url, str([message["Body"] for message in seen.get("Messages", [])])
    for snapshot in account.client("rds").describe_db_snapshots()["DBSnapshots"]:
        yield snapshot["DBSnapshotIdentifier"], snapshot["DBInstanceIdentifier"]


def _tables(account: Any) -> list[str]:
    return account.client("dynamodb").list_tables()["TableNames"]


def _buckets(account: Any) -> list[str]:
    return [each["Name"] for each in account.client("s3").list_buckets()["Buckets"]]


def _queues(account: Any) -> list[str]:
    return account.client("sqs").list_queues().get("QueueUrls", [])


def _primaries(account: Any) -> list[dict[str, Any]]:
    found = account.client("rds").describe_db_instances()["DBInstances"]
    return [each for each in found if not each.get("ReadReplicaSourceDBInstanceIdentifier")]


def _key(account: Any, table: str) -> dict[str, str]:
    """Attribute -> its kind, of a table's primary key."""
    described = account.client("dynamodb").describe_table(TableName=table)["Table"]
    kinds = {each["AttributeName"]: each["AttributeType"] for each in described["AttributeDefinitions"]}
    return {each["AttributeName"]: kinds[each["AttributeName"]] for each in described["KeySchema"]}


def _typed(kind: str, text: str) -> dict[str, str]:
    return {kind: text if kind == "S" else "1"}
