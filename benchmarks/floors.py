"""Serve the least that the framework can: one look-up in a store and its answer, `python -m benchmarks.floors`."""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Annotated, Any

import asyncpg
import uvicorn
from litestar import Litestar, get
from litestar.params import PathParameter
from valkey.asyncio.cluster import ValkeyCluster

from app.services.catalog.domain import Item
from app.services.catalog.items import _FIND

Id = Annotated[str, PathParameter()]


class _Floor:
    """One connection pool to each store, opened with the first request."""

    def __init__(self, where: dict[str, dict[str, Any]]) -> None:
        self._where = where
        self._cache: ValkeyCluster | None = None
        self._pool: asyncpg.Pool | None = None

    async def one_get(self, key: str) -> bytes:
        if self._cache is None:
            self._cache = ValkeyCluster(**self._where["cache"])
        return await self._cache.get(key)

    async def one_select(self, item_id: str) -> asyncpg.Record:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(**self._where["database"], min_size=0, max_size=8)
        return await self._pool.fetchrow(_FIND, item_id)


def application(floor: _Floor) -> Litestar:
    """Two routes, neither of which does anything that it need not."""

    @get("/get/{key:str}")
    async def one_get(key: Id) -> dict[str, str]:
        return {"value": (await floor.one_get(key)).decode()}

    @get("/select/{item_id:str}")
    async def one_select(item_id: Id) -> Item:
        return Item(*await floor.one_select(item_id))

    return Litestar([one_get, one_select], openapi_config=None, logging_config=None)


def main() -> None:
    """Listen on any port, and say which."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(json.dumps({"event": "started", "port": listener.getsockname()[1]}), flush=True)  # noqa: T201
    app = application(_Floor(json.loads(os.environ["FLOORS"])))
    config = uvicorn.Config(app, http="httptools", loop="uvloop", ws="none", access_log=False, log_config=None)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
