"""Let whatever talks to this machine alone past the user's proxy."""

from __future__ import annotations

from collections.abc import Mapping

LOOPBACK = "127.0.0.1"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "grpc_proxy")
"""gRPC takes the first two for any address, this machine's too (github.com/grpc/grpc, doc/environment_variables.md)."""


def past_the_proxy(environ: Mapping[str, str]) -> dict[str, str]:
    """What to set in *environ* besides; both spellings, since clients differ in which of them wins."""
    proxied = any(environ.get(name) or environ.get(name.upper()) for name in PROXIES)
    listed = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if not proxied or listed == "*" or LOOPBACK in listed.split(","):
        return {}
    hosts = ",".join(filter(None, [LOOPBACK, listed]))
    return {"NO_PROXY": hosts, "no_proxy": hosts}
