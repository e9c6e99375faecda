"""Run everything that the account describes, in the order in which one part needs another."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from offline.account import Account
from offline.region.addresses import Addresses
from offline.region.balancer.running import Balancer
from offline.region.data_servers import DataServers
from offline.region.fleets import Fleets


class Region:
    """Data servers, load balancers and servers of one account; `follow` keeps all in step with it."""

    def __init__(self, account: Account, folder: Path) -> None:
        """Start nothing yet: that is `start`, in a thread that lives as long as the region."""
        self.balancers: dict[str, Balancer] = {}
        self._account = account
        self._folder = folder
        self._addresses = Addresses()
        self._data: DataServers | None = None
        self._fleets: Fleets | None = None

    def start(self) -> None:
        """Start all and return once caches take writes; servers and their health follow. RegionError with the fix."""
        self._data = DataServers(self._account, self._folder / "data", self._addresses)
        for balancer in self._account.client("elbv2").describe_load_balancers()["LoadBalancers"]:
            if balancer["Type"] == "application":
                folder = self._folder / "balancers" / balancer["LoadBalancerName"]
                name, arn = balancer["DNSName"], balancer["LoadBalancerArn"]
                self.balancers[name] = Balancer(self._account, arn, folder, self._addresses)
        self._data.wait()
        self._fleets = Fleets(self._account, self._folder / "servers", self._addresses, self._data.names)
        self.follow()

    def follow(self) -> None:
        """Make what runs what the account holds now. To be called about once a second."""
        if self._fleets:
            self._fleets.follow(self._tell)

    def health(self) -> dict[str, dict[str, str]]:
        """Target group's ARN -> instance -> initial, healthy or unhealthy."""
        return {arn: states for each in self.balancers.values() for arn, states in each.health().items()}

    def stop(self) -> None:
        """End all of it at once."""
        for part in (self._fleets, *self.balancers.values(), self._data):
            if part:
                part.stop()

    def _tell(self, addresses: Mapping[str, str]) -> None:
        for balancer in self.balancers.values():
            balancer.follow(addresses)


@contextlib.contextmanager
def running(account: Account, folder: Path) -> Iterator[Region]:
    """Run the region meanwhile; what a failed start left running is ended as well."""
    region = Region(account, folder)
    try:
        region.start()
        yield region
    finally:
        region.stop()
