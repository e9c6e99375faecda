"""A line to each node of the Valkey cluster, opened when first needed, and given up for a while where there is none."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from valkey.asyncio.cluster import ClusterNode
from valkey.exceptions import ConnectionError  # noqa: A004 - what valkey's own client raises

from app.data.valkey_line import Line, connect

AGAIN_S = 2.0
"""Seconds between two attempts to open a line to a node: a node that hangs holds up one question in that time."""


class Lines:
    """Where a question goes, and what becomes of a refused one, is the client's to know: it has the map of slots."""

    def __init__(self, token: Callable[[], Awaitable[str]], limit_s: float, *, tls: bool) -> None:
        """Log in with *token*; each connection, and each answer, has *limit_s* seconds."""
        self._token = token
        self._limit_s = limit_s
        self._tls = ssl.create_default_context() if tls else None
        self._lines: dict[str, Line] = {}
        self._next: dict[str, float] = {}

    async def ask(self, node: ClusterNode | None, *command: str) -> Any:
        """What *node* answers; raises ValkeyError and OSError, also while another caller opens the line."""
        if node is None:
            raise ConnectionError("no node has this slot")
        line = self._lines.get(node.name)
        if line is None or not line.open:
            line = await self._opened(node)
        return await line.ask(*command)

    async def _opened(self, node: ClusterNode) -> Line:
        now = asyncio.get_running_loop().time()
        if now < self._next.get(node.name, now):
            raise ConnectionError("no line yet")
        self._next[node.name] = now + AGAIN_S
        line = await connect(node.host, int(node.port), await self._token(), self._tls, self._limit_s)
        self._lines[node.name] = line
        return line

    def close(self) -> None:
        """Close every line; the next question opens a new one."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()
        self._next.clear()
