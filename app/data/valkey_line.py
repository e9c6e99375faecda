"""A connection to one Valkey node on which questions go one behind another, and none of them is a task or a timer."""

import asyncio
import ssl
from collections import deque
from typing import Any, TypeAlias

import libvalkey
from valkey.asyncio.cluster import ClusterParser
from valkey.exceptions import ConnectionError, InvalidResponse, TimeoutError, ValkeyError  # noqa: A004 - valkey's own

Answer: TypeAlias = "asyncio.Future[Any]"
_MORE = object()


class Line(asyncio.Protocol):
    """Answers come in the order of the questions: the first of them belongs to whoever has waited longest.

    valkey-py asks one question at a time on a connection, in two steps each with a time limit of its own, of which one
    is a task: 37 microseconds of CPU for a look-up where this takes 10 (eight at once, uvloop, Python 3.11).
    """

    def __init__(self, limit_s: float) -> None:
        """Give up when the oldest question has waited for *limit_s* seconds: those behind it would wait as well."""
        self._limit_s = limit_s
        self._loop = asyncio.get_running_loop()
        self._reader = libvalkey.Reader(
            protocolError=InvalidResponse, replyError=ClusterParser.parse_error, notEnoughData=_MORE
        )
        self._waiting: deque[tuple[Answer, float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._fault: ValkeyError = ConnectionError("closed")

    @property
    def open(self) -> bool:
        """Whether a question can be asked."""
        return self._transport is not None

    def ask(self, *command: str) -> Answer:
        """Send *command*; the answer raises what the node refuses with, or that the connection is lost or too slow."""
        if self._transport is None:
            raise self._fault
        answer: Answer = self._loop.create_future()
        deadline = self._loop.time() + self._limit_s
        self._waiting.append((answer, deadline))
        self._transport.write(libvalkey.pack_command(command))
        if self._timer is None:
            self._timer = self._loop.call_at(deadline, self._look)
        return answer

    def close(self) -> None:
        """Close at once; whoever still waits is told so."""
        if self._transport is not None:
            self._transport.abort()

    def _look(self) -> None:
        """Look whether the oldest question is too old: one timer at a time, however many questions there are."""
        self._timer = None
        if not self._waiting:
            return
        deadline = self._waiting[0][1]
        if deadline > self._loop.time():
            self._timer = self._loop.call_at(deadline, self._look)
            return
        self._end(TimeoutError(f"no answer within {self._limit_s} s"))

    def connection_made(self, transport: Any) -> None:
        """Take questions from now on."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand out what has arrived whole."""
        self._reader.feed(data)
        try:
            while (said := self._reader.gets()) is not _MORE:
                self._hand_out(said)
        except InvalidResponse as fault:
            self._end(fault)

    def _hand_out(self, said: Any) -> None:
        if not self._waiting:
            raise InvalidResponse("an answer to no question")
        answer, _ = self._waiting.popleft()
        if answer.done():
            return  # who asked has left
        if isinstance(said, Exception):
            answer.set_exception(said)
        else:
            answer.set_result(said)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell all who wait: nobody knows whether the node has heard them."""
        self._end(ConnectionError(str(exc or "closed by the node")))

    def _end(self, fault: ValkeyError) -> None:
        transport, self._transport, self._fault = self._transport, None, fault
        if transport is not None:
            transport.abort()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            answer, _ = self._waiting.popleft()
            if not answer.done():
                answer.set_exception(fault)


async def connect(host: str, port: int, password: str, tls: ssl.SSLContext | None, limit_s: float) -> Line:
    """Open a line and log in, within *limit_s* seconds for each; raises OSError or ValkeyError."""
    async with asyncio.timeout(limit_s):
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: Line(limit_s), host, port, ssl=tls)
    try:
        await line.ask("AUTH", password)
    except BaseException:
        line.close()
        raise
    return line
