"""Start the store's stores and servers for a measurement, load a server, and read what that cost it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from offline.account import open_account
from offline.region.addresses import Addresses
from offline.region.postgres import Postgres, PostgresArgs
from offline.region.valkey import ValkeyArgs, ValkeyCluster
from tests.app.processes import NOWHERE, ROOT, free_port
from tests.app.world import World

AT_ONCE = 8
"""Connections that ask, each again as soon as it is answered."""
REPLICAS = ("replica-1", "replica-2")


@dataclass(frozen=True, slots=True)
class Serving:
    """One server process."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """Seconds of CPU of all its threads so far."""
        return sum(self._threads().values())

    def beside_s(self) -> float:
        """Seconds of CPU of its threads but the first, where the event loop is: calls of AWS, and passwords."""
        return sum(seconds for thread, seconds in self._threads().items() if thread != self.pid)

    def _threads(self) -> dict[int, float]:
        """Thread -> seconds on a CPU: the first figure of schedstat is in ns (Documentation/scheduler/sched-stats)."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return {int(task.name): int((task / "schedstat").read_text().split()[0]) / 1e9 for task in tasks}


@contextmanager
def world() -> Iterator[World]:
    """An account, a database with two replicas, and a cache, as the app's tests have them."""
    with ExitStack() as stack:
        folder, addresses = Path(stack.enter_context(tempfile.TemporaryDirectory())), Addresses()
        login = PostgresArgs(database="store", user="store", password="it's", replicas=REPLICAS)  # noqa: S106
        postgres = Postgres(login, folder / "postgres", addresses)
        stack.callback(postgres.stop)
        valkey = ValkeyCluster(ValkeyArgs(password="letmein-0123456789"), folder / "valkey", addresses)  # noqa: S106
        stack.callback(valkey.stop)
        valkey.wait()
        account = open_account("eu-west-1", "benchmark")
        stack.callback(account.close)
        os.environ.update(NOWHERE, AWS_ENDPOINT_URL=account.serve())
        made = World(account, postgres, valkey)
        stack.callback(made.close)
        yield made


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Serving]:
    """Run `python -m` *command*, whose first line of log tells its port; nobody reads the others."""
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**NOWHERE, **environment, "BIGPICTURE_PORT": str(free_port())},
        stdout=write,
    )
    os.close(write)
    said = os.fdopen(read)
    port = json.loads(said.readline())["port"]
    threading.Thread(target=said.read, daemon=True).start()
    try:
        yield Serving(port, process.pid)
    finally:
        process.kill()
        process.wait()


def ask(port: int, requests: Sequence[bytes], at_once: int = AT_ONCE, host: str = "127.0.0.1") -> None:
    """Send all *requests* over *at_once* connections; ValueError for an answer that is no success."""
    waiting = iter(requests)

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for request in waiting:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            if not head.startswith(b"http/1.1 2"):
                raise ValueError(f"{request[:60]!r} was answered by {body[:300]!r}; allowed: a success. Fix: the store")
        writer.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(at_once)))

    asyncio.run(all_of_them())


def request(method: str, path: str, body: str = "", **headers: str) -> bytes:
    """Spell one request; `Idempotency_Key` is a header's name."""
    said = {"Host": "127.0.0.1", "User-Agent": "benchmark", "Accept": "*/*"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    said |= {"Content-Type": "application/json", "Content-Length": str(len(body))} if body else {}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()
