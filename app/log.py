"""One JSON object per line on a server's stdout, which systemd hands to the journal."""

import logging
import sys
import time
from functools import lru_cache
from typing import Any, TextIO

import msgspec

_lowest = logging.WARNING
_started = False
"""A command that is no server has an answer on stdout: what is worth a warning goes to stderr."""
_encode = msgspec.json.Encoder().encode


def start(level: str) -> None:
    """Write events of *level* (DEBUG, INFO, WARNING, ERROR) and above; called once, by the entry point.

    Libraries' warnings are written too, as their own words without values or traceback, which may quote a customer.
    """
    global _lowest, _started  # noqa: PLW0603 - one process has one log
    _started = True
    _lowest = logging.getLevelNamesMapping()[level]
    libraries = logging.getLogger()
    libraries.handlers = [_Libraries()]
    libraries.setLevel(logging.WARNING)


def event(name: str, *, level: int = logging.INFO, buffered: bool = False, **fields: Any) -> None:
    """Log *name* with *fields*; never pass a query string, a cookie, a header or a body, which may hold secrets.

    What is *buffered* is written with the next line that is not, or by `flush`; the order is kept.
    Without `logging`, whose records and locks cost as much as reading a session does.
    """
    if level < _lowest:
        return
    now_ms = time.time_ns() // 1_000_000
    stamp = f"{_second(now_ms // 1000)}.{now_ms % 1000:03}Z"
    line = _encode({"time": stamp, "level": logging.getLevelName(level), "event": name, **fields})
    _stream().write(f"{line.decode()}\n")
    if not buffered:
        flush()


def flush() -> None:
    """Write out what waits."""
    _stream().flush()


def _stream() -> TextIO:
    return sys.stdout if _started else sys.stderr


@lru_cache(1)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


class _Libraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        event(record.getMessage(), level=record.levelno)
