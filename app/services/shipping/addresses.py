"""Which addresses a customer may have us call: the internet's, never ours (server-side request forgery).

OWASP, "Server Side Request Forgery Prevention Cheat Sheet": the name is resolved here, every address that it has must
be a public one, and the connection goes to that address, so that a second answer of the name's server changes nothing.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

HTTPS = 443
TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))
"""NAT64 (RFC 6052, 8215), Teredo and 6to4: an IPv4 address in IPv6's clothes, which may be one of ours."""


class RefusedAddressError(Exception):
    """We do not call this address; the text says why, without the address."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: an address to connect to, and the name that the server there must prove to have."""

    address: str
    port: int
    host: str
    path: str
    encrypted: bool


def check(url: str, *, private: bool) -> None:
    """Refuse what can be refused without asking the name's server; raises RefusedAddressError."""
    _parts(url, private=private)


def resolve(url: str, *, private: bool) -> Target:
    """Find where *url* leads now; blocks. With *private*, this machine's addresses and plain HTTP will do as well.

    Raises RefusedAddressError, and OSError for a name that has no address.
    """
    host, port, path, encrypted = _parts(url, private=private)
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        _check_address(address, private=private)
    return Target(found[0], port, host, path, encrypted)


def _parts(url: str, *, private: bool) -> tuple[str, int, str, bool]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedAddressError("it is no address of the web") from None
    host = parts.hostname or ""
    encrypted = parts.scheme == "https"
    if not host or parts.username is not None or parts.password is not None or parts.fragment or "\\" in url:
        raise RefusedAddressError("it must be https://, a host name and a path, and nothing more")
    if not private and (not encrypted or port not in (None, HTTPS)):
        raise RefusedAddressError("it must be https:// on port 443")
    if _is_literal(host):
        _check_address(host, private=private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port or (HTTPS if encrypted else 80), path, encrypted


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check_address(text: str, *, private: bool) -> None:
    """Only what the IANA registries call globally reachable, and nothing that stands for another address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    hidden = address.version == 6 and any(address in network for network in TRANSLATED)
    if not private and (hidden or not address.is_global or address.is_multicast):
        raise RefusedAddressError("it leads to an address that is not public")
