"""Start servers as copies of one process that has their program imported, and watch each."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from offline.region.process import CHILD, Process, RegionError

NURSERY = Path(__file__).with_name("nursery.py")
PYTHON = re.compile(r"/usr/bin/python3(\.\d+)?")
GUARDED = re.compile(r"^if __name__ == .__main__.:", re.MULTILINE)


class Copy:
    """One copy; it is the nursery's child, and watched by a descriptor that no other process can take over."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid = pid
        self.log = log
        self._descriptor: int | None = None
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            self._descriptor = os.pidfd_open(pid)

    @property
    def alive(self) -> bool:
        """Whether it still runs: the descriptor gets readable when it ends (pidfd_open(2))."""
        if self._descriptor is not None and select.select([self._descriptor], [], [], 0)[0]:
            os.close(self._descriptor)
            self._descriptor = None
        return self._descriptor is not None

    def send(self, number: int) -> None:
        """Send it a signal; a program that has ended gets none."""
        if self.alive and self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)
        if self._descriptor is not None:
            select.select([self._descriptor], [], [])


class Nursery:
    """The process that becomes servers; the kernel ends it, and them, with the thread that started it."""

    def __init__(self, package: str, home: Path, environment: Mapping[str, str], log: Path) -> None:
        """Begin to import *package*, which lies in *home*; the first `copy` waits for it."""
        self._log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-S", CHILD, str(os.getpid()), str(int(signal.SIGKILL)), "as-root",
                 sys.executable, NURSERY, package],
                cwd=home,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,
                text=True,
            )  # fmt: skip

    def copy(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Copy:
        """One more server; RegionError with the last words of a program that cannot be imported."""
        log.touch(mode=0o600)
        order = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
        try:
            _open(self._child.stdin).write(json.dumps(order) + "\n")
            _open(self._child.stdin).flush()
            return Copy(int(_open(self._child.stdout).readline()), log)
        except (BrokenPipeError, ValueError) as error:
            words = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
            raise RegionError(
                f"what servers run cannot be imported: {' / '.join(words) or 'it said nothing'}; allowed: an app that"
                f" imports. Fix: read {self._log}"
            ) from error

    def stop(self) -> None:
        """End it; its copies end with it."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(BrokenPipeError):
                _open(pipe).close()


class Nurseries:
    """A nursery for each program that can be copied."""

    def __init__(self, folder: Path) -> None:
        """Keep their logs in *folder*, which is there."""
        self._folder = folder
        self._nurseries: dict[tuple[str, ...], Nursery] = {}

    def start(self, command: Sequence[str], home: Path, environment: Mapping[str, str], log: Path) -> Copy | Process:
        """Run *command* in *home*: as a copy where it is a package of Python's that may be copied."""
        nursery = self.prepare(command, home, environment)
        if nursery:
            return nursery.copy(command[3:], environment, log)
        program = sys.executable if PYTHON.fullmatch(command[0]) else command[0]
        return Process([program, *command[1:]], home, environment=environment, log=log)

    def prepare(self, command: Sequence[str], home: Path, environment: Mapping[str, str]) -> Nursery | None:
        """The nursery of *command*, which begins to import now unless it did before; None where it cannot be copied."""
        if not PYTHON.fullmatch(command[0]) or command[1] != "-m" or not is_copyable(command[2], home):
            return None
        own = {name: value for name, value in environment.items() if name.startswith("PYTHON")}
        key = (command[2], str(home), *(f"{name}={value}" for name, value in sorted(own.items())))
        if key not in self._nurseries:
            log = self._folder / f"nursery-{len(self._nurseries)}.log"
            self._nurseries[key] = Nursery(command[2], home, own, log)
        return self._nurseries[key]

    def stop(self) -> None:
        """End them all, and with them every copy."""
        for nursery in self._nurseries.values():
            nursery.stop()


def is_copyable(package: str, home: Path) -> bool:
    """Whether importing *package* starts nothing: its `__main__` does so only where it is run."""
    program = home.joinpath(*package.split("."), "__main__.py")
    return program.is_file() and GUARDED.search(program.read_text()) is not None


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None  # noqa: S101  Popen(PIPE)
    return pipe
