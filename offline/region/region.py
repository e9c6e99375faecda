"""Run everything that the account describes, in the order in which one part needs another."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from offline.region.fronts import Fronts
from offline.region.postgres import Postgres
from offline.region.scaling.groups import Clock, Scaling
from offline.region.scaling.readings import Observed
from offline.region.server import Server
from offline.region.valkey import ValkeyCluster

LOOK_EVERY_S = 5.0


class Region:
    """Data servers, load balancers, edges and servers of one account; `follow` keeps all of them in step with it."""

    def __init__(self, account: Account, folder: Path, clock: Clock = time.monotonic) -> None:
        """Start nothing yet: that is `start`, in a thread that lives as long as the region.

        By *clock* Auto Scaling counts its minutes, warm-ups and pauses, and machines of data servers come back.
        """
        self._clock = clock
        self._account = account
        self._folder = folder
        self._addresses = Addresses()
        self._fronts = Fronts(account, folder, self._addresses)
        self._data: DataServers | None = None
        self._fleets: Fleets | None = None
        self._scaling = Scaling(account, clock)
        self._looked = 0.0

    def start(self) -> None:
        """Start all and return once caches take writes; servers and their health follow. RegionError with the fix.

        What waits for nothing comes first: servers import while databases are made.
        """
        self._fleets = Fleets(self._account, self._folder / "servers", self._addresses)
        self._fronts.follow_balancers()
        self._data = DataServers(self._account, self._folder / "data", self._addresses, self._clock)
        self._look()
        self._fronts.wait()
        self._follow_servers(self._fleets)
        self._data.wait()

    def follow(self, *, at_once: bool = False) -> None:
        """Make what runs what the account holds now. To be called about once a second.

        Edges follow within five, and before new servers: CloudFront itself takes minutes, and reading a distribution
        costs more than all else. Servers follow whatever is wrong with the rest, for which RegionError is raised.
        """
        if self._fleets and self._data:
            try:
                self._data.follow()
                self._fronts.follow_balancers()
                if at_once or time.monotonic() - self._looked >= LOOK_EVERY_S or self._fleets.are_to_grow():
                    self._look()
            finally:
                self._follow_servers(self._fleets)
        for edge in self.edges:
            edge.follow()

    @property
    def balancers(self) -> Mapping[str, Balancer]:
        """By host name."""
        return self._fronts.balancers

    @property
    def internal(self) -> Collection[str]:
        """Host names of the balancers that only servers reach."""
        return self._fronts.internal

    @property
    def edges(self) -> Sequence[RunningEdge]:
        """One for each distribution that is enabled."""
        return self._fronts.edges

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

    @property
    def machines(self) -> set[str]:
        """Every instance, database server and node of a cache, by its name: what `lose` takes."""
        return {*self.servers, *(self._data.hosts if self._data else ())}

    @property
    def lost(self) -> set[str]:
        """Those of `machines` that are gone, and not replaced yet."""
        hosts = {name for name, server in self.servers.items() if server.lost}
        return hosts | (self._data.lost if self._data else set())

    def lose(self, name: str) -> None:
        """Lose the machine of an instance or of a data server; KeyError for a name that is none of `machines`."""
        if name in self.servers or self._data is None:
            self.servers[name].lose()
        else:
            self._data.lose(name)

    def stop(self) -> None:
        """End all of it at once."""
        for part in (self._fleets, self._fronts, self._data):
            if part:
                part.stop()

    def _look(self) -> None:
        self._fronts.follow_edges()
        self._looked = time.monotonic()

    def _follow_servers(self, fleets: Fleets) -> None:
        fleets.names.clear()
        fleets.names.update({**self._fronts.names(), **(self._data.names if self._data else {})})
        fleets.follow(self._tell)
        seen = self._observed()
        observe(backend_of("elbv2", self._account.account_id, self._account.region), seen.health)
        self._scaling.step(seen)

    def _observed(self) -> Observed:
        return Observed(
            health=self.health(),
            requests={arn: count for each in self.balancers.values() for arn, count in each.requests().items()},
            cpu_s={name: server.cpu_s() for name, server in self.servers.items()},
            lost=frozenset(self.lost),
        )

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
