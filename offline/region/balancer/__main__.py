"""The load balancer's process: `python -m offline.region.balancer FOLDER` obeys the orders that lie in the folder."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from pathlib import Path

import msgspec
import uvicorn

from offline.region.balancer.proxy import Proxy
from offline.region.balancer.table import HEALTH, ORDERS, Health, Orders
from offline.region.writing import replace

LOOK_EVERY_S = 0.05
COUNT_EVERY_S = 1.0


async def main(folder: Path) -> None:
    """Serve until SIGTERM; new orders hold a moment after they were written."""
    orders = _orders(folder)
    proxy = Proxy({here: listener for listener, here in orders.ports.items()})
    sockets = [socket.create_server((orders.address, port), backlog=1024) for port in orders.ports.values()]
    config = uvicorn.Config(
        proxy,  # pyright: ignore[reportArgumentType]  typed by uvicorn's own protocol classes
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the client is who connects, whatever its headers say
        timeout_keep_alive=round(orders.table.idle_s),
    )
    following = asyncio.create_task(_follow(folder, proxy))
    await uvicorn.Server(config).serve(sockets=sockets)
    following.cancel()


async def _follow(folder: Path, proxy: Proxy) -> None:
    seen, version, said, counted = 0, 0, None, 0.0
    while True:
        changed = (folder / ORDERS).stat().st_mtime_ns
        if changed != seen:
            orders = _orders(folder)
            proxy.update(orders.table)
            seen, version = changed, orders.version
        health = Health(version=version, states={arn: pool.states() for arn, pool in proxy.pools.items()})
        if health != said or time.monotonic() - counted > COUNT_EVERY_S:
            requests = {arn: pool.requests for arn, pool in proxy.pools.items()}
            replace(folder / HEALTH, msgspec.json.encode(msgspec.structs.replace(health, requests=requests)))
            said, counted = health, time.monotonic()
        await asyncio.sleep(LOOK_EVERY_S)


def _orders(folder: Path) -> Orders:
    return msgspec.json.decode((folder / ORDERS).read_bytes(), type=Orders)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
