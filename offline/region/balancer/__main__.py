"""The load balancer's process: `python -m offline.region.balancer FOLDER` obeys the orders that lie in the folder."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvicorn

from offline.region.access import Logged
from offline.region.balancer.access import entry
from offline.region.balancer.proxy import Proxy
from offline.region.balancer.table import HEALTH, ORDERS, Health, Orders
from offline.region.serving import listen_at, serving
from offline.region.writing import replace

LOOK_EVERY_S = 0.05
COUNT_EVERY_S = 1.0


async def main(folder: Path) -> None:
    """Serve until the process ends; new orders hold a moment after they were written."""
    proxy, changed, orders, said, counted = Proxy(), 0, None, None, 0.0
    logged = Logged(proxy, entry)
    listening = Listening(logged)
    while True:
        logged.write(folder)
        now = (folder / ORDERS).stat().st_mtime_ns
        if now != changed or orders is None:
            changed, orders = now, msgspec.json.decode((folder / ORDERS).read_bytes(), type=Orders)
            proxy.update(orders.table, orders.ports)
            listening.obey(orders)
        health = Health(version=orders.version, states={arn: pool.states() for arn, pool in proxy.pools.items()})
        if health != said or time.monotonic() - counted > COUNT_EVERY_S:
            requests = {arn: pool.requests for arn, pool in proxy.pools.items()}
            replace(folder / HEALTH, msgspec.json.encode(msgspec.structs.replace(health, requests=requests)))
            said, counted = health, time.monotonic()
        await asyncio.sleep(LOOK_EVERY_S)


class _Server(uvicorn.Server):
    """One of many in a process, which a signal ends with all of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the system."""
        yield


class Listening:
    """One server for each port that is listened on; they come and go one by one."""

    def __init__(self, proxy: Logged) -> None:
        self._config = serving(proxy)
        self._servers: dict[int, tuple[_Server, asyncio.Task[None]]] = {}
        """By port on this machine; the loop itself keeps no task alive."""

    def obey(self, orders: Orders) -> None:
        """Listen where *orders* say, and nowhere else."""
        self._config.timeout_keep_alive = round(orders.table.idle_s)
        for port in self._servers.keys() - {*orders.ports.values()}:
            self._servers.pop(port)[0].should_exit = True
        for port in {*orders.ports.values()} - self._servers.keys():
            server, door = _Server(self._config), listen_at(orders.address, port)
            self._servers[port] = server, asyncio.create_task(server.serve(sockets=[door]))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
