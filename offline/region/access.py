"""Keep a line for each request that a proxy of the region answered, and write them down now and then."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offline.region.serving import Proxy

LOG = "access.log"
MOST_BYTES = 4 * 2**20
"""Of one file: a full one is kept beside the next, and then forgotten."""
NOTED = "region.noted"
"""Key of an ASGI scope under which a proxy notes what it did with the request."""


@dataclass(slots=True)
class Answered:
    """One request, what the proxy noted, and what the client got, which passes through `send` here."""

    scope: dict[str, Any]
    pass_on: Callable[[dict[str, Any]], Awaitable[None]]
    at: float = field(default_factory=time.time)
    """When it came, in seconds since 1970."""
    status: int = 0
    """0 where the client went away first."""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    """The answer's."""
    sent: int = 0
    """Bytes of its body."""
    first_s: float = 0.0
    """Seconds until the answer began, and until it was whole."""
    whole_s: float = 0.0

    async def send(self, event: dict[str, Any]) -> None:
        """Look at the answer as it passes."""
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], {name.lower(): value for name, value in event["headers"]}
            self.first_s = time.time() - self.at
        self.sent += len(event.get("body", b""))
        await self.pass_on(event)

    @property
    def noted(self) -> dict[str, Any]:
        """What the proxy said of it."""
        return self.scope.get(NOTED, {})

    def asked(self, header: bytes) -> str:
        """A header of the request; `-` where it has none."""
        return next((value.decode("latin-1") for name, value in self.scope["headers"] if name == header), "") or "-"


class Logged:
    """An ASGI application around a proxy. Only `write` touches the disk."""

    def __init__(self, proxy: Proxy, entry: Callable[[Answered], str]) -> None:
        """*entry* says what the line of a request is."""
        self._proxy, self._entry = proxy, entry
        self.lines: list[str] = []
        """Those that are not written yet."""

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer one request by the proxy."""
        answered = Answered(scope, send)
        try:
            await self._proxy(scope, receive, answered.send)
        finally:
            answered.whole_s = time.time() - answered.at
            self.lines.append(self._entry(answered) + "\n")

    def write(self, folder: Path) -> None:
        """Put the lines since the last time into the log in *folder*."""
        if not self.lines:
            return
        path = folder / LOG
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".before"))
        with path.open("a", encoding="ascii") as file:
            file.writelines(self.lines)
        self.lines.clear()
