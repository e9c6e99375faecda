"""One JSON object per line on stdout, which systemd hands to the journal."""

import json
import logging
import sys
import time
from typing import Any

_LOGGER = logging.getLogger("bigpicture")


def start(level: str) -> None:
    """Write events of *level* (DEBUG, INFO, WARNING, ERROR) and above; called once, by the entry point.

    Libraries' warnings are written too, as their own words without values or traceback, which may quote a customer.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    for logger, lowest in ((_LOGGER, level), (logging.getLogger(), logging.WARNING)):
        logger.handlers = [handler]
        logger.setLevel(lowest)
    _LOGGER.propagate = False


def event(name: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Log *name* with *fields*; never pass a query string, a cookie, a header or a body, which may hold secrets."""
    _LOGGER.log(level, name, extra={"fields": fields})


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {"time": f"{stamp}.{int(record.msecs):03d}Z", "level": record.levelname, "event": record.getMessage()}
        return json.dumps(line | getattr(record, "fields", {}))
