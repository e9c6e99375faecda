"""The worker role: owns its queues by name, and is alive; it takes no message yet.

Messages stay in their queues, for as long as the queues keep them.
"""

import logging
from collections.abc import Sequence

from app import log
from app.contract import Contract
from app.http.application import application
from app.process import run


def work(contract: Contract, queues: Sequence[str]) -> int:
    """Own *queues* until SIGTERM; returns the process's exit status."""
    log.start(contract.log_level)
    for kind in queues:
        log.event("queue is not consumed yet", level=logging.WARNING, queue=kind, url=contract.queue_urls[kind])
    return run(contract, "worker", queues, lambda drain: application(contract, drain, []))
