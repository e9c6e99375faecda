"""uvicorn as the process's server: bounded heads, refusals as problem documents, and the drain of `app.drain`."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import chain
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import log
from app.contract import KEEP_ALIVE_S
from app.drain import Drain
from app.http.problems import MEDIA_TYPE, document

MAX_HEAD_BYTES = 65_536
"""Longest request line with all headers: what the load balancer lets pass (ELB, "HTTP headers and Application Load
Balancers": 16 K for the line, 64 K for all)."""
BACKLOG = 1024


class BoundedProtocol(HttpToolsProtocol):
    """What uvicorn's own protocol lacks: it collects a head of any length, and drops one that is half there."""

    drain: Drain

    _arriving = _begins = False
    _head_bytes = 0
    _refusal = HTTPStatus.BAD_REQUEST

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a head that will never be whole."""
        self._arrived()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Hold the process up from a request's first byte on; `app.http.access` does so once its head is whole."""
        super().on_message_begin()
        self._arriving = self._begins = True
        self.drain.begin()

    def data_received(self, data: bytes) -> None:
        """Refuse a head that is too long already, though its end is not there yet: the parser keeps any length."""
        self._begins = False
        super().data_received(data)
        if self._arriving and not self.transport.is_closing():
            self._head_bytes = self._parsed_bytes() if self._begins else self._head_bytes + len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._too_long()
                self.send_400_response("")

    def on_headers_complete(self) -> None:
        """Pass the request on, unless its head is too long; its answer's head goes out with the first of its body."""
        if self._parsed_bytes() > MAX_HEAD_BYTES:
            raise self._too_long()
        super().on_headers_complete()
        if not self.expect_100_continue and self.scope["method"] != "HEAD":
            cycle: Any = self.cycle
            cycle.transport = _Joined(self.transport)
        self._arrived()

    def _arrived(self) -> None:
        if self._arriving:
            self._arriving = False
            self.drain.end()

    def _parsed_bytes(self) -> int:
        """Bytes of the line's path and of the headers that are whole, counted once: a call for each costs more."""
        return len(self.url) + sum(map(len, chain.from_iterable(self.headers))) + len(": \r\n") * len(self.headers)

    def _too_long(self) -> ValueError:
        """What stops the parser, which then calls `send_400_response`."""
        is_line = len(self.url) > MAX_HEAD_BYTES
        self._refusal = HTTPStatus.REQUEST_URI_TOO_LONG if is_line else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return ValueError(self._refusal)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, or is too long, and close: nobody knows where it ends."""
        detail = msg if self._refusal is HTTPStatus.BAD_REQUEST else "the head of this request is longer than 64 KiB"
        body = document(self._refusal, detail)
        head = (
            f"HTTP/1.1 {self._refusal.value} {self._refusal.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\ncache-control: private, no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


class _Joined:
    """A transport that keeps an answer's head until its body begins, as ASGI asks: one packet and one call for both.

    ASGI's specification, "Response Start": no server may send it before the first body event.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._head: bytes | None = b""
        self.close = transport.close
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, None
        elif self._head is not None:
            self._head = data
            return
        self._transport.write(data)


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the drain decides when to leave."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def listen(app: Any, listener: socket.socket, drain: Drain, limit_s: float) -> int:
    """Serve *app* on *listener* until SIGTERM or SIGINT; returns how many requests *limit_s* seconds did not finish.

    `app.drain.hold_signals` must have been called before any thread was started.
    """
    config = uvicorn.Config(
        app,
        http=type("Protocol", (BoundedProtocol,), {"drain": drain}),
        ws="none",
        loop="uvloop",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
        backlog=BACKLOG,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.to_thread(drain.wait_until_asked)
    log.event("draining")
    unfinished = await asyncio.to_thread(drain.wait_until_done, limit_s)
    server.should_exit = True
    await serving
    return unfinished
