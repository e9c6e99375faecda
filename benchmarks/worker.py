"""Measure how quickly a worker takes messages, against a loop that receives and deletes ten at a time and no more."""

from __future__ import annotations

import asyncio
import io
import json
import os
import time
import uuid
from collections.abc import Sequence
from contextlib import redirect_stdout

from app import log
from app.data.aws import Aws
from app.messages import CustomerSignedUp, Message, encode
from app.queue.consumer import LANES, Consumer
from app.queue.sqs import Delivery, Queue
from app.queue.work import AT_ONCE, Work
from benchmarks.measure import Result, timed
from offline.account import Account, open_account

BOUND = 1 / 0.9
"""Of the bare loop's time: at least 0.9 of its messages per second."""
MESSAGES = 200
ROUNDS = 5
WHERE = {"AWS_ACCESS_KEY_ID": "offline", "AWS_SECRET_ACCESS_KEY": "offline", "AWS_EC2_METADATA_DISABLED": "true"}


def measure() -> list[Result]:
    """Both over queues of one account, the best of several rounds that take turns."""
    account = open_account("eu-west-1", "benchmark")
    os.environ.update(WHERE, AWS_ENDPOINT_URL=account.serve())
    with redirect_stdout(io.StringIO()):
        log.start("INFO")  # a line for each message is part of the job, and is written, though nobody reads it
    turns = [(_bare(account), asyncio.run(_worker(account))) for _ in range(ROUNDS)]
    account.close()
    bare, worker = (min(times) for times in zip(*turns, strict=True))
    detail = f"{MESSAGES / worker:.0f} messages a second against {MESSAGES / bare:.0f}"
    return [Result("worker / receive and delete in tens", worker / bare, BOUND, "x", detail)]


def _filled(account: Account) -> str:
    """A queue as the store deploys it, with all messages in it."""
    sqs = account.client("sqs")
    dead = sqs.create_queue(QueueName=str(uuid.uuid4()))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    attributes = {"RedrivePolicy": redrive, "VisibilityTimeout": "600", "ReceiveMessageWaitTimeSeconds": "1"}
    url = sqs.create_queue(QueueName=str(uuid.uuid4()), Attributes=attributes)["QueueUrl"]
    for at in range(0, MESSAGES, AT_ONCE):
        bodies = [encode(CustomerSignedUp(message_id=f"{at + n}", customer_id="c")) for n in range(AT_ONCE)]
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)
    return url


def _bare(account: Account) -> float:
    """Seconds of the loop."""
    url, sqs = _filled(account), Aws(account.region).client("sqs")

    def loop() -> None:
        left = MESSAGES
        while left:
            taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=AT_ONCE).get("Messages", [])
            entries = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(taken)]
            if entries:
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            left -= len(entries)

    return timed(loop)


class _Counted(Queue):
    """Knows when the last message is deleted."""

    def __init__(self, aws: Aws, polls: Aws, url: str) -> None:
        super().__init__(aws, polls, url)
        self.left = MESSAGES
        self.done = asyncio.Event()

    async def delete(self, deliveries: Sequence[Delivery]) -> None:
        await super().delete(deliveries)
        self.left -= len(deliveries)
        if self.left <= 0:
            self.done.set()


async def _worker(account: Account) -> float:
    """Seconds until the worker has deleted everything; its start is not counted, nor its last poll."""
    aws, polls = Aws(account.region), Aws(account.region, threads=LANES, read_s=25)
    queue = _Counted(aws, polls, _filled(account))
    await queue.settings()
    consumer = Consumer("mail", queue, Work(handle=_nothing), 60, lambda: False)
    started = time.perf_counter()
    running = asyncio.create_task(consumer.run())
    await queue.done.wait()
    took = time.perf_counter() - started
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took


async def _nothing(_: Message) -> None:
    """The job that costs least: what is measured is all around it."""
