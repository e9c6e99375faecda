"""The edge's process: `python -m offline.region.edge FOLDER` obeys the table that lies in the folder."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import msgspec
import uvicorn

from offline.region.edge.cache import Cache
from offline.region.edge.proxy import Edge
from offline.region.edge.table import INVALIDATIONS, ORDERS, READY, Invalidation, Table

LOOK_EVERY_S = 0.2


async def main(folder: Path) -> None:
    """Serve until SIGTERM."""
    table = msgspec.json.decode((folder / ORDERS).read_bytes(), type=Table)
    listening = socket.create_server((table.address, table.port), backlog=1024)
    edge = Edge(table)
    config = uvicorn.Config(
        edge,  # pyright: ignore[reportArgumentType]  typed by uvicorn's own protocol classes
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the viewer is who connects, whatever its headers say
    )
    (folder / READY).touch()
    following = asyncio.create_task(_follow(folder / INVALIDATIONS, edge.cache))
    await uvicorn.Server(config).serve(sockets=[listening])
    following.cancel()


async def _follow(path: Path, cache: Cache) -> None:
    done: set[str] = set()
    while True:
        for each in _invalidations(path):
            if each.id not in done:
                done.add(each.id)
                cache.invalidate(each.paths)
        await asyncio.sleep(LOOK_EVERY_S)


def _invalidations(path: Path) -> list[Invalidation]:
    return msgspec.json.decode(path.read_bytes(), type=list[Invalidation]) if path.exists() else []


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
