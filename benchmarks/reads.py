"""Measure what a read costs a server, against the same framework with one look-up in the same store and no more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median, quantiles

from app.data.database import NOWHERE
from app.services.catalog.domain import NewItem
from app.services.catalog.items import PostgresItems
from benchmarks.measure import Result
from benchmarks.serving import REPLICAS, Serving, ask, request, serving, world
from tests.app.world import World, new_id

BOUND = 1 / 0.9
"""Of the floor's CPU: at least 0.9 of its requests a second."""
REQUESTS, TURNS, ITEMS = 500, 40, 50

Side = tuple[Serving, Sequence[bytes]]


def measure() -> list[Result]:
    """Both sides take turns; the median of the turns counts."""
    with (
        world() as at,
        serving(["benchmarks.served"], at.environment) as ours,
        serving(["benchmarks.floors"], {"FLOORS": _where(at)}) as floor,
    ):
        items, cookie = _items(at), f"session={at.log_in().session_id}"
        at.run(_put(at, "one"))
        return [
            _ratio(
                "session-checked read / one GET",
                (ours, [request("GET", "/probe", Cookie=cookie)] * REQUESTS),
                (floor, [request("GET", "/get/one")] * REQUESTS),
            ),
            _ratio(
                "item from a replica / one SELECT",
                (ours, [request("GET", f"/catalog/items/{each}") for each in items]),
                (floor, [request("GET", f"/select/{each}") for each in items]),
            ),
        ]


def _ratio(name: str, *sides: Side) -> Result:
    """The median of the ratios of TURNS turns: what slows the machine down for a while slows both halves of a turn."""
    for side in sides:
        _cost(side)  # connections are opened, statements are prepared
    turns = [_turn(sides, backwards=at % 2 == 1) for at in range(TURNS)]
    ours, floor = (1000 * median(costs) for costs in zip(*turns, strict=True))
    low, ratio, high = quantiles((one / other for one, other in turns), n=4)
    spread = f"half of {TURNS} turns {1 / high:.2f} to {1 / low:.2f}"
    return Result(name, ratio, BOUND, "x", f"{ours:.3f} ms of CPU against {floor:.3f}: {1 / ratio:.2f}, {spread}")


def _turn(sides: Sequence[Side], *, backwards: bool) -> list[float]:
    """What each side costs, one right after the other; each goes first in every second turn."""
    step = -1 if backwards else 1
    return [_cost(side) for side in sides[::step]][::step]


def _cost(side: Side) -> float:
    """Seconds of CPU for one request, of the event loop's thread: others call AWS by the clock, whoever asks."""
    server, requests = side
    before = server.cpu_s() - server.beside_s()
    ask(server.port, requests)
    return (server.cpu_s() - server.beside_s() - before) / len(requests)


def _items(at: World) -> list[str]:
    """REQUESTS ids of ITEMS items, which every replica has."""
    items, ids = PostgresItems(at.stores.database), [new_id() for _ in range(ITEMS)]
    for each in ids:
        at.run(items.add(each, new_id(), NewItem("A chair", 4900, 10, "Made of oak, by hand. " * 10)))
    place = at.postgres.primary.sql("select pg_current_wal_flush_lsn()")
    for name in REPLICAS:
        node = at.postgres.replicas[name]
        node.wait_until(lambda node=node: node.sql(f"select pg_last_wal_replay_lsn() >= '{place}'") == "t")
    return ids * (REQUESTS // ITEMS)


async def _put(at: World, key: str) -> None:
    async with at.stores.cache.client() as valkey:
        await valkey.set(key, f"{NOWHERE:016x}{new_id()}")


def _where(at: World) -> str:
    """Where the floor finds the same servers."""
    postgres, valkey = at.postgres, at.valkey
    login = {"user": postgres.args.user, "password": postgres.args.password, "database": postgres.args.database}
    replica = {"host": postgres.replicas[REPLICAS[0]].host, "port": postgres.port}
    return json.dumps(
        {
            "cache": {"host": valkey.host, "port": valkey.port, "password": valkey.args.password},
            "database": login | replica,
        }
    )
