"""Say how uvicorn serves a proxy of the region: it adds nothing to an answer and believes nothing of a request."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

BACKLOG = 1024
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


def listen_at(address: str, port: int) -> socket.socket:
    """A socket whose connections send each part of an answer at once.

    asyncio sees to that only where a socket names its protocol, and one of `create_server` does not: the body would
    wait some 40 ms for the viewer's delayed acknowledgement of the head.
    https://github.com/python/cpython/blob/v3.11.9/Lib/asyncio/base_events.py#L195
    """
    made = socket.create_server((address, port), backlog=BACKLOG)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
    return made
