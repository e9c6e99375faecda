"""Measure what a checkout costs in CPU, and which part of the store has it: there is no bound but to know."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import ExitStack

from app.contract import CALLED
from app.services.catalog.domain import NewItem
from app.services.catalog.items import PostgresItems
from benchmarks.measure import Result
from benchmarks.serving import Serving, ask, request, serving, world
from tests.app.inside import Inside, open_inside
from tests.app.world import World, new_id

ORDERS, ROUNDS = 60, 3
AT_ONCE = 2
"""Customers at once: the account's own server is one process, and not what is measured."""
SERVICES = ("orders", "catalog", "payments")


def measure() -> list[Result]:
    """A process for each service, the best of several rounds of new customers with one item each."""
    with world() as at, open_inside() as inside, ExitStack() as stack:
        environment = at.environment | {"BIGPICTURE_INTERNAL_URL": inside.url}
        servers = {
            service: stack.enter_context(serving(["app", "web", "--services", service], environment))
            for service in SERVICES
        }
        _lead(inside, servers)
        item = new_id()
        new = NewItem("A chair", 4900, 10_000)
        at.run(PostgresItems(at.stores.database).add(item, new_id(), new))
        rounds = [_parts(at, servers, item) for _ in range(1 + ROUNDS)][1:]
    best = min(rounds, key=lambda parts: sum(parts.values()))
    shown = ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in best.items())
    return [Result("CPU of a checkout", 1000 * sum(best.values()), math.inf, "ms", shown)]


def _parts(at: World, servers: Mapping[str, Serving], item: str) -> dict[str, float]:
    """Seconds of CPU a checkout, by who takes them; what is sent behind an order is among them while it goes on."""
    orders = servers["orders"]
    cookies = [f"session={at.log_in().session_id}" for _ in range(ORDERS)]
    wanted = json.dumps({"quantity": 1})
    ask(orders.port, [request("PUT", f"/orders/cart/lines/{item}", wanted, Cookie=each) for each in cookies], AT_ONCE)
    payment = json.dumps({"payment": "tok_accepted"})
    bought = [request("POST", "/orders/checkout", payment, Cookie=each, Idempotency_Key=new_id()) for each in cookies]
    before = _spent(servers)
    ask(orders.port, bought, AT_ONCE)
    return {name: (seconds - before[name]) / ORDERS for name, seconds in _spent(servers).items()}


def _spent(servers: Mapping[str, Serving]) -> dict[str, float]:
    orders = servers["orders"]
    aws = orders.beside_s()
    others = {name: server.cpu_s() for name, server in servers.items() if name != "orders"}
    return {"orders": orders.cpu_s() - aws, "orders' calls of AWS": aws, **others}


def _lead(inside: Inside, servers: Mapping[str, Serving]) -> None:
    """Have each call answered by the service that its path names."""
    forward = inside.forward

    def to_whom(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        [service] = [name for name, below in CALLED.items() if path.startswith(f"{below}/")]
        inside.servers[:] = [servers[service].port]
        return forward(method, path, headers, body)

    inside.forward = to_whom
