"""Run every database and cache that the account holds, and say at which address each host name of theirs answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from offline.account import Account
from offline.region.addresses import Addresses
from offline.region.described import PRIMARY, Cache, Database, caches, databases
from offline.region.postgres import Postgres
from offline.region.valkey import ValkeyCluster

MACHINE_S = 60.0
"""Seconds from the loss of a machine to the next one.

RDS says "60-120 seconds" of a fail-over to the standby, of which no commit is missing and which has the primary's name:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
"""


class DataServers:
    """The servers behind RDS and ElastiCache; `follow` keeps them in step with the account, and what they hold."""

    def __init__(
        self, account: Account, folder: Path, addresses: Addresses, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start all in *folder*; caches first, which need no attention until `wait`. RegionError with the fix.

        By *clock* a machine that was lost is away.
        """
        self._account, self._folder, self._addresses, self._clock = account, folder, addresses, clock
        self._away_until: dict[str, float] = {}
        self._number = itertools.count()
        self._databases: dict[str, tuple[Database, Postgres]] = {}
        self._caches: dict[str, tuple[Cache, ValkeyCluster]] = {}
        self._follow_caches({each.identity: each for each in caches(account)})
        self._follow_databases({each.identity: each for each in databases(account)})

    @property
    def postgres(self) -> Mapping[str, Postgres]:
        """By the primary's identifier."""
        return {each.identifier: servers for each, servers in self._databases.values()}

    @property
    def valkey(self) -> list[ValkeyCluster]:
        """The clusters."""
        return [cluster for _, cluster in self._caches.values()]

    @property
    def names(self) -> dict[str, str]:
        """Host name -> address."""
        return {each.endpoint: cluster.host for each, cluster in self._caches.values()} | {
            name: (servers.primary if node == PRIMARY else servers.replicas[node]).host
            for each, servers in self._databases.values()
            for name, node in each.endpoints.items()
        }

    def wait(self) -> None:
        """Wait until every cache takes writes; databases do already."""
        for cluster in self.valkey:
            cluster.wait()

    def follow(self) -> None:
        """Start what is new, change what changed, end what is gone, and see to what AWS sees to from outside.

        Who is lost comes back, and a shard of a cache never stays without a primary, whatever cannot be changed now.
        """
        try:
            for cluster in self._follow_caches({each.identity: each for each in caches(self._account)}):
                cluster.wait()
            self._follow_databases({each.identity: each for each in databases(self._account)})
        finally:
            for servers in self._all:
                servers.mend(self.lost)

    @property
    def hosts(self) -> dict[str, str]:
        """Every server, by the name of its instance or its node -> its address."""
        return {name: address for servers in self._all for name, address in servers.hosts.items()}

    @property
    def lost(self) -> set[str]:
        """Servers whose machine is gone, and the next one still to come."""
        return {name for name, until in self._away_until.items() if self._clock() < until}

    def lose(self, name: str) -> None:
        """Lose the machine of one server; after MACHINE_S it has another. KeyError for a name that is none of theirs.

        A database's is back with all that was committed, for its storage outlives its machine; a cache's node is empty.
        """
        servers = {host: each for each in self._all for host in each.hosts}[name]
        self._away_until[name] = self._clock() + MACHINE_S
        servers.kill(name)

    def stop(self) -> None:
        """End all of them."""
        for servers in self._all:
            servers.stop()

    @property
    def _all(self) -> list[Postgres | ValkeyCluster]:
        return [*self.valkey, *self.postgres.values()]

    def _follow_caches(self, held: Mapping[str, Cache]) -> list[ValkeyCluster]:
        """The clusters that are new."""
        for gone in self._caches.keys() - held.keys():
            self._caches.pop(gone)[1].stop()
        for identity in self._caches:
            before, cluster = self._caches[identity]
            if held[identity] != before:
                cluster.change(held[identity].args)
                self._caches[identity] = held[identity], cluster
        new = [each for identity, each in held.items() if identity not in self._caches]
        for each in new:
            folder = self._folder / f"valkey-{next(self._number)}"
            self._caches[each.identity] = each, ValkeyCluster(each.args, folder, self._addresses)
        return [self._caches[each.identity][1] for each in new]

    def _follow_databases(self, held: Mapping[str, Database]) -> None:
        for gone in self._databases.keys() - held.keys():
            self._databases.pop(gone)[1].stop()
        for identity, now in held.items():
            if identity not in self._databases:
                folder = self._folder / f"postgres-{next(self._number)}"
                self._databases[identity] = now, Postgres(now.args, folder, self._addresses)
            before, servers = self._databases[identity]
            if now != before:
                servers.change(now.args)
                for node, class_ in now.classes.items():
                    if before.classes.get(node, class_) != class_:
                        servers.restart(None if node == PRIMARY else node)
                self._databases[identity] = now, servers
