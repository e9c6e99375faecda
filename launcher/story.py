"""Tell on stderr what the launcher is doing: a line for each finished step, and on a terminal the running one."""

import shutil
import threading
import time
from typing import TextIO


class Story:
    """Steps told one after another; only one runs at a time.

    On a terminal the running step is rewritten in place once a second, so that a long silence of pip is no riddle.
    Elsewhere (CI, a file) nothing but finished steps is written.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._lock = threading.Lock()
        self._step = ""
        self._detail = ""
        self._began = time.monotonic()
        if self._live:
            threading.Thread(target=self._tick, daemon=True).start()

    def say(self, text: str) -> None:
        """Write one line of its own, whatever step is running."""
        with self._lock:
            self._write(f"bigpicture: {text}\n")

    def begin(self, step: str) -> None:
        """Finish the running step, if any, and start *step*."""
        self.finish()
        with self._lock:
            self._step, self._detail, self._began = step, "", time.monotonic()
            self._show()

    def update(self, detail: str) -> None:
        """Say how far the running step has come."""
        with self._lock:
            self._detail = detail
            self._show()

    def finish(self) -> None:
        """Write the running step with its seconds."""
        with self._lock:
            if self._step:
                self._write(f"  {self._line()}\n")
            self._step = ""

    def _line(self) -> str:
        parts = [self._step, self._detail, f"{time.monotonic() - self._began:.0f} s"]
        return ", ".join(part for part in parts if part)

    def _show(self) -> None:
        if self._live and self._step:
            self._write("  " + self._line()[: shutil.get_terminal_size().columns - 3])

    def _write(self, text: str) -> None:
        clear_line = "\r\x1b[K" if self._live else ""
        self._stream.write(clear_line + text)
        self._stream.flush()

    def _tick(self) -> None:
        while True:
            time.sleep(1)
            with self._lock:
                self._show()
