"""Run everything that the account describes, in the order in which one part needs another."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from offline.account import Account
from offline.patches.elbv2_health import observe
from offline.patches.overlay import backend_of
from offline.region.addresses import Addresses
from offline.region.balancer.health import DRAINING
from offline.region.balancer.running import Balancer
from offline.region.data_servers import DataServers
from offline.region.edge.running import RunningEdge
from offline.region.fleets import Fleets
from offline.region.postgres import Postgres
from offline.region.scaling.groups import Clock, Scaling
from offline.region.scaling.readings import Observed
from offline.region.server import Server
from offline.region.valkey import ValkeyCluster


class Region:
    """Data servers, load balancers, edges and servers of one account; `follow` keeps the servers in step with it."""

    def __init__(self, account: Account, folder: Path, clock: Clock = time.monotonic) -> None:
        """Start nothing yet: that is `start`, in a thread that lives as long as the region.

        By *clock* Auto Scaling counts its minutes, warm-ups and pauses.
        """
        self.balancers: dict[str, Balancer] = {}
        """By host name."""
        self.edges: list[RunningEdge] = []
        self.internal: set[str] = set()
        """Host names of the balancers that only servers reach."""
        self._account = account
        self._folder = folder
        self._addresses = Addresses()
        self._data: DataServers | None = None
        self._fleets: Fleets | None = None
        self._scaling = Scaling(account, clock)

    def start(self) -> None:
        """Start all and return once caches take writes; servers and their health follow. RegionError with the fix.

        What waits for nothing comes first: servers import while databases are made.
        """
        self._fleets = Fleets(self._account, self._folder / "servers", self._addresses)
        self._start_balancers()
        self._data = DataServers(self._account, self._folder / "data", self._addresses)
        self._start_edges()
        public = {f"https://{name}": edge.url for edge in self.edges for name in edge.names}
        self._fleets.names = {**public, **self._inside(), **self._data.names}
        for part in (*self.balancers.values(), *self.edges):
            part.wait()
        self.follow()
        self._data.wait()

    def follow(self) -> None:
        """Make what runs what the account holds now. To be called about once a second."""
        if self._data:
            self._data.tend()
        if self._fleets:
            self._fleets.follow(self._tell)
            seen = self._observed()
            observe(backend_of("elbv2", self._account.account_id, self._account.region), seen.health)
            self._scaling.step(seen)
        for edge in self.edges:
            edge.follow()

    @property
    def servers(self) -> Mapping[str, Server]:
        """Instance -> its server."""
        return self._fleets.servers if self._fleets else {}

    @property
    def databases(self) -> Mapping[str, Postgres]:
        """Identifier of the primary -> the database's servers."""
        return self._data.postgres if self._data else {}

    @property
    def caches(self) -> Sequence[ValkeyCluster]:
        """The clusters."""
        return self._data.valkey if self._data else ()

    def health(self) -> dict[str, dict[str, str]]:
        """Target group's ARN -> instance -> initial, healthy, unhealthy or draining."""
        return {arn: states for each in self.balancers.values() for arn, states in each.health().items()}

    def lose(self, instance: str) -> None:
        """Lose the machine of *instance*; KeyError for one that is not in service."""
        self.servers[instance].lose()

    def stop(self) -> None:
        """End all of it at once."""
        for part in (*self.edges, self._fleets, *self.balancers.values(), self._data):
            if part:
                part.stop()

    def _observed(self) -> Observed:
        return Observed(
            health=self.health(),
            requests={arn: count for each in self.balancers.values() for arn, count in each.requests().items()},
            cpu_s={name: server.cpu_s() for name, server in self.servers.items()},
            lost=frozenset(name for name, server in self.servers.items() if server.lost),
        )

    def _start_balancers(self) -> None:
        for balancer in self._account.client("elbv2").describe_load_balancers()["LoadBalancers"]:
            if balancer["Type"] == "application":
                folder = self._folder / "balancers" / balancer["LoadBalancerName"]
                name, arn = balancer["DNSName"], balancer["LoadBalancerArn"]
                self.balancers[name] = Balancer(self._account, arn, folder, self._addresses)
                if balancer["Scheme"] == "internal":
                    self.internal.add(name)

    def _inside(self) -> dict[str, str]:
        """What servers call as `http://<name>` -> where it is answered here."""
        each = {name: self.balancers[name] for name in self.internal}
        return {f"http://{name}": f"http://{at.address}:{at.ports[80]}" for name, at in each.items() if 80 in at.ports}

    def _start_edges(self) -> None:
        places = {
            name: {there: (each.address, here) for there, here in each.ports.items()}
            for name, each in self.balancers.items()
            if name not in self.internal  # an edge reaches what has a public address
        }
        listed = self._account.client("cloudfront").list_distributions()["DistributionList"]
        for id_ in [each["Id"] for each in listed.get("Items", []) if each["Enabled"]]:
            folder = self._folder / "edges" / id_
            self.edges.append(RunningEdge(self._account, id_, folder, self._addresses, places))

    def _tell(self, addresses: Mapping[str, str]) -> set[str]:
        for balancer in self.balancers.values():
            balancer.follow(addresses)
        states = (each for group in self.health().values() for each in group.items())
        return {name for name, state in states if state == DRAINING}


@contextlib.contextmanager
def running(account: Account, folder: Path, clock: Clock = time.monotonic) -> Iterator[Region]:
    """Run the region meanwhile; what a failed start left running is ended as well."""
    region = Region(account, folder, clock)
    try:
        region.start()
        yield region
    finally:
        region.stop()
