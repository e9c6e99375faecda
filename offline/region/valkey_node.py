"""Run one Valkey server of a cluster, and ask it as its owner."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valkey import Valkey
from valkey.exceptions import ValkeyError

from offline.region.addresses import LAST_PORT
from offline.region.binaries import valkey_server
from offline.region.process import Process

READY_S = 30.0
STARTING = "starting"
"""In the place of a role: it does not answer yet."""

# A node is silent for cluster-node-timeout before its replica takes over. A new cluster takes writes after 2 s: that is
# compiled in (CLUSTER_WRITABLE_DELAY in Valkey's cluster_legacy.c).
_CONFIGURATION = """\
bind {host}
bind-source-addr {host}
port {port}
cluster-port {bus_port}
cluster-enabled yes
cluster-config-file nodes.conf
cluster-node-timeout 2000
repl-diskless-sync-delay 0
save ""
appendonly no
maxmemory 256mb
maxmemory-policy {eviction}
{secret}"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one node stands in the cluster."""

    shard: int
    replica: int
    """0 is who begins as the primary."""
    host: str
    port: int
    group: str

    @property
    def name(self) -> str:
        """ElastiCache's: "sessions-0001-001" is the first node of the first shard."""
        number = f"{self.shard + 1:04}-{self.replica + 1:03}"
        return f"{self.group}-{number}" if self.group else number

    @property
    def id(self) -> str:
        """What nodes call each other: 40 hex digits."""
        return hashlib.sha256(self.host.encode()).hexdigest()[:40]

    @property
    def bus_port(self) -> int:
        """Where nodes talk to each other."""
        return self.port + 10_000 if self.port + 10_000 <= LAST_PORT else self.port - 1


class ValkeyNode:
    """One server in its own folder, at its own address; `configure` comes before the first `start`."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        self._folder = folder
        self._password = ""
        self._process: Process | None = None
        folder.mkdir(mode=0o700, exist_ok=True)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.alive

    def configure(self, eviction: str, password: str) -> None:
        """Say what holds from the next start on, and at once in one that runs.

        A server that runs takes the password of before as well, as ElastiCache does while a token is rotated.
        """
        text = _CONFIGURATION.format(
            host=self.place.host,
            port=self.place.port,
            bus_port=self.place.bus_port,
            eviction=eviction,
            secret=f'requirepass "{password}"\nprimaryauth "{password}"\n' if password else "",
        )
        (self._folder / "valkey.conf").write_text(text)
        if self.alive:
            with self.client() as client:
                client.config_set("maxmemory-policy", eviction)
                client.config_set("primaryauth", password)
                client.execute_command("ACL SETUSER", "default", f">{password}" if password else "nopass")
        self._password = password

    def know(self, rows: str, epoch: int) -> None:
        """Begin with a map of the cluster, *rows* as CLUSTER NODES documents them."""
        (self._folder / "nodes.conf").write_text(f"{rows}vars currentEpoch {epoch} lastVoteEpoch 0\n")

    def start(self) -> None:
        """Start it; `wait` says when it takes writes."""
        self._process = Process([valkey_server(), "valkey.conf"], self._folder)

    def wait(self) -> None:
        """Wait until it calls the cluster healthy; RegionError with its last words when it does not."""
        self.wait_for("CLUSTER INFO", "cluster_state", "ok")

    def wait_for(self, command: str, field: str, wanted: str) -> None:
        """Wait until *field* of its answer to *command* is *wanted*; RegionError as in `wait`."""
        self.wait_until(lambda: self.says(command, field, wanted))

    def says(self, command: str, field: str, wanted: str) -> bool:
        """Whether *field* of its answer to *command* is *wanted* now."""
        with self.client() as client:
            return _said(client, command).get(field) == wanted

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Wait for something else that only a living node can bring about; RegionError as in `wait`."""
        assert self._process  # noqa: S101  started
        self._process.wait_until(ready, READY_S)

    def ask(self, *command: str | int) -> Any:
        """What it answers to *command*."""
        with self.client() as client:
            return client.execute_command(*command)

    @property
    def role(self) -> str:
        """`master` or `slave`, as the node says now; STARTING while it does not answer."""
        try:
            return str(self.ask("ROLE")[0])
        except (ValkeyError, OSError):
            return STARTING

    def followers(self) -> dict[str, tuple[int, float]]:
        """Address of each replica -> bytes of this node's stream that it has not acknowledged, seconds since it did.

        One that is not linked is not among them (INFO, section Replication). Who has acknowledged all is 0 s behind,
        though acknowledgements come once a second.
        """
        try:
            with self.client() as client:
                said: Any = client.info("replication")
        except (ValkeyError, OSError):
            return {}
        rows = [row for name, row in said.items() if re.fullmatch(r"slave\d+", name) and row["state"] == "online"]
        behind = {row["ip"]: (said["master_repl_offset"] - row["offset"], float(row["lag"])) for row in rows}
        return {host: (size, seconds if size else 0.0) for host, (size, seconds) in behind.items()}

    def client(self) -> Valkey:
        """A plain client of this node."""
        return Valkey(self.place.host, self.place.port, password=self._password or None, decode_responses=True)

    def kill(self) -> None:
        """End it as the loss of its machine would."""
        if self._process:
            self._process.kill()


def _said(client: Valkey, command: str) -> dict[str, Any]:
    """The answer by field; nothing while nobody listens."""
    try:
        return {name: str(value) for name, value in client.execute_command(command).items()}  # pyright: ignore[reportAttributeAccessIssue, reportGeneralTypeIssues]  typed for sync and async clients at once
    except (ValkeyError, OSError):
        return {}
