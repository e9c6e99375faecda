"""Send each request on to the origin of the first behaviour that fits its path."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from typing import Any

import httpcore

from offline.region.edge.cache import Cache, key
from offline.region.edge.forwarding import asked, headers, query
from offline.region.edge.keeping import Keeper, answer
from offline.region.edge.showing import Held, dress, with_status
from offline.region.edge.table import Behavior, Origin, Table
from offline.region.exchange import Exchange, Headers, Onward, without

READS = ("GET", "HEAD")
REPEATABLE = ("GET", "HEAD", "OPTIONS")
"""Methods by which the second origin of a group is asked (CloudFront Developer Guide, "origin failover")."""
FAILED = (502, 504)
"""What the edge itself says where an origin does not answer."""


class Edge:
    """An ASGI application over one table."""

    def __init__(self, table: Table) -> None:
        self.cache = Cache()
        self.table = table
        """Another holds from the next request on; what is kept stays, as at CloudFront."""
        self._connections = httpcore.AsyncConnectionPool(max_connections=None, keepalive_expiry=5.0)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer one request, by a page of the distribution's where there is one for what an origin says."""
        if scope["method"] not in self._behavior(scope).methods:
            refusal = "This distribution is not configured to allow the HTTP request method."
            await Exchange(scope, receive, send, "CloudFront").answer(403, body=refusal)
            return
        held = Held(send, self.table.pages.keys())
        await self._answer(Exchange(scope, receive, held.send, "CloudFront"))
        if held.status:
            page = self.table.pages[held.status]
            path, method = page.path.encode(), "HEAD" if scope["method"] == "HEAD" else "GET"
            again = {**scope, "method": method, "raw_path": path, "query_string": b"", "headers": _unframed(scope)}
            await self._answer(Exchange(again, receive, with_status(send, page.status), "CloudFront"))

    async def _answer(self, exchange: Exchange) -> None:
        scope = exchange.scope
        behavior = self._behavior(scope)
        if scope["method"] in READS and not any(name == b"range" for name, _ in scope["headers"]):
            await self._through_the_cache(exchange, behavior)
        else:
            await self._forward(exchange, behavior)

    async def _through_the_cache(self, exchange: Exchange, behavior: Behavior) -> None:
        scope, request = exchange.scope, asked(exchange.scope)
        wanted = key(behavior.origin, behavior.cache, request)
        kept, seen = self.cache.find(wanted), ",".join(request.values("if-none-match"))
        if kept:
            age, bodiless = self.cache.clock() - kept.since, scope["method"] == "HEAD"
            told = "Hit from cloudfront"
            await answer(kept, exchange.send, told=told, age_s=age, seen=seen, bodiless=bodiless)
            return
        if scope["method"] == "GET":
            exchange.send = Keeper(self.cache, wanted, behavior, self.table.errors, exchange.send).send
        await self._forward(exchange, behavior)

    async def _forward(self, exchange: Exchange, behavior: Behavior) -> None:
        group = self.table.groups.get(behavior.origin)
        if group is None or exchange.scope["method"] not in REPEATABLE:
            await self._ask(exchange, behavior, group.first if group else behavior.origin)
            return
        first = Held(exchange.send, {*group.statuses, *FAILED})
        await self._ask(replace(exchange, send=first.send), behavior, group.first)
        if first.status:
            await self._ask(exchange, behavior, group.second)

    async def _ask(self, exchange: Exchange, behavior: Behavior, name: str) -> None:
        origin = self.table.origins[name]
        dress(exchange, behavior, origin)
        onward = Onward(
            address=origin.address,
            port=origin.port,
            path=self._path(exchange.scope, behavior, origin),
            headers=headers(exchange.scope, behavior, origin),
            idle_s=origin.read_s,
        )
        await exchange.forward(self._connections, onward)

    def _behavior(self, scope: dict[str, Any]) -> Behavior:
        path = scope["raw_path"].decode("latin-1")
        return next(each for each in self.table.behaviors if _pattern(each.pattern).fullmatch(path))

    def _path(self, scope: dict[str, Any], behavior: Behavior, origin: Origin) -> bytes:
        """The root object stands for `/` alone (CloudFront Developer Guide, "Specify a default root object")."""
        path = scope["raw_path"]
        asked = b"/" + self.table.root_object.encode() if path == b"/" else path
        sent = query(scope, behavior)
        return origin.prefix.encode() + asked + (b"?" + sent if sent else b"")


def _unframed(scope: dict[str, Any]) -> Headers:
    """The headers of a request that is sent again without its body and its conditions."""
    return without(scope["headers"], {b"content-length", b"transfer-encoding", b"if-none-match", b"range"})


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` and `?` as in rules of a load balancer; a slash in front goes without saying, and case counts."""
    whole = text if text.startswith(("/", "*")) else f"/{text}"
    parts = ("." if part == "?" else ".*" if part == "*" else re.escape(part) for part in re.split(r"([*?])", whole))
    return re.compile("".join(parts), re.DOTALL)
