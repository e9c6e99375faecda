"""Be the background process: deploy one stack into an account of its own, then keep that account until told to end."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import msgspec

from engines.embedded import Deployment
from engines.refusals import is_refusal
from engines.rehearsal import rehearse
from engines.running import Running
from engines.stack_file import replace_file
from offline.account import Account


class Order(msgspec.Struct, frozen=True):
    """What to deploy, and where this run keeps its files."""

    stack: str
    overrides: dict[str, str]
    folder: str


def main(order: Order) -> int:
    """Deploy, report, wait for the word to serve, then serve. Ends at once when the caller goes away before that."""
    folder = Path(order.folder)
    alive = (folder / "alive.lock").open("wb")
    fcntl.flock(alive, fcntl.LOCK_EX)
    words = _Words()
    try:
        deployment, account = rehearse(order.stack, order.overrides, progress=_say)
        _write(folder, deployment)
    except Exception as error:  # noqa: BLE001  every failure is the caller's to show
        _say({"event": "failed", "message": _sentence(error)})
        _log(error)
        return 1
    _say({"event": "deployed", "seconds": deployment.seconds, "outputs": deployment.outputs})
    port = words.wait_for_port()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    endpoint = account.serve(port)
    _publish(folder, order, deployment, account, endpoint)
    words.caller_may_go()
    _say({"event": "serving", "endpoint": endpoint})
    stopping.wait()
    account.close()
    return 0


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


def _publish(folder: Path, order: Order, deployment: Deployment, account: Account, endpoint: str) -> None:
    """Make this run the running account: from here on `status`, `env` and `down` find it."""
    running = Running(
        pid=os.getpid(),
        stack=order.stack,
        region=account.region,
        endpoint=endpoint,
        folder=str(folder),
        resources=sum(resource.custom for resource in deployment.graph.resources),
        seconds=round(deployment.seconds, 3),
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
        return str(error)
    return f"the program failed: {type(error).__name__}: {error}"


def _log(error: Exception) -> None:
    traceback.print_exception(error, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(msgspec.json.decode(sys.argv[1].encode(), type=Order)))
