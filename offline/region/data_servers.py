"""Run every database and cache that the account holds, and say at which address each host name of theirs answers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

from offline.account import Account
from offline.region.addresses import Addresses
from offline.region.described import PRIMARY, Cache, Database, caches, databases
from offline.region.postgres import Postgres
from offline.region.valkey import ValkeyCluster


class DataServers:
    """The servers behind RDS and ElastiCache; `follow` keeps them in step with the account, and what they hold."""

    def __init__(self, account: Account, folder: Path, addresses: Addresses) -> None:
        """Start all in *folder*; caches first, which need no attention until `wait`. RegionError with the fix."""
        self._account, self._folder, self._addresses = account, folder, addresses
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

        Who is lost comes back, and a shard of a cache never stays without a primary.
        """
        for cluster in self._follow_caches({each.identity: each for each in caches(self._account)}):
            cluster.wait()
        self._follow_databases({each.identity: each for each in databases(self._account)})
        for servers in (*self.valkey, *self.postgres.values()):
            servers.mend()

    def stop(self) -> None:
        """End all of them."""
        for servers in (*self.valkey, *self.postgres.values()):
            servers.stop()

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
