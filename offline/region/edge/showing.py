"""Give an answer the form in which CloudFront shows it: S3's own for a bucket's, and a page in an error's place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container
from http import HTTPStatus
from typing import Any

from offline.region.edge.table import Behavior, Origin
from offline.region.exchange import Exchange, without

Send = Callable[[dict[str, Any]], Awaitable[None]]
DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
)
NOT_OF_S3 = {
    b"access-control-allow-origin",
    b"x-amz-content-sha256",
    b"x-amz-sdk-checksum-algorithm",
    b"x-amzn-requestid",
}
"""What moto 5.2.5 adds to S3's answers: headers of the request that stored the object, and of its own server."""


def dress(exchange: Exchange, behavior: Behavior, origin: Origin) -> None:
    """Have the answers of *origin* in the form that AWS's have, with the headers that *behavior* adds and removes.

    Where no Server is left CloudFront names itself.
    """
    removed = {name.encode() for name in behavior.removed}
    named = [(b"server", b"AmazonS3")] if origin.missing else []
    exchange.added = named + [(name.encode(), value.encode()) for name, value in behavior.added]
    exchange.removed = removed | (NOT_OF_S3 if origin.missing else set())
    if b"server" in removed:
        exchange.added = [(b"server", b"CloudFront"), *exchange.added[len(named) :]]
    if origin.missing == HTTPStatus.FORBIDDEN:
        exchange.send = Denied(exchange.send).send


class Denied:
    """Tells whoever may not list the bucket that the key is forbidden, be it there or not (S3 API, GetObject)."""

    def __init__(self, send: Send) -> None:
        """Hand on to *send*."""
        self._send = send
        self._denies = False

    async def send(self, event: dict[str, Any]) -> None:
        """Replace an answer with 404, whole."""
        if event["type"] == "http.response.start" and event["status"] == HTTPStatus.NOT_FOUND:
            self._denies = True
            length = (b"content-length", str(len(DENIED)).encode())
            headers = [*without(event["headers"], {b"content-length"}), length]
            event = {**event, "status": HTTPStatus.FORBIDDEN.value, "headers": headers}
        elif self._denies:
            if event.get("more_body", False):
                return
            event = {**event, "body": DENIED}
        await self._send(event)


class Held:
    """Keeps an error from the viewer who is to see something else instead."""

    def __init__(self, send: Send, statuses: Container[int]) -> None:
        """Hand on to *send* all but answers with one of *statuses*."""
        self._send = send
        self._statuses = statuses
        self.status = 0
        """Of the answer that was held back; 0 where it was handed on."""

    async def send(self, event: dict[str, Any]) -> None:
        """Hand on, or hold back."""
        if event["type"] == "http.response.start" and event["status"] in self._statuses:
            self.status = event["status"]
        if not self.status:
            await self._send(event)


def with_status(send: Send, status: int) -> Send:
    """Hand an answer on with another status, unless it is an error itself: then the page is not there to be shown."""

    async def handing_on(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start" and event["status"] < HTTPStatus.BAD_REQUEST:
            event = {**event, "status": status}
        await send(event)

    return handing_on
