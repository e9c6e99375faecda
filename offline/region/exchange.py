"""Carry one request on to another server and its answer back, both as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpcore

HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"te",
    b"trailer",
    b"upgrade",
}
"""What ends at each proxy (RFC 9110, section 7.6.1). A request's Transfer-Encoding stays: its body is framed by it."""
CONNECT_S = 10.0
"""Within which a target must take the connection, else 504 (ELB guide, "HTTP 504: Gateway timeout")."""

IDLE_S = 60.0
"""Silence after which an answer that has begun is given up, where nobody says otherwise."""

Headers = list[tuple[bytes, bytes]]


class ClientGoneError(Exception):
    """The client went away before its request was whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Onward:
    """The request as the other server gets it."""

    address: str
    port: int
    path: bytes
    """With the query."""
    headers: Headers
    idle_s: float = IDLE_S


@dataclass(slots=True)
class Exchange:
    """One request, as ASGI hands it over, and whether its answer has begun."""

    scope: dict[str, Any]
    receive: Callable[[], Awaitable[dict[str, Any]]]
    send: Callable[[dict[str, Any]], Awaitable[None]]
    server: str
    """What answers of our own call themselves."""
    begun: bool = False
    added: Headers = field(default_factory=list)
    """Headers that every answer of another server gets."""
    removed: set[bytes] = field(default_factory=set)
    """Names, in lower case, of headers that no answer of another server has."""

    async def forward(self, connections: httpcore.AsyncConnectionPool, onward: Onward) -> None:
        """Let the other answer; 502 or 504 where it does not. An answer that breaks off breaks the client's off."""
        try:
            await self._through(connections, onward)
        except httpcore.TimeoutException:
            await self._give_up(HTTPStatus.GATEWAY_TIMEOUT)
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            await self._give_up(HTTPStatus.BAD_GATEWAY)

    async def answer(self, status: int, content_type: str = "text/plain", body: str = "", location: str = "") -> None:
        """Answer without any target."""
        text = body.encode()
        headers = [(b"server", self.server.encode()), (b"content-length", str(len(text)).encode())]
        headers += [(b"content-type", content_type.encode())] if text else []
        headers += [(b"location", location.encode())] if location else []
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": text})

    async def _give_up(self, status: HTTPStatus) -> None:
        if self.begun:
            raise ClientGoneError
        await self.answer(status, body=f"{status.value} {status.phrase}")

    async def _through(self, connections: httpcore.AsyncConnectionPool, onward: Onward) -> None:
        limit = {"connect": CONNECT_S, "read": onward.idle_s, "write": onward.idle_s}
        request = httpcore.Request(
            self.scope["method"],
            httpcore.URL(scheme=b"http", host=onward.address.encode(), port=onward.port, target=onward.path),
            headers=onward.headers,
            content=self._body() if self._has_body() else None,
            extensions={"timeout": limit},
        )
        answer = await connections.handle_async_request(request)
        try:
            self.begun = True
            gone = HOP_BY_HOP | {b"transfer-encoding"} | self.removed | {name for name, _ in self.added}
            kept = without(answer.headers, gone)
            start = {"type": "http.response.start", "status": answer.status, "headers": kept + self.added}
            await self.send(start)
            await self._relay(answer)
        finally:
            await answer.aclose()

    async def _relay(self, answer: httpcore.Response) -> None:
        """Hand the body on, until it ends or nobody is there to read it: a stream of events has no end of its own."""
        relayed = asyncio.ensure_future(self._chunks(answer))
        gone = asyncio.ensure_future(self._until_gone())
        try:
            await asyncio.wait({relayed, gone}, return_when=asyncio.FIRST_COMPLETED)
            if relayed.done():
                relayed.result()
        finally:
            for task in (relayed, gone):
                task.cancel()
            await asyncio.gather(relayed, gone, return_exceptions=True)

    async def _chunks(self, answer: httpcore.Response) -> None:
        async for chunk in answer.aiter_stream():
            await self.send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self.send({"type": "http.response.body", "body": b""})

    async def _until_gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def _body(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            event = await self.receive()
            if event["type"] == "http.disconnect":
                raise ClientGoneError
            yield event.get("body", b"")
            more = event.get("more_body", False)

    def _has_body(self) -> bool:
        return any(name in {b"content-length", b"transfer-encoding"} for name, _ in self.scope["headers"])


def whole_path(scope: dict[str, Any]) -> bytes:
    """Path and query as they were asked for."""
    query = scope["query_string"]
    return scope["raw_path"] + (b"?" + query if query else b"")


def without(headers: Sequence[tuple[bytes, bytes]], names: set[bytes]) -> Headers:
    """The headers whose name is none of *names*, which are in lower case."""
    return [(name, value) for name, value in headers if name.lower() not in names]
