"""Who answered: a service says which it is, in which version, and from which server."""

import hmac
import socket
from pathlib import Path

import msgspec
from litestar import get

from app.contract import SERVICES, Contract
from app.http.dependencies import Given, Routes

NAME_DIGITS = 8
MACHINE_ID = Path("/etc/machine-id")
"""Random, made at a machine's first start, and not to be shown as it is (machine-id(5))."""


class About(msgspec.Struct, frozen=True):
    """One server of one service."""

    service: str
    version: str
    server: str
    """As the server's log names it at its start. Tells servers apart, and tells nobody an address inside the VPC."""


def name_of(contract: Contract) -> str:
    """The name of this server: the same in each of its processes, and another on each machine and each address."""
    place = f"{socket.gethostname()} {contract.bind}"
    key = MACHINE_ID.read_bytes() if MACHINE_ID.exists() else b""
    return hmac.digest(key, place.encode(), "sha256").hex()[:NAME_DIGITS]


@get("/about", summary="See who answers")
async def about(service: Given[str], version: Given[str], server: Given[str]) -> About:
    """Service, version and server. Available: no store is asked, so it is there while any server is."""
    return About(service, version, server)


def about_router(contract: Contract, service: str) -> Routes:
    """What *service* says of itself, below its own path."""
    return Routes(SERVICES[service], [about], {"service": service, "server": name_of(contract)})
