"""Wait for what comes about by itself: at once on a quiet machine, later on a busy one."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_S = 60.0
"""Far more than anything here takes: a test that needs it is about to fail, and one that does not loses nothing."""


def eventually(ask: Callable[[], T], wanted: T) -> T:
    """Ask until the answer is *wanted*, but not for ever; the last answer, for the test to compare."""
    deadline = time.monotonic() + PATIENCE_S
    while (answer := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer
