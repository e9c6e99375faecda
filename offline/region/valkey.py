"""Run Valkey in cluster mode: shards with their slots, replicas, failover; their number changes while it runs."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from valkey import Valkey

from offline.region.addresses import Addresses, port_on
from offline.region.slots import begin_and_end, move_slots
from offline.region.valkey_node import STARTING, Place, ValkeyNode


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

    def names(self, place: Place) -> bool:
        """Whether a cache of this shape has a node there."""
        return place.shard < self.shards and place.replica <= self.replicas_per_shard


class ValkeyCluster:
    """The nodes of one cluster, by ElastiCache's names: "sessions-0001-001" is the first of the first shard."""

    def __init__(self, args: ValkeyArgs, folder: Path, addresses: Addresses) -> None:
        """Start them all in *folder*; `wait` says when they take writes. RegionError with the fix."""
        self.args = args
        self._folder, self._addresses = folder, addresses
        per_shard = 1 + args.replicas_per_shard
        hosts = addresses.take(args.shards * per_shard)
        self.port = port_on(hosts, args.port)
        folder.mkdir(parents=True)
        places = [Place(*divmod(number, per_shard), host, self.port, args.name) for number, host in enumerate(hosts)]
        self._nodes = {place.name: self._make(place, args) for place in places}
        for node in self._nodes.values():  # each has a map of all: so nobody has to be introduced to anybody
            node.know("".join(self._row(place, node.place) for place in places), args.shards)
            node.start()

    def wait(self) -> None:
        """Wait until every node calls the cluster healthy; RegionError with the fix when one does not."""
        for node in self._nodes.values():
            node.wait()

    def change(self, args: ValkeyArgs) -> None:
        """Become what *args* says while clients go on, keys and all, as ElastiCache does it (online resharding).

        Lost nodes come back first. What failed half-way is finished by the next call. RegionError with the reason.
        """
        for node in self._nodes.values():
            if not node.alive:
                node.start()
        for node in self._nodes.values():
            node.wait()
            node.configure(args.eviction, args.password)
        self._add(args)
        move_slots({node.place.shard: node for node in self._primaries()}, args.shards)
        going = [each for each in self._nodes.values() if not args.names(each.place)]
        for node in sorted(going, key=lambda each: -each.place.replica):  # nobody forgets whom it follows
            self._remove(node, args)
        self.args = args

    @property
    def host(self) -> str:
        """An address that tells a client of all others, as ElastiCache's configuration endpoint does."""
        return next(node.place.host for node in self._nodes.values())

    @property
    def hosts(self) -> dict[str, str]:
        """Node -> its address."""
        return {name: node.place.host for name, node in self._nodes.items()}

    def role(self, name: str) -> str:
        """`master` or `slave`, as the node says now; STARTING while it does not answer."""
        return self._nodes[name].role

    def follows(self, name: str) -> bool:
        """Whether a replica hears of every change of its primary's."""
        return self._nodes[name].says("INFO", "master_link_status", "up")

    def lags(self) -> dict[str, tuple[int, float]]:
        """Replica -> bytes and seconds that it is behind; of who does not follow anybody nothing is known."""
        names = {address: name for name, address in self.hosts.items()}
        told = [node.followers() for node in self._nodes.values() if node.alive]
        return {names[host]: lag for each in told for host, lag in each.items() if host in names}

    def client(self, name: str) -> Valkey:
        """A plain client of one node."""
        return self._nodes[name].client()

    def alive(self, name: str) -> bool:
        """Whether the node's process runs."""
        return self._nodes[name].alive

    def kill(self, name: str) -> None:
        """End a node as the loss of its machine would; a replica takes a primary's place after some 2 s."""
        self._nodes[name].kill()

    def restart(self, name: str) -> None:
        """Start a killed node again, empty: it follows whoever took its place."""
        self._nodes[name].start()
        self._nodes[name].wait()

    def mend(self, lost: Collection[str] = ()) -> None:
        """Let a replica take the place of each lost primary, and start lost nodes again, empty, as ElastiCache does.

        It decides that from outside, for any number of shards: where two primaries are, no majority is left to do so.
        The machines of those in *lost* are still to come.
        """
        ended = [node for node in self._nodes.values() if not node.alive]
        for shard in {node.place.shard for node in ended}:
            roles = {node.role: node for node in self._members(shard)}
            if roles and not {"master", STARTING} & roles.keys():
                roles["slave"].ask("CLUSTER FAILOVER", "TAKEOVER")
        for node in ended:
            if node.place.name not in lost:
                node.start()

    def stop(self) -> None:
        """End all of them. Nothing is kept: ElastiCache keeps no data on disk either."""
        for node in self._nodes.values():
            node.kill()

    def _make(self, place: Place, args: ValkeyArgs) -> ValkeyNode:
        node = ValkeyNode(place, self._folder / place.name)
        node.configure(args.eviction, args.password)
        return node

    def _row(self, place: Place, myself: Place) -> str:
        """One line of nodes.conf, as CLUSTER NODES documents it."""
        flags = ("myself," if place is myself else "") + ("slave" if place.replica else "master")
        first, end = begin_and_end(place.shard, self.args.shards)
        follows, slots = "-", f" {first}-{end - 1}"
        if place.replica:
            shard = [node.place for node in self._nodes.values() if node.place.shard == place.shard]
            follows, slots = next(each.id for each in shard if not each.replica), ""
        address = f"{place.host}:{place.port}@{place.bus_port}"
        return f"{place.id} {address} {flags} {follows} 0 0 {place.shard + 1} connected{slots}\n"

    def _add(self, args: ValkeyArgs) -> None:
        """Start what *args* has more, empty, and introduce it to everybody: all at once, as each takes some 2 s."""
        held = {(node.place.shard, node.place.replica) for node in self._nodes.values()}
        wanted = itertools.product(range(args.shards), range(1 + args.replicas_per_shard))
        new = [self._begin(*where, args) for where in wanted if where not in held]
        for node in new:
            for each in self._nodes.values():
                each.ask("CLUSTER MEET", node.place.host, self.port, node.place.bus_port)
            self._nodes[node.place.name] = node
        for node in new:
            node.wait()
        for node in self._primaries():
            primary = next(each for each in self._members(node.place.shard) if each.role == "master")
            if primary is not node:
                node.ask("CLUSTER REPLICATE", primary.place.id)
                node.wait_for("INFO", "master_link_status", "up")

    def _begin(self, shard: int, replica: int, args: ValkeyArgs) -> ValkeyNode:
        """Start one that knows nobody."""
        [host] = self._addresses.take(1)
        place = Place(shard, replica, host, self.port, args.name)
        node = self._make(place, args)
        node.know(f"{place.id} {host}:{place.port}@{place.bus_port} myself,master - 0 0 0 connected\n", 0)
        node.start()
        node.wait_for("CLUSTER INFO", "cluster_known_nodes", "1")
        return node

    def _remove(self, node: ValkeyNode, args: ValkeyArgs) -> None:
        """End a node that owns no slot any more; where its shard stays, one that stays takes its place first."""
        heirs = [each for each in self._members(node.place.shard) if args.names(each.place)]
        if heirs and node.role == "master":
            heirs[0].ask("CLUSTER FAILOVER")
            heirs[0].wait_for("INFO", "role", "master")
        node.kill()
        del self._nodes[node.place.name]
        for each in self._nodes.values():
            each.ask("CLUSTER FORGET", node.place.id)

    def _members(self, shard: int) -> list[ValkeyNode]:
        return [node for node in self._nodes.values() if node.place.shard == shard and node.alive]

    def _primaries(self) -> list[ValkeyNode]:
        return [node for node in self._nodes.values() if node.alive and node.role == "master"]
