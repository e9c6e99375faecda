"""One shard: a DynamoDB table that fails alone, so that its customers wait and nobody else does."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from app.data.aws import THREADS, Aws
from app.data.outage import Unavailable

AT_ONCE = THREADS // 2
"""Calls of one process to one shard: a shard that hangs never takes all threads."""
OUT_S = 5.0
"""Seconds for which a shard that failed is not asked again: its customers are told at once, not after a time-out."""

Item = dict[str, Any]
Key = tuple[str, str]
"""Partition and entry."""
Span = tuple[str, str]
"""The first and the last entry that are meant, both included."""

_out, _in = TypeSerializer(), TypeDeserializer()


class RefusedError(Exception):
    """A condition of the write did not hold; nothing was written."""

    def __init__(self, failed: frozenset[int]) -> None:
        """Number the operations whose conditions failed, from 0; none when another transaction was in the way."""
        super().__init__(sorted(failed))
        self.failed = failed


class Shard:
    """One table, keyed by `customer_id` and `entry`."""

    def __init__(self, aws: Aws, name: str, table: str) -> None:
        """Reach *table*, the shard *name*, through *aws*."""
        self.name = name
        self._aws = aws
        self._table = table
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._out_until = 0.0

    async def get(self, *keys: Key) -> list[Item | None]:
        """Read the items of *keys* as they were at one moment. Consistent."""
        gets = [{"Get": {"TableName": self._table, "Key": _key(key)}} for key in keys]
        async with self._turn():
            answer = await self._aws.call("dynamodb", "transact_get_items", TransactItems=gets)
        return [_plain(row["Item"]) if row.get("Item") else None for row in answer["Responses"]]

    async def partition(self, partition: str) -> list[Item]:
        """Read everything of one partition. Consistent."""
        found: list[Item] = []
        start: dict[str, Any] = {}
        while True:
            answer = await self._query("customer_id = :id", {":id": partition}, **start)
            found += [_plain(row) for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def between(self, partition: str, span: Span, limit: int, *, backwards: bool = True) -> list[Item]:
        """Read at most *limit* items of one partition within *span*, the last entry first. Consistent.

        Fewer come only when there are no more: 50 items of an order each are far below DynamoDB's 1 MB an answer.
        """
        wanted = {":id": partition, ":from": span[0], ":to": span[1]}
        condition = "customer_id = :id AND entry BETWEEN :from AND :to"
        answer = await self._query(condition, wanted, Limit=limit, ScanIndexForward=not backwards)
        return [_plain(row) for row in answer["Items"]]

    async def partitions(self) -> AsyncIterator[list[str]]:
        """Every partition, as many as one answer holds at a time; a large one may come again. Consistent."""
        start: dict[str, Any] = {}
        while True:
            async with self._turn():
                answer = await self._aws.call(
                    "dynamodb", "scan", TableName=self._table, ProjectionExpression="customer_id", ConsistentRead=True,
                    **start,
                )  # fmt: skip
            yield list(dict.fromkeys(row["customer_id"]["S"] for row in answer["Items"]))
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    async def _query(self, condition: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        async with self._turn():
            return await self._aws.call(
                "dynamodb",
                "query",
                TableName=self._table,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=_wire(values),
                ConsistentRead=True,
                **more,
            )

    async def write(self, *operations: dict[str, Any]) -> None:
        """Carry out all *operations* or none, made by `put`, `drop` and `check`. Consistent; raises RefusedError."""
        named = [{kind: body | {"TableName": self._table} for kind, body in each.items()} for each in operations]
        try:
            async with self._turn():
                await self._aws.call("dynamodb", "transact_write_items", TransactItems=named)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons: list[Any] = refused.response.get("CancellationReasons", [])  # pyright: ignore[reportAssignmentType]
            failed = (at for at, reason in enumerate(reasons) if reason["Code"] == "ConditionalCheckFailed")
            raise RefusedError(frozenset(failed)) from None

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if time.monotonic() < self._out_until:
            raise Unavailable(f"shard {self.name}", "it failed a moment ago", retry_after_s=int(OUT_S))
        async with self._slots:
            try:
                yield
            except (Unavailable, ClientError) as fault:
                if isinstance(fault, ClientError) and fault.response["Error"]["Code"] != "ResourceNotFoundException":
                    raise
                self._out_until = time.monotonic() + OUT_S
                raise Unavailable(f"shard {self.name}", str(fault), retry_after_s=int(OUT_S)) from fault


def put(
    key: Key, item: Mapping[str, Any], condition: str | None = None, values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Write *item* under *key*, if *condition* holds, with *values* by their names (":seen")."""
    full = {"customer_id": key[0], "entry": key[1], **item}
    holds = {"ConditionExpression": condition} if condition else {}
    return {"Put": {"Item": _wire(full), **holds, **_values(values)}}


def drop(key: Key) -> dict[str, Any]:
    """Have nothing under *key*, whether or not anything was there."""
    return {"Delete": {"Key": _key(key)}}


def check(key: Key, condition: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write nothing, and let the others be written only if *condition* holds for *key*."""
    return {"ConditionCheck": {"Key": _key(key), "ConditionExpression": condition, **_values(values)}}


def _values(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"ExpressionAttributeValues": _wire(values)} if values else {}


def _key(key: Key) -> dict[str, Any]:
    return _wire({"customer_id": key[0], "entry": key[1]})


def _wire(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _out.serialize(value) for name, value in item.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _in.deserialize(value) for name, value in item.items()}
