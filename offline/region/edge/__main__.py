"""The edge's process: `python -m offline.region.edge FOLDER` obeys the table in the folder, and its changes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec
import uvicorn

from offline.region.access import Logged
from offline.region.edge.access import entry
from offline.region.edge.proxy import Edge
from offline.region.edge.table import INVALIDATIONS, ORDERS, READY, Invalidation, Table
from offline.region.serving import listen_at, serving

LOOK_EVERY_S = 0.2


async def main(folder: Path) -> None:
    """Serve until SIGTERM."""
    table = _table(folder)
    door = listen_at(table.address, table.port)
    edge = Edge(table)
    (folder / READY).touch()
    logged = Logged(edge, entry)
    following = asyncio.create_task(_follow(folder, edge, logged))
    await uvicorn.Server(serving(logged)).serve(sockets=[door])
    following.cancel()


async def _follow(folder: Path, edge: Edge, logged: Logged) -> None:
    done: set[str] = set()
    while True:
        logged.write(folder)
        edge.table = _table(folder)
        for each in _invalidations(folder / INVALIDATIONS):
            if each.id not in done:
                done.add(each.id)
                edge.cache.invalidate(each.paths)
        await asyncio.sleep(LOOK_EVERY_S)


def _table(folder: Path) -> Table:
    return msgspec.json.decode((folder / ORDERS).read_bytes(), type=Table)


def _invalidations(path: Path) -> list[Invalidation]:
    return msgspec.json.decode(path.read_bytes(), type=list[Invalidation]) if path.exists() else []


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
