"""Run every load balancer and every edge that the account holds, and say where each name of theirs answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from offline.account import Account
from offline.region.addresses import Addresses
from offline.region.balancer.running import Balancer
from offline.region.edge.reading import Places
from offline.region.edge.running import HTTP, RunningEdge


class Fronts:
    """What stands in front of the servers; `follow_balancers` and `follow_edges` keep it in step with the account."""

    def __init__(self, account: Account, folder: Path, addresses: Addresses) -> None:
        """Nothing runs before they are followed."""
        self.balancers: dict[str, Balancer] = {}
        """By host name."""
        self.internal: set[str] = set()
        """Host names of the balancers that only servers reach."""
        self._edges: dict[str, RunningEdge] = {}
        self._account, self._folder, self._addresses = account, folder, addresses

    @property
    def edges(self) -> list[RunningEdge]:
        """One for each distribution that is enabled."""
        return [*self._edges.values()]

    def follow_balancers(self) -> None:
        """Begin to start those that are new, and end those that are gone. What they do is theirs to follow."""
        listed = self._account.client("elbv2").describe_load_balancers()["LoadBalancers"]
        held = {each["LoadBalancerArn"]: each for each in listed if each["Type"] == "application"}
        for name in [name for name, each in self.balancers.items() if each.arn not in held]:
            self.balancers.pop(name).stop()
            self.internal.discard(name)
        running = {each.arn for each in self.balancers.values()}
        for arn in held.keys() - running:
            self._start_balancer(held[arn])

    def follow_edges(self) -> None:
        """Begin to start those that are new, end those that are gone, and let the others obey what changed."""
        listed = self._account.client("cloudfront").list_distributions()["DistributionList"]
        held = {each["Id"] for each in listed.get("Items", []) if each["Enabled"]}
        for gone in self._edges.keys() - held:
            self._edges.pop(gone).stop()
        places = self._places()
        for edge in self.edges:
            edge.obey(places)
        for id_ in sorted(held - self._edges.keys()):
            folder = self._folder / "edges" / id_
            self._edges[id_] = RunningEdge(self._account, id_, folder, self._addresses, places)

    def wait(self) -> None:
        """Wait until all of them listen."""
        for part in (*self.balancers.values(), *self.edges):
            part.wait()

    def stop(self) -> None:
        """End all of them at once."""
        for part in (*self.edges, *self.balancers.values()):
            part.stop()

    def names(self) -> dict[str, str]:
        """What servers call -> where it is answered here: edges by any of their names, balancers inside the network."""
        public = {f"https://{name}": edge.url for edge in self.edges for name in edge.names}
        answering = {name: at for name, at in self.balancers.items() if name in self.internal and HTTP in at.ports}
        return public | {f"http://{name}": f"http://{at.address}:{at.ports[HTTP]}" for name, at in answering.items()}

    def _start_balancer(self, described: Mapping[str, Any]) -> None:
        folder = self._folder / "balancers" / described["LoadBalancerName"]
        name, arn = described["DNSName"], described["LoadBalancerArn"]
        self.balancers[name] = Balancer(self._account, arn, folder, self._addresses)
        if described["Scheme"] == "internal":
            self.internal.add(name)

    def _places(self) -> Places:
        """Where an edge finds the balancers that have a public address."""
        return {
            name: {there: (each.address, here) for there, here in each.ports.items()}
            for name, each in self.balancers.items()
            if name not in self.internal
        }
