"""Measure how quickly a worker takes messages, against a loop that receives and deletes ten at a time and no more."""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path

from app import log
from app.data.aws import Aws
from app.messages import CustomerSignedUp, Message, encode
from app.queue.consumer import LANES, Consumer
from app.queue.sqs import Delivery, Queue
from app.queue.work import AT_ONCE, Work
from benchmarks.measure import Result, computed
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
    log.start("INFO")  # a line for each message is part of the job, and is written, though nobody reads it
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        turns = [(_bare(account), asyncio.run(_worker(account))) for _ in range(ROUNDS)]
    account.close()
    bare, worker = (min(times) for times in zip(*turns, strict=True))
    detail = f"{MESSAGES / worker:.0f} messages for a second of CPU against {MESSAGES / bare:.0f}"
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
    """Seconds of CPU of the loop and of the account, run by as many threads as a worker has lanes."""
    url, sqs, deleted = _filled(account), Aws(account.region).client("sqs"), []

    def loop() -> None:
        while len(deleted) < MESSAGES:
            taken = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=AT_ONCE).get("Messages", [])
            entries = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(taken)]
            if entries:
                sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            deleted.extend(entries)

    def all_lanes() -> None:
        with ThreadPoolExecutor(LANES) as lanes:
            for each in [lanes.submit(loop) for _ in range(LANES)]:
                each.result()

    return computed(all_lanes)


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
    """Seconds of CPU, the account's too, until the worker has deleted everything; its start is not counted."""
    aws, polls = Aws(account.region), Aws(account.region, threads=LANES, read_s=25)
    queue = _Counted(aws, polls, _filled(account))
    await queue.settings()
    consumer = Consumer("mail", queue, Work(handle=_nothing), 60, lambda: False)
    started = time.process_time()
    running = asyncio.create_task(consumer.run())
    await queue.done.wait()
    took = time.process_time() - started
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took


async def _nothing(_: Message) -> None:
    """The job that costs least: what is measured is all around it."""
