"""Take an origin's answer on its way to the viewer, keep it where it may be kept, compress it where that is wanted."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from typing import Any

from offline.region.edge.cache import Cache, Kept, Key, lifetime
from offline.region.edge.table import Behavior
from offline.region.exchange import Headers, without

COMPRESSED_BYTES = (1_000, 10_000_000)
"""Least and most that CloudFront compresses (Developer Guide, "Serve compressed files")."""
COMPRESSIBLE = {
    "application/javascript", "application/json", "application/xml", "image/svg+xml", "text/css", "text/csv",
    "text/html", "text/javascript", "text/plain", "text/xml",
}  # fmt: skip
"""Of CloudFront's list, what a store serves."""
STATUSES = (200, 203, 300, 301, 302, 307, 308, 410)
"""What is kept by the policy's times, beside errors, which have times of their own."""
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Keeper:
    """Stands between an exchange and its viewer."""

    def __init__(self, cache: Cache, wanted: Key, behavior: Behavior, errors: dict[int, float], send: Send) -> None:
        """Keep the answer to *wanted*; *errors* is status -> seconds."""
        self._cache = cache
        self._key = wanted
        self._behavior = behavior
        self._errors = errors
        self._send = send
        self._start: dict[str, Any] | None = None
        self._body = b""
        self._keeps_s = 0.0

    async def send(self, event: dict[str, Any]) -> None:
        """Hold back what is kept until it is whole; hand all else on as it comes."""
        if event["type"] == "http.response.start":
            self._keeps_s = self._lifetime(event)
            if self._keeps_s > 0:
                self._start = event
                return
        elif self._start is not None:
            self._body += event.get("body", b"")
            if not event.get("more_body", False):
                await self._finish(self._start)
            return
        await self._send(event)

    def _lifetime(self, start: dict[str, Any]) -> float:
        """0 for what has no known length: a stream is handed on as it comes."""
        headers = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
        length = dict(headers).get("content-length", "")
        if not length.isdigit() or int(length) > COMPRESSED_BYTES[1]:
            return 0.0
        if start["status"] in STATUSES:
            return lifetime(self._behavior.cache, headers)
        return self._errors.get(start["status"], 0.0)

    async def _finish(self, start: dict[str, Any]) -> None:
        headers, body = self._compressed(start["headers"])
        now = self._cache.clock()
        kept = Kept(start["status"], headers, body, now, now + self._keeps_s)
        self._cache.keep(self._key, kept)
        await answer(kept, self._send, told="Miss from cloudfront")

    def _compressed(self, headers: Headers) -> tuple[Headers, bytes]:
        known = {name.lower(): value for name, value in headers}
        type_ = known.get(b"content-type", b"").partition(b";")[0].decode()
        least, most = COMPRESSED_BYTES
        wanted = self._behavior.compress and "gzip" in self._key[-1] and type_ in COMPRESSIBLE
        if not wanted or b"content-encoding" in known or not least <= len(self._body) <= most:
            return headers, self._body
        body = gzip.compress(self._body, mtime=0)
        more = [
            (b"content-encoding", b"gzip"),
            (b"content-length", str(len(body)).encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        return [*without(headers, {b"content-length", b"vary"}), *more], body


async def answer(
    kept: Kept, send: Send, *, told: str, age_s: float = 0.0, seen: str = "", bodiless: bool = False
) -> None:
    """Answer from what is kept; 304 where the viewer has *seen* that very version."""
    tag = next((value.decode("latin-1") for name, value in kept.headers if name.lower() == b"etag"), None)
    fresh = tag is not None and tag in [each.strip() for each in seen.split(",")]
    more = [(b"x-cache", told.encode()), *([(b"age", str(int(age_s)).encode())] if age_s else [])]
    headers = without(kept.headers, {b"content-length"}) if fresh else kept.headers
    await send({"type": "http.response.start", "status": 304 if fresh else kept.status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": b"" if fresh or bodiless else kept.body})
