"""Liveness: what the load balancer asks every few seconds."""

from litestar import get

from app.contract import HEALTH_PATH
from app.drain import Drain
from app.http.dependencies import Given
from app.http.problems import Problem


@get(HEALTH_PATH, include_in_schema=False)
async def health(drain: Given[Drain], version: Given[str]) -> dict[str, str]:
    """Liveness of the process alone: a store that is out must not have the servers replaced."""
    if drain.preparing:
        raise Problem(503, "this process prepares the tables of its release")
    if drain.draining:
        raise Problem(503, "this process finishes what it runs and then leaves")
    return {"status": "ok", "version": version}
