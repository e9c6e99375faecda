"""Be the background process: deploy a stack, or open an empty account for an engine, and keep it until told to end."""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import signal
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engines.checking import demand
from engines.embedded import Deployment
from engines.refusals import is_refusal, words_of
from engines.rehearsal import known_region, rehearse, seed_of
from engines.running import PULUMI, Order, Running, providers_at
from engines.serving import Serving
from engines.stack_file import ROOT, config_of, replace_file
from offline.account import Account, open_account

WATCH_S = 0.2
"""How often to look whether the folder of this run is still there, and whether somebody wants servers."""


def main(order: Order, folder: Path) -> int:
    """Deploy, report, wait for the word to serve, then serve. Ends at once when the caller goes away before that."""
    alive = (folder / "alive.lock").open("wb")
    fcntl.flock(alive, fcntl.LOCK_EX)
    words = _Words()
    try:
        run = _prepare(order, folder)
    except Exception as error:  # noqa: BLE001  every failure is the caller's to show
        _say({"event": "failed", "message": _sentence(error)})
        _log(error)
        return 1
    _say({"event": "deployed", "seconds": run.seconds})
    port = words.wait_for_port()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    endpoint, server = run.account.serve(port), _serve_provider(order, run.account)
    _publish(folder, order, run, endpoint, server)
    words.caller_may_go()
    _say({"event": "serving", "endpoint": endpoint})
    serving = Serving(run.account, folder)
    while not stopping.wait(WATCH_S) and folder.exists():  # with its checkout gone nobody finds this process any more
        serving.step()
        serving.answer()
    serving.close()
    if server:
        server.close()
    run.account.close()
    return 0


@dataclass(frozen=True, slots=True)
class _Run:
    """The account that this process keeps, and what was made in it so far."""

    account: Account
    resources: int = 0
    seconds: float = 0.0


def _prepare(order: Order, folder: Path) -> _Run:
    """Deploy with the embedded engine; for Pulumi's own, open the empty account that it will come to."""
    if order.engine == PULUMI:
        region = config_of(order.stack, order.overrides)["aws:region"]
        return _Run(open_account(known_region(region, order.stack), seed_of(order.stack)))
    deployment, account = rehearse(order.stack, order.overrides, progress=_say)
    demand(deployment)
    _write(folder, deployment)
    made = sum(resource.custom for resource in deployment.graph.resources)
    return _Run(account, made, round(deployment.seconds, 3))


def _serve_provider(order: Order, account: Account) -> Any:
    """The provider lives as long as the account does; only Pulumi's engine ever comes to it."""
    if order.engine != PULUMI:
        return None
    from offline.provider import serve  # noqa: PLC0415  the embedded engine starts without gRPC's server

    return serve(account, project=ROOT)


class _Words:
    """Listen to the caller in the background, so that its death ends this process in the middle of a deployment too."""

    def __init__(self) -> None:
        self._port: int | None = None
        self._said = threading.Event()
        self._free = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for_port(self) -> int | None:
        """Block until the caller says `serve PORT`."""
        self._said.wait()
        return self._port

    def caller_may_go(self) -> None:
        """From now on the end of the caller is not the end of this process."""
        self._free.set()

    def _listen(self) -> None:
        for line in sys.stdin:
            verb, _, port = line.strip().partition(" ")
            if verb == "serve":
                self._port = int(port) if port else None
                self._said.set()
        if not self._free.is_set():
            os._exit(1)  # nothing to clean up: the account is memory, and the next `up` sweeps the folder


def _publish(folder: Path, order: Order, run: _Run, endpoint: str, server: Any) -> None:
    """Make this run the running account: from here on `status`, `env` and `down` find it."""
    running = Running(
        pid=os.getpid(),
        stack=order.stack,
        region=run.account.region,
        endpoint=endpoint,
        folder=str(folder),
        resources=run.resources,
        seconds=run.seconds,
        engine=order.engine,
        providers=providers_at(server.port) if server else {},
    )
    replace_file(folder.parent / "account.json", msgspec.json.encode(running).decode())


def _write(folder: Path, deployment: Deployment) -> None:
    (folder / "graph.json").write_bytes(msgspec.json.encode(deployment.graph))
    (folder / "outputs.json").write_bytes(msgspec.json.encode(deployment.outputs))


def _say(event: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(event) + b"\n")
    sys.stdout.buffer.flush()


def _sentence(error: Exception) -> str:
    """Refusals are written for people; anything else is a defect of ours and says so."""
    if is_refusal(error):
        return words_of(error)
    return f"the program failed: {type(error).__name__}: {error}"


def _log(error: Exception) -> None:
    traceback.print_exception(error, file=sys.stderr)


if __name__ == "__main__":
    atexit.register(gc.freeze)  # as in cli.py: `down` and the next `up` wait until this process has ended
    sys.exit(main(msgspec.json.decode(sys.argv[1].encode(), type=Order), Path(sys.argv[2])))
