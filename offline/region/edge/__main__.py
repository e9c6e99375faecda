"""The edge's process: `python -m offline.region.edge FOLDER` obeys the table that lies in the folder."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import msgspec
import uvicorn

from offline.region.edge.proxy import Edge
from offline.region.edge.table import ORDERS, READY, Table


async def main(folder: Path) -> None:
    """Serve until SIGTERM."""
    table = msgspec.json.decode((folder / ORDERS).read_bytes(), type=Table)
    listening = socket.create_server((table.address, table.port), backlog=1024)
    config = uvicorn.Config(
        Edge(table),  # pyright: ignore[reportArgumentType]  typed by uvicorn's own protocol classes
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the viewer is who connects, whatever its headers say
    )
    (folder / READY).touch()
    await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
