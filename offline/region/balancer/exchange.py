"""Carry one request to a target and its answer back, both as they come."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpcore

from offline.region.balancer.table import Listener, Target

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

Headers = list[tuple[bytes, bytes]]


class ClientGoneError(Exception):
    """The client went away before its request was whole."""


@dataclass(slots=True)
class Exchange:
    """One request, as ASGI hands it over, and whether its answer has begun."""

    scope: dict[str, Any]
    receive: Callable[[], Awaitable[dict[str, Any]]]
    send: Callable[[dict[str, Any]], Awaitable[None]]
    listener: Listener
    begun: bool = False

    async def forward(self, connections: httpcore.AsyncConnectionPool, target: Target, idle_s: float) -> None:
        """Let *target* answer; 502 or 504 where it does not. An answer that breaks off ends the client's connection."""
        try:
            await self._through(connections, target, idle_s)
        except httpcore.TimeoutException:
            await self._give_up(HTTPStatus.GATEWAY_TIMEOUT)
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            await self._give_up(HTTPStatus.BAD_GATEWAY)

    async def answer(self, status: int, content_type: str = "text/plain", body: str = "", location: str = "") -> None:
        """Answer without any target."""
        text = body.encode()
        headers = [(b"server", b"awselb/2.0"), (b"content-length", str(len(text)).encode())]
        headers += [(b"content-type", content_type.encode())] if text else []
        headers += [(b"location", location.encode())] if location else []
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": text})

    async def _give_up(self, status: HTTPStatus) -> None:
        if self.begun:
            raise ClientGoneError
        await self.answer(status, body=f"{status.value} {status.phrase}")

    async def _through(self, connections: httpcore.AsyncConnectionPool, target: Target, idle_s: float) -> None:
        limit = {"connect": CONNECT_S, "read": idle_s, "write": idle_s}
        request = httpcore.Request(
            self.scope["method"],
            httpcore.URL(scheme=b"http", host=target.address.encode(), port=target.port, target=self._path()),
            headers=self._headers(),
            content=self._body() if self._has_body() else None,
            extensions={"timeout": limit},
        )
        answer = await connections.handle_async_request(request)
        try:
            self.begun = True
            kept = without(answer.headers, HOP_BY_HOP | {b"transfer-encoding"})
            await self.send({"type": "http.response.start", "status": answer.status, "headers": kept})
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

    def _path(self) -> bytes:
        query = self.scope["query_string"]
        return self.scope["raw_path"] + (b"?" + query if query else b"")

    def _headers(self) -> Headers:
        """The client's own, and who it is: X-Forwarded-* and a trace id, as ELB adds them."""
        headers = without(self.scope["headers"], HOP_BY_HOP | {b"x-forwarded-proto", b"x-forwarded-port"})
        came_from = [value for name, value in headers if name == b"x-forwarded-for"]
        headers = without(headers, {b"x-forwarded-for"})
        before = b", ".join([*came_from, self.scope["client"][0].encode()])
        trace = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}".encode()
        added = [(b"x-amzn-trace-id", trace)] if not any(name == b"x-amzn-trace-id" for name, _ in headers) else []
        return [
            *headers,
            (b"x-forwarded-for", before),
            (b"x-forwarded-proto", self.listener.protocol.lower().encode()),
            (b"x-forwarded-port", str(self.listener.port).encode()),
            *added,
        ]


def without(headers: Sequence[tuple[bytes, bytes]], names: set[bytes]) -> Headers:
    """The headers whose name is none of *names*, which are in lower case."""
    return [(name, value) for name, value in headers if name.lower() not in names]
