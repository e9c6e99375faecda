"""Fire and forget: what may be lost is sent when there is time, by nobody who waits, and dropped when there is none."""

import asyncio
import logging
from collections import deque

from botocore.exceptions import ClientError

from app import log
from app.data.aws import Aws
from app.data.outage import Unavailable, reason_of
from app.data.sending import BATCH, send
from app.messages import Message, encode

MOST = 1000
"""Hints that wait at most: beyond that the oldest are dropped, whoever is out."""
PAUSE_S = 1.0
"""Seconds between two sendings: ten hints cost one call of 1.1 ms."""


class Hints:
    """Hints of one process on their way to one queue."""

    def __init__(self, aws: Aws, queue_url: str) -> None:
        """Send to *queue_url*."""
        self._aws = aws
        self._url = queue_url
        self._waiting: deque[str] = deque(maxlen=MOST)

    def drop_in(self, message: Message) -> None:
        """Have it sent, most likely; costs no call and never fails."""
        self._waiting.append(encode(message))

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
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            try:
                await send(self._aws, self._url, batch)
            except (Unavailable, ClientError) as fault:
                log.event("hints lost", level=logging.WARNING, count=len(batch), reason=reason_of(fault))
