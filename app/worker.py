"""The worker role: takes messages from its queues by name and has them handled, until SIGTERM or until scaled in."""

import asyncio
import importlib
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar

from app import log
from app.beside import again, beside, vital
from app.contract import QUEUES, Contract
from app.data.aws import Aws
from app.drain import Drain
from app.http.application import application
from app.process import run
from app.queue.consumer import LANES, Consumer
from app.queue.instance import Instance
from app.queue.leaving import Leaving
from app.queue.sqs import Queue
from app.queue.work import Kind
from app.stores import Stores

SILENT_S = 25
"""Seconds for which an answer of a polled queue may be silent: SQS's longest wait, and some for the way."""


def work(contract: Contract, queues: Sequence[str]) -> int:
    """Consume *queues* until SIGTERM; returns the process's exit status. A kind of work is imported by who does it."""
    log.start(contract.log_level)
    chosen: dict[str, Kind] = {kind: importlib.import_module(f"app.work.{kind}").KIND for kind in queues}

    def build(drain: Drain) -> Litestar:
        return application(contract, drain, [], lifespan=[_lifespan(contract, chosen, drain)])

    return run(contract, "worker", queues, build)


def _lifespan(contract: Contract, kinds: Mapping[str, Kind], drain: Drain) -> Any:
    """What runs beside the health check: migrations, the consumers, and the watch for being scaled in."""

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        stores = Stores(contract, sorted({table for kind in kinds.values() for table in kind.tables}))
        polls = Aws(contract.region, threads=LANES * max(1, len(kinds)), read_s=SILENT_S)
        leaving = Leaving(stores.aws, Instance(os.environ))
        await leaving.look()
        consumers = _consumers(contract, stores, polls, kinds, lambda: drain.draining or leaving.asked)
        works = [
            vital("migrations", stores.migrations.apply(drain.prepare)),
            again("leaving", leaving.watch),
            vital("consumers", _consume(consumers, drain, leaving)),
        ]
        try:
            async with beside(works):
                yield
        finally:
            await stores.close()
            polls.close()

    return running


def _consumers(
    contract: Contract, stores: Stores, polls: Aws, kinds: Mapping[str, Kind], stopping: Callable[[], bool]
) -> list[Consumer]:
    return [
        Consumer(kind, Queue(stores.aws, polls, contract.queue_urls[kind]), each.work(stores), QUEUES[kind], stopping)
        for kind, each in kinds.items()
    ]


async def _consume(consumers: Sequence[Consumer], drain: Drain, leaving: Leaving) -> None:
    """Hold the process up until every lane has finished, and the group has been told."""
    with drain.work():
        await asyncio.gather(*(consumer.run() for consumer in consumers))
        await leaving.done()
