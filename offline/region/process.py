"""Start a server program, watch it, and end it; it never outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
POLL_S = 0.01
STOP_WAIT_S = 5.0
"""Seconds for which a program may clean up before it is killed."""


class RegionError(Exception):
    """A server of the region cannot be run as asked; the message ends with the fix."""


class Process:
    """One running program.

    The kernel ends it together with the *thread* that started it, however that ends (prctl(2), PR_SET_PDEATHSIG): start
    it from a thread that lives as long as the region.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        *,
        root: bool = True,
        last_signal: int = signal.SIGKILL,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        """Run *command* in *folder*, which gets its log unless *log* is another place.

        *environment* is all that the program finds there: a variable of the user's shell would steer it. *last_signal*
        is what it gets when the parent dies.
        """
        self.log = log or folder / f"{Path(command[0]).name}.log"
        identity = "as-root" if root else "not-root"
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-S", CHILD, str(os.getpid()), str(int(last_signal)), identity, *command],
                cwd=folder,
                env=environment or {},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C at the terminal is the supervisor's to handle
            )

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.poll() is None

    def finish(self) -> None:
        """Wait for a program that ends by itself; RegionError with its last words when it failed."""
        if self._child.wait():
            raise self._failure()

    def wait_until(self, ready: Callable[[], bool], within_s: float) -> None:
        """Poll *ready*; RegionError with the program's last words when it ends, or when the time is over."""
        deadline = time.monotonic() + within_s
        while not ready():
            if not self.alive or time.monotonic() > deadline:
                raise self._failure()
            time.sleep(POLL_S)

    def send(self, number: int) -> None:
        """Send it a signal; a program that has ended gets none."""
        self._child.send_signal(number)

    def stop(self, signal_: int = signal.SIGTERM) -> None:
        """Ask it to end, and kill it when it does not."""
        self.send(signal_)
        try:
            self._child.wait(STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a power failure would."""
        self._child.kill()
        self._child.wait()

    def _failure(self) -> RegionError:
        state = "does not answer" if self.alive else f"ended with {self._child.returncode}"
        words = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        return RegionError(
            f"{self.log.stem} {state}: {' / '.join(words) or 'it said nothing'}; allowed: a server that runs."
            f" Fix: read {self.log}"
        )
