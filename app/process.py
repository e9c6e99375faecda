"""The life of a process: listen, serve until SIGTERM, drain, leave."""

import logging
import socket
from collections.abc import Callable, Sequence

import uvloop
from litestar import Litestar

from app import log
from app.contract import DRAIN_S, Contract
from app.drain import Drain, hold_signals
from app.http.about import name_of
from app.http.access import Access
from app.http.listening import BACKLOG, listen

MARGIN_S = 5
"""Seconds between giving up on what still runs and DRAIN_S, when systemd kills."""


def run(contract: Contract, role: str, names: Sequence[str], build: Callable[[Drain], Litestar]) -> int:
    """Serve what *build* makes until SIGTERM; returns 0, or 1 when it cannot listen or left work unfinished.

    The main thread must call it, before any other thread is started.
    """
    log.start(contract.log_level)
    hold_signals()
    drain = Drain()
    try:
        listener = socket.create_server((contract.bind, contract.port), backlog=BACKLOG)
    except OSError as refused:
        log.event("cannot listen", level=logging.ERROR, port=contract.port, reason=str(refused))
        return 1
    with listener:
        app = Access(build(drain), drain)
        told = {"server": name_of(contract), "version": contract.version, "port": contract.port}
        log.event("started", role=role, names=list(names), **told)
        unfinished = uvloop.run(listen(app, listener, drain, DRAIN_S - MARGIN_S))
    log.event("stopped", unfinished=unfinished)
    return 1 if unfinished else 0
