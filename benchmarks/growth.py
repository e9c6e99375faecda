"""Measure how deploying grows with shards and queues: the exponent must not pass that of a straight line."""

from __future__ import annotations

import math
from functools import partial

from benchmarks.measure import Result, best, computed
from components.protection import Protection
from components.sharded_table import ShardedTable, ShardedTableArgs
from components.work_queue import WorkQueue, WorkQueueArgs
from engines.embedded import deploy
from offline.account import open_account

FEW, MANY = 10, 100
BOUND = 1.05
"""1 is linear; the rest is for noise, which the best of several runs does not remove altogether."""


def measure() -> list[Result]:
    """Ten and a hundred shards and queues, deployed by the embedded engine."""
    _deploy(FEW)
    few, many = best(lambda: _deploy(FEW), 3), best(lambda: _deploy(MANY), 2)
    exponent = math.log(many / few) / math.log(MANY / FEW)
    detail = f"{FEW} shards and queues in {few:.2f} s, {MANY} in {many:.2f} s"
    return [Result("exponent of growth with shards and queues", exponent, BOUND, "", detail)]


def shards_and_queues(count: int) -> None:
    """A program of a table with *count* shards, and as many queues."""
    keep = Protection(protect=False, disposable=True, secret_recovery_days=0)
    table = ShardedTableArgs(
        shards=count, partition_key="id", sort_key="entry", point_in_time_recovery=False, protection=keep
    )
    ShardedTable("table", table)
    for number in range(count):
        WorkQueue(f"queue-{number:03}", WorkQueueArgs(max_job_s=30))


def _deploy(count: int) -> float:
    account = open_account("us-east-1", "growth")
    config = {"aws:region": "us-east-1"}
    program = partial(shards_and_queues, count)
    return computed(lambda: deploy(program, account, project="growth", stack="growth", config=config))
