"""Ask the background process to run what was deployed, and read how far that is; loads nothing of moto."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from engines.refusals import HostError
from engines.running import Running, is_locked
from offline.region.binaries import postgres_folder, valkey_server
from offline.region.process import RegionError

REQUEST, STATE = "serve", "region.json"
"""Files of a run: its being there asks for the servers; what is known of them."""
READY_WITHIN_S = 180.0
"""Far more than a quiet machine takes, which is some 10 s: a dozen Python processes start at once."""
LOOK_EVERY_S = 0.1


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What runs behind the account."""

    started: bool = False
    """Whether data servers, load balancers and edges run; servers follow."""
    urls: tuple[str, ...] = ()
    """Where the store answers on this machine, one for each distribution."""
    servers: int = 0
    healthy: int = 0
    """Targets that the load balancers call healthy, of `targets`."""
    targets: int = 0
    not_carried: tuple[str, ...] = ()
    """What is deployed and does nothing in the region, each as `name: what becomes of it here`."""
    trouble: str = ""
    """Why the region could not be started, or followed at last."""

    @property
    def ready(self) -> bool:
        """Whether every registered server answers."""
        return self.started and not self.trouble and self.healthy == self.targets


def read(run: Running) -> Served | None:
    """What runs behind the account of *run*; None where nobody asked for it."""
    try:
        return msgspec.json.decode(run.path(STATE).read_bytes(), type=Served)
    except FileNotFoundError:
        return None


PROGRAMS: Mapping[str, Callable[[], Path]] = {
    "PostgreSQL": lambda: postgres_folder() / "postgres",
    "Valkey": valkey_server,
}
"""What servers need of this machine -> where it is; `program` asks."""


def program(name: str) -> Path:
    """Where one of PROGRAMS is; HostError with the fix where it is not."""
    try:
        return PROGRAMS[name]()
    except RegionError as error:
        raise HostError(str(error)) from error


def cannot_run() -> str:
    """Why this machine runs no servers, with the fix; empty where it does."""
    try:
        for name in PROGRAMS:
            program(name)
    except HostError as error:
        return str(error)
    return ""


def serve(run: Running, tell: Callable[[Served], None]) -> Served:
    """Ask for the servers of *run*, and return once every one answers; HostError with the reason when they do not."""
    run.path(STATE).unlink(missing_ok=True)
    run.path(REQUEST).touch()
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        now = read(run) or Served()
        tell(now)
        if now.ready:
            return now
        if now.trouble or not is_locked(run.path("alive.lock")) or time.monotonic() > deadline:
            why = now.trouble or f"{now.healthy} of {now.targets} targets are healthy"
            raise HostError(
                f"what was deployed does not run: {why}. Fix: read {run.path('log')} and {run.path('region')}"
            )
        time.sleep(LOOK_EVERY_S)
