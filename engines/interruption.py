"""Let Ctrl-C end a run of Pulumi's engine in order: once after what is being made, twice at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engines.monitor import Progress
from engines.refusals import EngineError
from engines.stack_file import command

FIRST = "stopping after what is being made; Ctrl-C again stops at once"
SECOND = "stopping at once"


class Interruptions:
    """How often Ctrl-C was pressed. The engine's process gets each of them too: it stands in the same terminal."""

    def __init__(self, progress: Progress, stack: str) -> None:
        self.count = 0
        self._stack = stack
        self._progress = progress

    def __call__(self, *_: Any) -> None:
        """Take note of one; this process waits for the engine, which knows what it is doing."""
        self.count += 1
        self._progress({"event": "log", "severity": 3, "message": FIRST if self.count == 1 else SECOND})

    def refusal(self) -> EngineError | None:
        """What to say of a run that was ended this way."""
        if not self.count:
            return None
        if self.count == 1:
            return EngineError(
                "stopped by Ctrl-C; the state says what stands. Fix: the same command goes on from there"
            )
        return EngineError(
            "stopped at once by Ctrl-C; what was being made may stand in the account without the state knowing."
            f" Fix: {command('engine unlock', self._stack)} says which, then the same command goes on from there"
        )


@contextmanager
def interruptible(progress: Progress, stack: str) -> Iterator[Interruptions]:
    """Count Ctrl-C instead of raising KeyboardInterrupt, where this thread is the one that signals come to."""
    interruptions = Interruptions(progress, stack)
    if threading.current_thread() is not threading.main_thread():
        yield interruptions
        return
    before = signal.signal(signal.SIGINT, interruptions)
    try:
        yield interruptions
    finally:
        signal.signal(signal.SIGINT, before)
