"""Answer requests as the table says, by a target's answer or by the load balancer's own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpcore

from offline.region.access import NOTED
from offline.region.balancer.health import Pool
from offline.region.balancer.matching import Asked, drawn, location, met
from offline.region.balancer.table import Listener, Rule, Table
from offline.region.exchange import HOP_BY_HOP, Exchange, Headers, Onward, whole_path, without

TRACE = b"x-amzn-trace-id"
_RANDOM = secrets.SystemRandom()
"""Chooses among weighted groups."""


class Proxy:
    """An ASGI application; `update` gives it another table, which holds from the next request on."""

    def __init__(self) -> None:
        self.pools: dict[str, Pool] = {}
        self._ports: dict[int, int] = {}
        self._listeners: dict[int, Listener] = {}
        self._idle_s = 60.0
        self._name = ""
        self._connections = httpcore.AsyncConnectionPool(max_connections=None, keepalive_expiry=30.0)

    def update(self, table: Table, ports: dict[int, int]) -> None:
        """Obey *table*; what is under way goes on to its end, also at a target that left.

        *ports* is port of a listener -> port on this machine.
        """
        self._ports = {here: listener for listener, here in ports.items()}
        self._name = table.name
        self._listeners = {each.port: each for each in table.listeners}
        self._idle_s = table.idle_s
        groups = {group.arn: group for group in table.groups}
        for arn in [arn for arn in self.pools if arn not in groups]:
            self.pools.pop(arn).close()
        for arn, group in groups.items():
            self.pools.setdefault(arn, Pool(group)).update(group)

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        listener = self._listeners[self._ports[scope["server"][1]]]
        exchange, asked = Exchange(scope, receive, send, "awselb/2.0"), _asked(scope)
        rule = met(listener, asked)
        chosen, noted = rule.action, self._noted(listener, rule)
        scope[NOTED] = noted
        if chosen.groups:
            noted["group"] = drawn(chosen.groups, _RANDOM.random())
            headers = _headers(scope, listener)
            noted["trace"] = dict(headers)[TRACE].decode("latin-1")
            await self._forward(exchange, self.pools.get(noted["group"]), headers)
        else:
            there = location(chosen.location, listener, asked) if chosen.location else ""
            await exchange.answer(chosen.status, chosen.content_type, chosen.body, there)

    def _noted(self, listener: Listener, rule: Rule) -> dict[str, Any]:
        """What the access log tells of a request before it is carried on."""
        chosen = rule.action
        does = "forward" if chosen.groups else "redirect" if chosen.location else "fixed-response"
        of = {"balancer": self._name, "protocol": listener.protocol.lower(), "port": listener.port}
        return {**of, "priority": rule.priority, "action": does}

    async def _forward(self, exchange: Exchange, pool: Pool | None, headers: Headers) -> None:
        watched = pool.next() if pool else None
        if pool is None or watched is None:
            await exchange.answer(503, body="503 Service Temporarily Unavailable")
            return
        address, port = watched.target.address, watched.target.port
        path = whole_path(exchange.scope)
        exchange.scope[NOTED]["target"] = f"{address}:{port}"
        onward = Onward(address=address, port=port, path=path, headers=headers, idle_s=self._idle_s)
        with pool.under_way(watched):
            await exchange.forward(self._connections, onward)


def _headers(scope: dict[str, Any], listener: Listener) -> Headers:
    """The client's own, and who it is: X-Forwarded-* and a trace id, as ELB adds them."""
    headers = without(scope["headers"], HOP_BY_HOP | {b"x-forwarded-proto", b"x-forwarded-port"})
    came_from = [value for name, value in headers if name == b"x-forwarded-for"]
    trace = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}".encode()
    traced = any(name == TRACE for name, _ in headers)
    return [
        *without(headers, {b"x-forwarded-for"}),
        (b"x-forwarded-for", b", ".join([*came_from, scope["client"][0].encode()])),
        (b"x-forwarded-proto", listener.protocol.lower().encode()),
        (b"x-forwarded-port", str(listener.port).encode()),
        *([] if traced else [(TRACE, trace)]),
    ]


def _asked(scope: dict[str, Any]) -> Asked:
    return Asked(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
        source=scope["client"][0],
    )
