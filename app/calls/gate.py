"""Let signed calls into a service's internal routes, and nothing else."""

from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.calls.signature import CUSTOMER, SIGNATURE, Call, Key, fits
from app.http.problems import Problem

SECURITY: list[dict[str, list[str]]] = [{"call": []}]
"""What a route says in its contract that takes signed calls alone."""


class Gate:
    """The guard of internal routes: it stands before bodies are decoded and before any store is asked."""

    def __init__(self, key: Key) -> None:
        """Take what is signed with *key*."""
        self._key = key

    def __deepcopy__(self, _: object) -> "Gate":
        """The framework copies the routers that it registers; the key stays one."""
        return self

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Raise a 401 Problem for a call that is not signed, or says something else than what was signed."""
        request = cast("Request[Any, Any, Any]", connection)
        signature = request.headers.get(SIGNATURE, "")
        call = Call(request.method, _target(request), request.headers.get(CUSTOMER, ""), await request.body())
        genuine = fits(await self._key.now(), call, signature) or fits(await self._key.renewed(), call, signature)
        if not genuine:
            raise Problem(401, "this is for the store's own services", headers={"WWW-Authenticate": SIGNATURE})


async def customer(request: Request[Any, Any, Any]) -> str:
    """The customer for whom a call is made; the gate has seen that the caller signed it."""
    return request.headers.get(CUSTOMER, "")


def _target(request: Request[Any, Any, Any]) -> str:
    """Path and query as they came: a decoded path could be signed as one and routed as another."""
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
