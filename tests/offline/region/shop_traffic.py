"""Customers who go on asking the store while something happens to it, and what they were answered."""

import threading
from collections import Counter
from contextlib import contextmanager


class Traffic:
    """Threads that ask again and again until they are told to stop."""

    def __init__(self, ask):
        """*ask* sends one request and returns what is counted: a status."""
        self.answers = Counter()
        self._ask = ask
        self._stop = threading.Event()

    def _go(self):
        while not self._stop.is_set():
            try:
                answer = self._ask()
            except (OSError, AssertionError) as fault:
                answer = f"{type(fault).__name__}: {fault}"
            self.answers[answer] += 1

    @contextmanager
    def running(self, threads=2):
        """Let *threads* customers ask meanwhile."""
        customers = [threading.Thread(target=self._go) for _ in range(threads)]
        for each in customers:
            each.start()
        try:
            yield self
        finally:
            self._stop.set()
            for each in customers:
                each.join()
