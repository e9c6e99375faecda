"""Run Valkey in cluster mode: shards with their slots, replicas, failover."""

from __future__ import annotations

import hashlib
import signal
from dataclasses import dataclass, field
from pathlib import Path

from valkey import Valkey
from valkey.exceptions import ValkeyError

from offline.region.addresses import LAST_PORT, Addresses, port_on
from offline.region.binaries import valkey_server
from offline.region.process import Process

SLOTS = 16_384
READY_S = 30.0

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ValkeyArgs:
    """One cache as ElastiCache describes it."""

    name: str = ""
    """The replication group's id, with which the name of each node begins."""
    shards: int = 3
    """Below 3 no majority is left to fail over to a replica by itself."""
    replicas_per_shard: int = 1
    password: str = field(default="", repr=False)
    """The auth token; empty for none."""
    port: int = 6379
    """Another is taken where a server of this machine has it on every address; `ValkeyCluster.port` says which."""
    eviction: str = "volatile-lru"
    """maxmemory-policy; this is the default of ElastiCache's parameter groups."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one node stands in the cluster."""

    shard: int
    replica: int
    """0 is who begins as the primary."""
    host: str
    group: str

    @property
    def name(self) -> str:
        number = f"{self.shard + 1:04}-{self.replica + 1:03}"
        return f"{self.group}-{number}" if self.group else number

    @property
    def id(self) -> str:
        """What nodes call each other: 40 hex digits."""
        return hashlib.sha256(self.host.encode()).hexdigest()[:40]


class ValkeyCluster:
    """The nodes of one cluster, by ElastiCache's names: "sessions-0001-001" is the first of the first shard."""

    def __init__(self, args: ValkeyArgs, folder: Path, addresses: Addresses) -> None:
        """Start them all in *folder*; `wait` says when they take writes. RegionError with the fix."""
        self.args = args
        per_shard = 1 + args.replicas_per_shard
        hosts = addresses.take(args.shards * per_shard)
        self.port = port_on(hosts, args.port)
        self._folder = folder
        places = [_Place(*divmod(number, per_shard), host, args.name) for number, host in enumerate(hosts)]
        self._places = {place.name: place for place in places}
        folder.mkdir(parents=True)
        for place in places:
            self._write(place)
        self._processes = {name: self._run(name) for name in self._places}

    def wait(self) -> None:
        """Wait until every node calls the cluster healthy; RegionError with the fix when one does not."""
        for name in self._places:
            self._wait(name)

    @property
    def host(self) -> str:
        """An address that tells a client of all others, as ElastiCache's configuration endpoint does."""
        return next(place.host for place in self._places.values())

    @property
    def hosts(self) -> dict[str, str]:
        """Node -> its address."""
        return {name: place.host for name, place in self._places.items()}

    def role(self, name: str) -> str:
        """`master` or `slave`, as the node says now."""
        with self.client(name) as client:
            return str(client.role()[0])  # pyright: ignore[reportIndexIssue]  typed for sync and async clients at once

    def client(self, name: str) -> Valkey:
        """A plain client of one node."""
        return Valkey(self._places[name].host, self.port, password=self.args.password or None, decode_responses=True)

    def alive(self, name: str) -> bool:
        """Whether the node's process runs."""
        return self._processes[name].alive

    def kill(self, name: str) -> None:
        """End a node as the loss of its machine would; a replica takes a primary's place after some 2 s."""
        self._processes[name].kill()

    def restart(self, name: str) -> None:
        """Start a killed node again, empty: it follows whoever took its place."""
        self._processes[name] = self._run(name)
        self._wait(name)

    def mend(self) -> None:
        """Let a replica take the place of each lost primary, where no majority of primaries is left to decide it.

        ElastiCache decides that from outside, for any number of shards. A lost node stays lost until `restart`.
        """
        for shard in range(self.args.shards):
            members = [name for name, place in self._places.items() if place.shard == shard and self.alive(name)]
            if members and "master" not in {self.role(name) for name in members}:
                with self.client(members[0]) as heir:
                    heir.execute_command("CLUSTER FAILOVER", "TAKEOVER")

    def stop(self) -> None:
        """End all of them. Nothing is kept: ElastiCache keeps no data on disk either."""
        for process in self._processes.values():
            process.stop(signal.SIGKILL)

    def _write(self, place: _Place) -> None:
        """Give the node its configuration, and a map of the cluster: so nobody has to be introduced to anybody."""
        home = self._folder / place.name
        home.mkdir(mode=0o700)
        password = self.args.password
        text = _CONFIGURATION.format(
            host=place.host,
            port=self.port,
            bus_port=self._bus_port,
            eviction=self.args.eviction,
            secret=f'requirepass "{password}"\nprimaryauth "{password}"\n' if password else "",
        )
        (home / "valkey.conf").write_text(text)
        rows = "".join(self._row(each, place) for each in self._places.values())
        (home / "nodes.conf").write_text(f"{rows}vars currentEpoch {self.args.shards} lastVoteEpoch 0\n")

    def _row(self, place: _Place, myself: _Place) -> str:
        """One line of nodes.conf, as CLUSTER NODES documents it."""
        primary = next(each for each in self._places.values() if each.shard == place.shard and not each.replica)
        flags = ("myself," if place is myself else "") + ("master" if place is primary else "slave")
        follows = "-" if place is primary else primary.id
        first, end = (SLOTS * shard // self.args.shards for shard in (place.shard, place.shard + 1))
        slots = f" {first}-{end - 1}" if place is primary else ""
        address = f"{place.host}:{self.port}@{self._bus_port}"
        return f"{place.id} {address} {flags} {follows} 0 0 {place.shard + 1} connected{slots}\n"

    @property
    def _bus_port(self) -> int:
        return self.port + 10_000 if self.port + 10_000 <= LAST_PORT else self.port - 1

    def _run(self, name: str) -> Process:
        return Process([valkey_server(), "valkey.conf"], self._folder / name)

    def _wait(self, name: str) -> None:
        with self.client(name) as client:
            self._processes[name].wait_until(lambda: _is_healthy(client), READY_S)


def _is_healthy(client: Valkey) -> bool:
    try:
        known: dict[str, str] = client.execute_command("CLUSTER INFO")  # pyright: ignore[reportAssignmentType]
        return known["cluster_state"] == "ok"
    except (ValkeyError, OSError):
        return False
