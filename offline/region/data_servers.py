"""Run every database and cache that the account holds, and say at which address each host name of theirs answers."""

from __future__ import annotations

from pathlib import Path

from offline.account import Account
from offline.region.addresses import Addresses
from offline.region.described import PRIMARY, caches, databases
from offline.region.postgres import Postgres
from offline.region.valkey import ValkeyCluster


class DataServers:
    """The servers behind RDS and ElastiCache, as the account described them when they were started."""

    def __init__(self, account: Account, folder: Path, addresses: Addresses) -> None:
        """Start all in *folder*; caches first, which need no attention until `wait`. RegionError with the fix."""
        self.names: dict[str, str] = {}
        self.postgres: dict[str, Postgres] = {}
        """By the primary's identifier."""
        self.valkey: list[ValkeyCluster] = []
        for number, cache in enumerate(caches(account)):
            cluster = ValkeyCluster(cache.args, folder / f"valkey-{number}", addresses)
            self.valkey.append(cluster)
            self.names[cache.endpoint] = cluster.host
        for number, database in enumerate(databases(account)):
            servers = Postgres(database.args, folder / f"postgres-{number}", addresses)
            self.postgres[database.identifier] = servers
            for name, node in database.endpoints.items():
                self.names[name] = (servers.primary if node == PRIMARY else servers.replicas[node]).host

    def wait(self) -> None:
        """Wait until every cache takes writes; databases do already."""
        for cluster in self.valkey:
            cluster.wait()

    def tend(self) -> None:
        """See to what AWS sees to from outside: a shard of a cache never stays without a primary."""
        for cluster in self.valkey:
            cluster.mend()

    def stop(self) -> None:
        """End all of them."""
        for servers in (*self.valkey, *self.postgres.values()):
            servers.stop()
