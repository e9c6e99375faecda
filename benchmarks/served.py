"""Serve the store with one route more, which asks who is there and nothing else: `python -m benchmarks.served`."""

from __future__ import annotations

import os
import sys

from litestar import get

from app import web
from app.contract import SERVICES, Contract
from app.data.sessions import Session
from app.http.dependencies import Given, Routes


@get("/")
async def probe(session: Given[Session]) -> dict[str, str]:
    """All that a handler behind a session has to do before it does anything."""
    return {"value": session.customer_id}


def main() -> int:
    """The web role as a server runs it, all services, until SIGTERM."""
    routers = dict(web.ROUTERS)
    web.ROUTERS = routers | {"accounts": lambda stores: [*routers["accounts"](stores), Routes("/probe", [probe], {})]}
    return web.serve(Contract.from_environment(os.environ), list(SERVICES))


if __name__ == "__main__":
    sys.exit(main())
