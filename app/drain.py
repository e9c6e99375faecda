"""When a process takes requests, and how it ends: unhealthy from SIGTERM on, gone within the drain time."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_S = 0.5
"""Seconds without a request after which a draining process leaves: time for what is on its way in a socket's queue."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def hold_signals() -> None:
    """Keep SIGTERM and SIGINT for `Drain.wait_until_asked`: a handler may run while its own thread holds a lock."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


class Drain:
    """Counts what runs, and says whether the process is on its way out."""

    def __init__(self) -> None:
        """Start with nothing running and no end in sight."""
        self._lock = threading.Lock()
        self._running = 0
        self._last_end = 0.0
        self._asked = False
        self._preparing = False

    @property
    def preparing(self) -> bool:
        """True while something is done that must be done before a request can be answered."""
        return self._preparing

    @contextmanager
    def prepare(self) -> Iterator[None]:
        """Be unhealthy for as long as the body runs: whoever sends requests sends them to others."""
        self._preparing = True
        try:
            yield
        finally:
            self._preparing = False

    @property
    def draining(self) -> bool:
        """True from SIGTERM (or SIGINT) on."""
        return self._asked

    def wait_until_asked(self) -> None:
        """Sleep until SIGTERM or SIGINT; `hold_signals` must have been called before any thread was started."""
        signal.sigwait(SIGNALS)
        self._asked = True

    @contextmanager
    def work(self) -> Iterator[None]:
        """Hold the process up while the body runs."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def begin(self) -> None:
        """Hold the process up until `end`: for each request, as a context manager costs ten times as much."""
        with self._lock:
            self._running += 1

    def end(self) -> None:
        """Let the process go as far as one `begin` held it."""
        with self._lock:
            self._running -= 1
            self._last_end = time.monotonic()

    def wait_until_done(self, limit_s: float) -> int:
        """Return how many pieces of work still run after *limit_s* seconds, or 0 as soon as all has been quiet."""
        self._last_end = time.monotonic()
        deadline = self._last_end + limit_s
        while (now := time.monotonic()) < deadline:
            with self._lock:
                running, quiet_s = self._running, now - self._last_end
            if not running and quiet_s >= QUIET_S:
                return 0
            time.sleep(min(deadline - now, QUIET_S if running else QUIET_S - quiet_s))
        return self._running
