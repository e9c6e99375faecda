"""Start the edge of one distribution, and say where it answers and what it does not carry through."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from offline.account import Account
from offline.region.addresses import Addresses, port_on
from offline.region.edge.reading import Places, behaviors, errors, not_carried, origins
from offline.region.edge.table import INVALIDATIONS, ORDERS, READY, Invalidation, Table
from offline.region.process import Process
from offline.region.writing import replace

ROOT = Path(__file__).resolve().parents[3]
READY_S = 20.0
HTTP = 80


class RunningEdge:
    """One distribution, as the account described it when it was started, on an address of its own."""

    def __init__(self, account: Account, id_: str, folder: Path, addresses: Addresses, places: Places) -> None:
        """Begin to start it in *folder*. RegionError, by name, for what the edge cannot do."""
        folder.mkdir(parents=True)
        self.name = id_
        cloudfront = account.client("cloudfront")
        config = cloudfront.get_distribution_config(Id=id_)["DistributionConfig"]
        [address] = addresses.take(1)
        port = port_on([address], HTTP)
        table = Table(
            address=address,
            port=port,
            root_object=config.get("DefaultRootObject", ""),
            behaviors=behaviors(cloudfront, config, account.serve()),
            origins=origins(config, places, account.serve()),
            errors=errors(config),
        )
        self.not_carried = not_carried(config)
        self.address, self.port = address, port
        self.names = [
            *config["Aliases"].get("Items", []),
            cloudfront.get_distribution(Id=id_)["Distribution"]["DomainName"],
        ]
        replace(folder / ORDERS, msgspec.json.encode(table))
        self._process = Process([sys.executable, "-m", "offline.region.edge", folder], ROOT, log=folder / "edge.log")
        self._ready = folder / READY
        self._cloudfront, self._folder = cloudfront, folder
        self._invalidated: list[Invalidation] = []

    def follow(self) -> None:
        """Hand on what was invalidated since the last time."""
        known = {each.id for each in self._invalidated}
        listed = self._cloudfront.list_invalidations(DistributionId=self.name)["InvalidationList"].get("Items", [])
        new = [each["Id"] for each in listed if each["Id"] not in known]
        for id_ in new:
            asked = {"DistributionId": self.name, "Id": id_}
            batch = self._cloudfront.get_invalidation(**asked)["Invalidation"]["InvalidationBatch"]
            self._invalidated.append(Invalidation(id=id_, paths=tuple(batch["Paths"]["Items"])))
        if new:
            replace(self._folder / INVALIDATIONS, msgspec.json.encode(self._invalidated))

    def wait(self) -> None:
        """Wait until it listens."""
        self._process.wait_until(self._ready.exists, READY_S)

    @property
    def url(self) -> str:
        """What a browser on this machine opens."""
        return f"http://{self.address}" + ("" if self.port == HTTP else f":{self.port}")

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
