"""Send each request on to the origin of the first behaviour that fits its path."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import httpcore

from offline.region.edge.cache import Asked, Cache, cookies, key, query
from offline.region.edge.keeping import Keeper, answer
from offline.region.edge.showing import Shown, dress, with_status
from offline.region.edge.table import Behavior, Origin, Table
from offline.region.exchange import HOP_BY_HOP, Exchange, Headers, Onward, without

READS = ("GET", "HEAD")
OURS = {b"cloudfront-forwarded-proto", b"cloudfront-viewer-address", b"via", b"x-amz-cf-id"}
"""Headers that only the edge may write: what a viewer sends of them does not pass."""


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
        shown = Shown(send, self.table.pages)
        await self._answer(Exchange(scope, receive, shown.send, "CloudFront"))
        if shown.page:
            path, method = shown.page.path.encode(), "HEAD" if scope["method"] == "HEAD" else "GET"
            asked = {**scope, "method": method, "raw_path": path, "query_string": b"", "headers": _unframed(scope)}
            await self._answer(Exchange(asked, receive, with_status(send, shown.page.status), "CloudFront"))

    async def _answer(self, exchange: Exchange) -> None:
        scope = exchange.scope
        behavior = self._behavior(scope)
        if scope["method"] in READS and not any(name == b"range" for name, _ in scope["headers"]):
            await self._through_the_cache(exchange, behavior)
        else:
            await self._forward(exchange, behavior)

    async def _through_the_cache(self, exchange: Exchange, behavior: Behavior) -> None:
        scope, asked = exchange.scope, _asked(exchange.scope)
        wanted = key(behavior.origin, behavior.cache, asked)
        kept, seen = self.cache.find(wanted), ",".join(asked.values("if-none-match"))
        if kept:
            age, bodiless = self.cache.clock() - kept.since, scope["method"] == "HEAD"
            told = "Hit from cloudfront"
            await answer(kept, exchange.send, told=told, age_s=age, seen=seen, bodiless=bodiless)
            return
        if scope["method"] == "GET":
            exchange.send = Keeper(self.cache, wanted, behavior, self.table.errors, exchange.send).send
        await self._forward(exchange, behavior)

    async def _forward(self, exchange: Exchange, behavior: Behavior) -> None:
        origin = self.table.origins[behavior.origin]
        dress(exchange, behavior, origin)
        onward = Onward(
            address=origin.address,
            port=origin.port,
            path=self._path(exchange.scope, behavior, origin),
            headers=_headers(exchange.scope, behavior, origin),
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
        kept = "&".join(query(behavior.cache, _asked(scope))).encode("latin-1")
        sent = scope["query_string"] if behavior.forwards_viewer else kept
        return origin.prefix.encode() + asked + (b"?" + sent if sent else b"")


def _unframed(scope: dict[str, Any]) -> Headers:
    """The headers of a request that is sent again without its body and its conditions."""
    return without(scope["headers"], {b"content-length", b"transfer-encoding", b"if-none-match", b"range"})


def _headers(scope: dict[str, Any], behavior: Behavior, origin: Origin) -> Headers:
    """What the behaviour lets through, what CloudFront adds, and the origin's own in the place of a viewer's."""
    own = [(name.lower().encode(), value.encode()) for name, value in origin.headers]
    viewer = without(scope["headers"], HOP_BY_HOP | OURS | {name for name, _ in own})
    came_from = [value for name, value in viewer if name == b"x-forwarded-for"]
    framing = [each for each in viewer if each[0] in {b"content-length", b"transfer-encoding"}]
    passed = (
        without(viewer, {b"host", b"x-forwarded-for"})
        if behavior.forwards_viewer
        else framing + _in_key(scope, behavior)
    )
    host = dict(viewer).get(b"host", b"") if behavior.forwards_host else origin.host.encode()
    address, port = scope["client"]
    told = [(b"cloudfront-forwarded-proto", b"https"), (b"cloudfront-viewer-address", f"{address}:{port}".encode())]
    return [
        (b"host", host),
        *passed,
        (b"x-forwarded-for", b", ".join([*came_from, address.encode()])),
        (b"via", b"1.1 edge (CloudFront)"),
        *(told if behavior.tells_viewer else []),
        *own,
    ]


def _in_key(scope: dict[str, Any], behavior: Behavior) -> Headers:
    """What is in the key goes on to the origin as well (CloudFront Developer Guide, "Understand cache policies")."""
    asked = _asked(scope)
    named = [(name, value) for name in behavior.cache.headers if name != "host" for value in asked.values(name)]
    sent = "; ".join(cookies(behavior.cache, asked))
    pairs = [*named, *([("cookie", sent)] if sent else [])]
    return [(name.encode(), value.encode("latin-1")) for name, value in pairs]


def _asked(scope: dict[str, Any]) -> Asked:
    return Asked(
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
    )


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` and `?` as in rules of a load balancer; a slash in front goes without saying, and case counts."""
    whole = text if text.startswith(("/", "*")) else f"/{text}"
    parts = ("." if part == "?" else ".*" if part == "*" else re.escape(part) for part in re.split(r"([*?])", whole))
    return re.compile("".join(parts), re.DOTALL)
