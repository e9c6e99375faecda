"""The life of a process: listen, serve until SIGTERM, drain, leave."""

import logging
import threading
from collections.abc import Mapping, Sequence

from app import log
from app.contract import DRAIN_S, Contract
from app.drain import Drain, hold_signals
from app.server import Page, Server

MARGIN_S = 5
"""Seconds between giving up on what still runs and DRAIN_S, when systemd kills."""


def run(contract: Contract, role: str, names: Sequence[str], pages: Mapping[str, Page]) -> int:
    """Serve *pages* and the health path until SIGTERM or SIGINT; returns 0, or 1 when something was left unfinished.

    The main thread must call it, before any other thread is started.
    """
    log.start(contract.log_level)
    hold_signals()
    drain = Drain()
    try:
        server = Server((contract.bind, contract.port), pages, drain)
    except OSError as refused:
        log.event("cannot listen", level=logging.ERROR, port=contract.port, reason=str(refused))
        return 1
    threading.Thread(target=server.serve_forever, args=(0.1,), name="accept", daemon=True).start()
    log.event("started", role=role, names=list(names), version=contract.version, port=contract.port)
    drain.wait_until_asked()
    log.event("draining")
    unfinished = drain.wait_until_done(DRAIN_S - MARGIN_S)
    server.shutdown()
    server.server_close()
    log.event("stopped", unfinished=unfinished)
    return 1 if unfinished else 0
