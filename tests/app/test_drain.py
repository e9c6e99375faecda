"""The count of what runs: a process that is asked to leave waits for it, but not for ever."""

import threading
import time

from app.drain import QUIET_S, Drain


def test_work_that_does_not_end_is_counted_and_given_up_at_the_limit():
    drain = Drain()
    with drain.work(), drain.work():
        started = time.monotonic()
        left = drain.wait_until_done(0.3)
        assert (left, time.monotonic() - started >= 0.3) == (2, True)


def test_work_that_ends_is_waited_for_and_then_a_quiet_moment():
    drain = Drain()
    with drain.work():
        pass
    assert drain.wait_until_done(60) == 0


def test_the_wait_ends_a_quiet_moment_after_the_last_work():
    drain, begun = Drain(), threading.Event()

    def job():
        with drain.work():
            begun.set()
            time.sleep(0.4)

    threading.Thread(target=job).start()
    begun.wait()
    started = time.monotonic()
    assert drain.wait_until_done(60) == 0
    assert 0.4 + QUIET_S - 0.1 <= time.monotonic() - started < 60
