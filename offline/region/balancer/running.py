"""Start the proxy of one load balancer, keep it in step with the account, and say how its targets are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from offline.account import Account
from offline.region.addresses import Addresses, port_on
from offline.region.balancer.reading import read
from offline.region.balancer.table import HEALTH, ORDERS, Health, Orders, Table
from offline.region.process import Process
from offline.region.writing import replace

ROOT = Path(__file__).resolve().parents[3]
OBEY_WITHIN_S = 20.0


class Balancer:
    """One load balancer, on an address of its own; its listeners keep their ports where this machine lets them."""

    def __init__(self, account: Account, arn: str, folder: Path, addresses: Addresses) -> None:
        """Begin to start it in *folder*, without a target. RegionError, by name, for what the proxy cannot do."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HEALTH).unlink(missing_ok=True)  # of one that had the name before
        self.name = folder.name
        self._elbv2 = account.client("elbv2")
        self.arn = arn
        self._folder = folder
        [self.address] = addresses.take(1)
        self.ports: dict[int, int] = {}
        """Port of a listener -> port on this machine."""
        self._version = 0
        self._write(read(self._elbv2, arn, {}))
        command = [sys.executable, "-m", "offline.region.balancer", folder]
        self._process = Process(command, ROOT, log=folder / "balancer.log")

    @property
    def pid(self) -> int:
        """The proxy's process id."""
        return self._process.pid

    def follow(self, servers: Mapping[str, str]) -> None:
        """Obey the account as it is now; *servers* is instance -> address. Returns once the proxy does.

        Called before servers that left are drained, no request reaches one of them.
        """
        table = read(self._elbv2, self.arn, servers)
        if table != self._table:
            self._write(table)
            self.wait()

    def health(self) -> dict[str, dict[str, str]]:
        """Target group's ARN -> instance -> initial, healthy, unhealthy or draining."""
        return self._said().states

    def requests(self) -> dict[str, int]:
        """Target group's ARN -> requests since the proxy began, at most some seconds old."""
        return self._said().requests

    def stop(self) -> None:
        """End it at once."""
        self._process.kill()

    def _write(self, table: Table) -> None:
        self._table, self._version = table, self._version + 1
        wanted = [each.port for each in table.listeners]
        self.ports = {port: self.ports.get(port) or port_on([self.address], port) for port in wanted}
        orders = Orders(version=self._version, address=self.address, ports=self.ports, table=table)
        replace(self._folder / ORDERS, msgspec.json.encode(orders))

    def wait(self) -> None:
        """Wait until the proxy obeys what it was told last."""
        self._process.wait_until(lambda: self._said().version == self._version, OBEY_WITHIN_S)

    def _said(self) -> Health:
        try:
            return msgspec.json.decode((self._folder / HEALTH).read_bytes(), type=Health)
        except FileNotFoundError:
            return Health(version=0, states={})
