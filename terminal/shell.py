"""Tell a shell where the offline account is: what to set, and what of its own would lead a client elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from engines.loopback import past_the_proxy

MISLEADING = frozenset(
    {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"}
    | {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"}
)
"""A profile that does not exist ends every client, a token is somebody else's, the last one goes to AWS itself."""
OF_ONE_SERVICE = "AWS_ENDPOINT_URL_"
"""Wins over AWS_ENDPOINT_URL: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html."""


def lines(variables: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[str]:
    """What to evaluate in a shell whose environment is *environ*."""
    for name, value in {**variables, **past_the_proxy(environ)}.items():
        yield f"export {name}={shlex.quote(value)}"
    for name in sorted(environ):
        if name in MISLEADING or name.startswith(OF_ONE_SERVICE):
            yield f"unset {name}"
