"""Give each server an address of its own on the loopback interface, so that AWS's own port numbers fit them all."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence

from offline.region.process import RegionError

LAST_PORT = 32_767
"""Linux hands out ports from 32768 on to outgoing connections: a standby's own could take a server's."""
TRIES = 50


class Addresses:
    """A random 127.x.y.0/24, so that regions of several checkouts and test workers do not meet."""

    def __init__(self) -> None:
        self._network = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}"
        self._last = 0

    def take(self, count: int) -> list[str]:
        """The next *count* addresses; RegionError beyond 254."""
        first, self._last = self._last + 1, self._last + count
        if self._last > 254:
            raise RegionError(
                f"{self._last} servers; allowed: 254 addresses. Fix: fewer servers in the stack's settings"
            )
        return [f"{self._network}.{number}" for number in range(first, self._last + 1)]


def port_on(addresses: Sequence[str], wanted: int) -> int:
    """*wanted* where it is free on all *addresses*; else another, as a server on 0.0.0.0 holds it on every address."""
    candidates = [wanted, *(1024 + secrets.randbelow(LAST_PORT - 1024) for _ in range(TRIES))]
    for port in candidates:
        if all(_is_free(address, port) for address in addresses):
            return port
    raise RegionError(f"no port of {addresses[0]} is free; allowed: 1024 to {LAST_PORT}. Fix: end other servers")


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what was closed a moment ago is free
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
