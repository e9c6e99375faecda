"""Start the edge of one distribution, keep it in step with the account, and say where it answers."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from offline.account import Account
from offline.region.addresses import Addresses, port_on
from offline.region.edge.reading import Places, behaviors, errors, groups, origins, pages
from offline.region.edge.table import INVALIDATIONS, ORDERS, READY, Invalidation, Table
from offline.region.process import Process
from offline.region.writing import replace

ROOT = Path(__file__).resolve().parents[3]
READY_S = 20.0
HTTP = 80


class RunningEdge:
    """One distribution, on an address of its own."""

    def __init__(self, account: Account, id_: str, folder: Path, addresses: Addresses, places: Places) -> None:
        """Begin to start it in *folder*."""
        folder.mkdir(parents=True, exist_ok=True)
        self._ready = folder / READY
        for left in (self._ready, folder / INVALIDATIONS):  # by the one that was enabled before
            left.unlink(missing_ok=True)
        self.name = id_
        self._cloudfront, self._s3 = account.client("cloudfront"), account.client("s3")
        self._endpoint = account.serve()
        self._folder = folder
        [self.address] = addresses.take(1)
        self.port = port_on([self.address], HTTP)
        self.names: list[str] = []
        """Its own host name, and those under which it is known besides."""
        self._table: Table | None = None
        self.obey(places)
        self._process = Process([sys.executable, "-m", "offline.region.edge", folder], ROOT, log=folder / "edge.log")
        self._invalidated: list[Invalidation] = []

    def obey(self, places: Places) -> None:
        """Say what holds by the account as it is now."""
        config = self._cloudfront.get_distribution_config(Id=self.name)["DistributionConfig"]
        table = Table(
            address=self.address,
            port=self.port,
            root_object=config.get("DefaultRootObject", ""),
            behaviors=behaviors(self._cloudfront, config, self._endpoint),
            origins=origins(self._s3, config, places, self._endpoint),
            groups=groups(config),
            errors=errors(config),
            pages=pages(config),
        )
        if table != self._table:
            replace(self._folder / ORDERS, msgspec.json.encode(table))
            self._table = table
        domain = self._cloudfront.get_distribution(Id=self.name)["Distribution"]["DomainName"]
        self.names = [*config["Aliases"].get("Items", []), domain]

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
    def pid(self) -> int:
        """The proxy's process id."""
        return self._process.pid

    @property
    def url(self) -> str:
        """What a browser on this machine opens."""
        return f"http://{self.address}" + ("" if self.port == HTTP else f":{self.port}")

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()
