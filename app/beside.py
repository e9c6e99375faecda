"""What runs beside the requests of a process: started with it, cancelled and awaited when it leaves."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any

from app import log

AGAIN_S = 5.0
"""Seconds until what broke for a reason that nobody foresaw is started again."""


@asynccontextmanager
async def beside(works: Iterable[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run *works* for as long as the block lasts; each is `vital` or begins `again`, lest one end unnoticed."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def vital(name: str, work: Awaitable[None]) -> None:
    """Await *work*, without which the process is of no use: when it breaks, the process drains and leaves.

    systemd starts another; while that goes on the server is unhealthy, and an instance refresh stops.
    """
    try:
        await work
    except Exception as fault:
        log.event("process cannot go on", level=logging.ERROR, work=name, kind=type(fault).__name__)
        os.kill(os.getpid(), signal.SIGTERM)
        raise


async def again(name: str, work: Callable[[], Awaitable[None]], pause_s: float = AGAIN_S) -> None:
    """Run *work* for ever: what breaks is logged and starts again, as requests can be answered meanwhile."""
    while True:
        try:
            await work()
        except Exception as fault:  # noqa: BLE001 - whatever it is, events must go out once it has passed
            log.event("work broke", level=logging.ERROR, work=name, kind=type(fault).__name__)
        await asyncio.sleep(pause_s)
