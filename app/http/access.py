"""Around every request: the drain's count, the headers that no answer may lack, HEAD, and one line in the log."""

import asyncio
import logging
import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app import log
from app.contract import HEALTH_PATH
from app.drain import Drain

FLUSH_S = 0.05
"""Seconds for which lines of requests wait for others: each write to the journal wakes its reader, which costs as much
as encoding ten lines. A process that is killed loses so much of its access log."""
_FIXED = ((b"cache-control", b"private, no-store"), (b"x-content-type-options", b"nosniff"))
"""Headers that each answer has unless its handler set them: neither the edge nor a browser may keep or guess it."""


class Access:
    """The outermost ASGI application."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        """Wrap *app*; while *drain* drains, each answer closes its connection."""
        self._app = app
        self._drain = drain
        self._flush_waits = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no HTTP request (the lifespan) as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._drain.begin()
        try:
            await _Exchange(scope, send, self._drain).run(self._app, receive)
        finally:
            self._drain.end()
            if not self._flush_waits:
                self._flush_waits = True
                asyncio.get_running_loop().call_later(FLUSH_S, self._flush)

    def _flush(self) -> None:
        self._flush_waits = False
        log.flush()


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Any, send: Send, drain: Drain) -> None:
        self._scope = scope
        self._send = send
        self._drain = drain
        self._head = scope["method"] == "HEAD"
        self._started = time.monotonic()
        self._status = 0
        self._bytes = 0

    async def run(self, app: ASGIApp, receive: Receive) -> None:
        scope: Any = {**self._scope, "method": "GET"} if self._head else self._scope  # uvicorn itself drops the body
        try:
            await app(scope, receive, self._pass_on)
        finally:
            self._log()

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] = self._headers([*message["headers"]])
        elif message["type"] == "http.response.body":
            self._bytes += 0 if self._head else len(message["body"])
        await self._send(message)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = dict(given)  # in lower case, as ASGI asks ("Response Start")
        given += [fixed for fixed in _FIXED if fixed[0] not in names]
        if self._drain.draining:
            given.append((b"connection", b"close"))
        return given

    def _log(self) -> None:
        """Log the request without its query, its headers and its body; a probe of the health path only at DEBUG."""
        path = self._scope["path"]
        log.event(
            "request",
            level=logging.DEBUG if path == HEALTH_PATH else logging.INFO,
            method=self._scope["method"],
            path=path[:200],
            status=self._status,
            bytes=self._bytes,
            buffered=True,
            ms=int((time.monotonic() - self._started) * 10_000) / 10,
            trace=_trace(self._scope),
        )


def _trace(scope: Any) -> str:
    """The load balancer's own number for the request, which its access log holds as well."""
    for name, value in scope["headers"]:
        if name == b"x-amzn-trace-id":
            return value.decode("latin-1")[:100]
    return ""
