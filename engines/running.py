"""Find, start and stop the background process that keeps the offline account; imports nothing of pulumi or moto."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from engines.refusals import HostError
from engines.stack_file import ROOT, replace_file

STATE = ROOT / ".bigpicture" / "offline"
DEFAULT_PORT = 4566
"""First port to try: the one that AWS emulators are expected on."""
STOP_WAIT_S = 10.0
EMBEDDED, PULUMI = "embedded", "pulumi"
"""The two engines: one of ours inside a process, which knows no state, and Pulumi's own."""
OFFLINE_CREDENTIAL = "offline"
"""Key and secret of the offline account: moto checks no signature, and AWS would refuse them."""

Event = dict[str, Any]
Listener = Callable[[Event], None]


class Order(msgspec.Struct, frozen=True):
    """What a background process is started for."""

    stack: str
    overrides: dict[str, str]
    engine: str
    """`embedded`: deploy, then keep the account. `pulumi`: keep an empty one, for the engine to come and go."""


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What the process that keeps the account wrote down about itself."""

    pid: int
    stack: str
    region: str
    endpoint: str
    folder: str
    """Where graph.json, outputs.json, log and the liveness lock of this run are."""
    resources: int
    seconds: float
    engine: str = EMBEDDED
    """Which engine deploys to it. Under Pulumi's own the state lives in the run's folder, and ends with the account."""
    providers: dict[str, int] = {}
    """Package -> port on 127.0.0.1 of the provider process that Pulumi's engine attaches to."""

    def client_variables(self) -> dict[str, str]:
        """The variables under which any AWS client finds the account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": OFFLINE_CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": OFFLINE_CREDENTIAL,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def path(self, name: str) -> Path:
        """A file of this run."""
        return Path(self.folder) / name


def providers_at(port: int) -> dict[str, int]:
    """Both packages of the offline account are one provider process."""
    return {"aws": port, "random": port}


def find(state: Path = STATE) -> Running | None:
    """The account that is running, or None; what a dead process left is not an account."""
    try:
        running = msgspec.json.decode((state / "account.json").read_bytes(), type=Running)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None
    return running if is_locked(running.path("alive.lock")) else None


def is_locked(path: Path) -> bool:
    """Say whether a living process holds the lock: the kernel lets go of it however that process ended."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextlib.contextmanager
def only_one(state: Path = STATE) -> Iterator[None]:
    """Hold the right to deploy; HostError names the pid of whoever has it."""
    make_state_folder(state)
    with (state / "up.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise HostError(
                f"another up is running as pid {holder}; allowed: one at a time."
                f" Fix: wait for it, or end it with kill {holder}"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def make_state_folder(state: Path = STATE) -> None:
    """Make the state folder and prove that it can be written to; HostError with the system's own reason."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        probe = state / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise HostError(
            f"the state folder {state} cannot be written: {error.strerror}; allowed: a writable folder with free space."
            " Fix: its permissions, or free space on the disk"
        ) from error


def start(
    stack: str,
    overrides: Mapping[str, str],
    listen: Listener,
    *,
    port: int | None = None,
    state: Path = STATE,
) -> Running:
    """Deploy *stack* in a new background process and, when all of it stands, let it take the running account's place.

    Every event of the deployment goes to *listen*. When the deployment fails the new process ends, the old account
    stays as it was, and HostError says why; the old one ends only when all of the new one stands. The
    new process also ends by itself when the caller dies first.
    """
    with only_one(state):
        return _start(Order(stack, dict(overrides), EMBEDDED), listen, port, state)


@contextlib.contextmanager
def account_for(
    stack: str, overrides: Mapping[str, str], *, port: int | None = None, state: Path = STATE
) -> Iterator[Running]:
    """Hold the right to deploy with Pulumi's engine, and hand out the account that *stack* stands in.

    The account that this engine and stack had before goes on; else an empty one takes the running one's place.
    """
    with only_one(state):
        found = find(state)
        if found is None or (found.engine, found.stack) != (PULUMI, stack):
            found = _start(Order(stack, dict(overrides), PULUMI), lambda _event: None, port, state)
        yield found


def note(running: Running, resources: int, seconds: float, state: Path = STATE) -> None:
    """Write down what the last run made of the account."""
    now = msgspec.structs.replace(running, resources=resources, seconds=seconds)
    replace_file(state / "account.json", msgspec.json.encode(now).decode())


def _start(order: Order, listen: Listener, port: int | None, state: Path) -> Running:
    _sweep(state)
    folder = state / f"run-{os.getpid()}-{time.time_ns()}"
    folder.mkdir()
    host = _spawn(order, folder)
    try:
        _listen_until(host, "deployed", listen, folder)
        old = find(state)
        if old:
            stop(old, state)
        wanted = port or (int(old.endpoint.rsplit(":", 1)[1]) if old else DEFAULT_PORT)
        _tell(host, f"serve {wanted}")
        _listen_until(host, "serving", listen, folder)
    except BaseException:
        host.kill()
        host.wait()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    running = find(state)
    if running is None:
        raise HostError(f"the account ended right after it was made. Fix: read {folder / 'log'}")
    return running


def stop(running: Running, state: Path = STATE) -> None:
    """End the process that keeps the account, and with it the account; HostError when it does not end in time."""
    for signal_ in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, signal_)
        deadline = time.monotonic() + STOP_WAIT_S
        while time.monotonic() < deadline:
            if not is_locked(running.path("alive.lock")) and not _lives(running.pid):
                (state / "account.json").unlink(missing_ok=True)
                shutil.rmtree(running.folder, ignore_errors=True)
                return
            time.sleep(0.02)
    raise HostError(f"process {running.pid} does not end. Fix: kill -9 {running.pid}")


def _lives(pid: int) -> bool:
    """Say whether the process is there and no zombie, whose parent alone could end it for good."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _spawn(order: Order, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "engines.host", msgspec.json.encode(order).decode(), str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # a Ctrl-C at the terminal is the caller's to handle
        )


def _tell(host: subprocess.Popen[bytes], line: str) -> None:
    stream: IO[bytes] | None = host.stdin
    assert stream is not None  # noqa: S101  Popen(stdin=PIPE)
    stream.write(line.encode() + b"\n")
    stream.flush()


def _listen_until(host: subprocess.Popen[bytes], last: str, listen: Listener, folder: Path) -> None:
    stream: IO[bytes] | None = host.stdout
    assert stream is not None  # noqa: S101  Popen(stdout=PIPE)
    for line in iter(stream.readline, b""):
        event = msgspec.json.decode(line)
        listen(event)
        if event["event"] == "failed":
            raise HostError(event["message"])
        if event["event"] == last:
            return
    tail = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    raise HostError(f"the offline account's process ended with {host.wait()}: {' / '.join(tail) or 'it said nothing'}")


def _sweep(state: Path) -> None:
    """Remove what killed runs left behind; the running account's folder is locked and stays."""
    for folder in state.glob("run-*"):
        if not is_locked(folder / "alive.lock"):
            shutil.rmtree(folder, ignore_errors=True)
