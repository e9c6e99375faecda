"""Take messages from one queue and have them handled: at least once each, in any order, and never lost."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from app import log
from app.data.outage import Unavailable, reason_of
from app.messages import UnknownMessageError, decode
from app.queue.sqs import Delivery, Queue, Settings
from app.queue.work import PoisonError, Work

LANES = 2
"""While one lane works, the other waits for messages; a slow batch does not keep the queue waiting."""
PAUSE_S = 1.0
"""Seconds between two questions to a queue that does not answer."""
BEATS = 3
"""How often a job's time is renewed within its visibility timeout: two renewals may fail before it is handed out."""
AGAIN_S, LONGEST_AGAIN_S = 5, 900
"""Seconds until the second try, four times as many before each next: five tries span seven minutes of an outage."""


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    hopeless: bool = False


_Finished = list[tuple[Delivery, _Failure | None]]


class Consumer:
    """The lanes of one kind of work in one process. Any number of processes may consume the same queue."""

    def __init__(self, kind: str, queue: Queue, work: Work, limit_s: float, stopping: Callable[[], bool]) -> None:
        """Have what *queue* holds done by *work*, each message within *limit_s* seconds, until *stopping*."""
        self._kind = kind
        self._queue = queue
        self._work = work
        self._limit_s = limit_s
        self._stopping = stopping

    async def run(self) -> None:
        """Work until `stopping`, and finish what has begun; a cancellation gives back what is unfinished."""
        settings = await self._settings()
        if settings:
            await asyncio.gather(*(self._lane(settings) for _ in range(LANES)))

    async def _settings(self) -> Settings | None:
        while not self._stopping():
            try:
                return await self._queue.settings()
            except (Unavailable, ClientError) as fault:
                await self._wait(fault)
        return None

    async def _lane(self, settings: Settings) -> None:
        while not self._stopping():
            try:
                batch = await self._queue.receive(self._work.at_once)
                if batch and self._stopping():
                    await self._queue.hide(dict.fromkeys(batch, 0))
                elif batch:
                    await _Batch(self._kind, self._queue, settings).finish(self._begin(batch))
            except (Unavailable, ClientError) as fault:
                await self._wait(fault)

    async def _wait(self, fault: Exception) -> None:
        reason = fault.response["Error"]["Code"] if isinstance(fault, ClientError) else str(fault)
        log.event("queue waits", level=logging.WARNING, queue=self._kind, reason=reason)
        await asyncio.sleep(PAUSE_S)

    def _begin(self, batch: Sequence[Delivery]) -> dict[asyncio.Task[None], Delivery]:
        return {asyncio.create_task(self._handle(delivery)): delivery for delivery in batch}

    async def _handle(self, delivery: Delivery) -> None:
        message = decode(delivery.body)
        began = time.monotonic()
        async with asyncio.timeout(self._limit_s):
            await self._work.handle(message)
        log.event(
            "message handled",
            queue=self._kind,
            type=type(message).__name__,
            message=message.message_id,
            tries=delivery.tries,
            ms=round((time.monotonic() - began) * 1000, 1),
        )


class _Batch:
    """What one lane has in hand."""

    def __init__(self, kind: str, queue: Queue, settings: Settings) -> None:
        self._kind = kind
        self._queue = queue
        self._settings = settings

    async def finish(self, jobs: dict[asyncio.Task[None], Delivery]) -> None:
        """Wait for all jobs; at each beat, delete what is done and renew the time of what is not."""
        try:
            while jobs:
                done, running = await asyncio.wait(jobs, timeout=self._settings.visibility_s / BEATS)
                finished = [(jobs.pop(task), _failure(task)) for task in done]
                try:
                    if running:
                        await self._queue.hide(dict.fromkeys(jobs.values(), self._settings.visibility_s))
                    await self._settle(finished)
                except (Unavailable, ClientError) as fault:  # what was not deleted comes again; what runs goes on
                    log.event("queue waits", level=logging.WARNING, queue=self._kind, reason=reason_of(fault))
        except asyncio.CancelledError:
            await self._give_back(jobs)
            raise

    async def _give_back(self, jobs: dict[asyncio.Task[None], Delivery]) -> None:
        """The process ends before its jobs: others may take them at once."""
        for task in jobs:
            task.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        if jobs:
            log.event("messages given back", level=logging.WARNING, queue=self._kind, count=len(jobs))
            await self._queue.hide(dict.fromkeys(jobs.values(), 0))

    async def _settle(self, finished: _Finished) -> None:
        over = [each for each, failure in finished if failure is None]
        again: dict[Delivery, int] = {}
        for each, failure in finished:
            if failure and (failure.hopeless or each.tries >= self._settings.max_tries):
                await self._queue.bury(each, failure.reason, self._settings.dead_letter_url)
                over.append(each)
            elif failure:
                again[each] = min(AGAIN_S * 4 ** (each.tries - 1), LONGEST_AGAIN_S)
            if failure:
                self._log(each, failure, again.get(each))
        if over:
            await self._queue.delete(over)
        if again:
            await self._queue.hide(again)

    def _log(self, delivery: Delivery, failure: _Failure, again_s: int | None) -> None:
        fate = "message buried" if again_s is None else "message failed"
        level = logging.ERROR if again_s is None else logging.WARNING
        more: dict[str, Any] = {} if again_s is None else {"again_s": again_s}
        log.event(fate, level=level, queue=self._kind, tries=delivery.tries, reason=failure.reason, **more)


def _failure(task: asyncio.Task[None]) -> _Failure | None:
    """Why the job failed, without an unforeseen exception's text, which may quote what a customer wrote."""
    match task.exception():
        case None:
            return None
        case UnknownMessageError() | PoisonError() as refused:
            return _Failure(str(refused), hopeless=True)
        case Unavailable() as outage:
            return _Failure(f"the store's {outage.store} could not answer: {outage.reason}")
        case TimeoutError():
            return _Failure("it took longer than a job of this kind may")
        case fault:
            place = traceback.extract_tb(fault.__traceback__)[-1]
            return _Failure(f"{type(fault).__name__} at {Path(place.filename).name}:{place.lineno}")
