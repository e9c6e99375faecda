"""Say how uvicorn serves a proxy of the region: it adds nothing to an answer and believes nothing of a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

Proxy = Callable[..., Awaitable[Any]]
"""An ASGI application."""


def serving(proxy: Proxy) -> uvicorn.Config:
    """Of one server, or of many that answer by the same proxy."""
    return uvicorn.Config(
        proxy,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,  # the client is who connects, whatever its headers say
    )
