"""Fire and forget: what may be lost is sent when there is time, by nobody who waits, and dropped when there is none."""

import asyncio
import logging
import uuid
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from app import log
from app.data.aws import Aws
from app.data.outage import Unavailable, reason_of
from app.data.sending import BATCH, send
from app.messages import Counted, Message, encode

MOST = 1000
"""Different hints that wait at most: beyond that the oldest are dropped, whoever is out."""
PAUSE_S = 1.0
"""Seconds between two sendings: ten hints cost one call of 1.1 ms, which is half of what ten looks cost."""

Hint: TypeAlias = tuple[Any, ...]
"""The type of a message, and its fields but for those that every hint has: two of the same are one, twice."""


class Hints:
    """Hints of one process on their way to one queue; the same hint again is counted, and sent once for all times."""

    def __init__(self, aws: Aws, queue_url: str) -> None:
        """Send to *queue_url*."""
        self._aws = aws
        self._url = queue_url
        self._waiting: dict[Hint, int] = {}

    def drop_in(self, kind: type[Counted], **said: str | int) -> None:
        """Have *kind* sent with what is *said*, most likely; costs no call and never fails."""
        hint = (kind, *said.items())
        self._waiting[hint] = self._waiting.get(hint, 0) + 1
        if len(self._waiting) > MOST:
            del self._waiting[next(iter(self._waiting))]

    async def run(self) -> None:
        """Send until cancelled, and then what is left, if the queue takes it at once."""
        try:
            while True:
                await asyncio.sleep(PAUSE_S)
                await self.flush()
        finally:
            await self.flush()

    async def flush(self) -> None:
        """Send what waits; what cannot be sent is gone."""
        while self._waiting:
            batch = [self._waiting.popitem() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await send(self._aws, self._url, [encode(_message(*each)) for each in batch])
            except (Unavailable, ClientError) as fault:
                log.event("hints lost", level=logging.WARNING, count=len(batch), reason=reason_of(fault))


def _message(hint: Hint, times: int) -> Message:
    kind, *said = hint
    return kind(message_id=str(uuid.uuid4()), times=times, **dict(said))
