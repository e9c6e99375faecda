"""The worker process of today: alive, honest about taking no message, gone on SIGTERM."""

import signal

from app.contract import QUEUES
from tests.app.processes import running


def test_a_worker_is_alive_and_says_which_queues_wait():
    with running("worker", "--queues", "pictures,sagas") as app:
        waiting = [line["queue"] for line in app.log if line["event"] == "queue is not consumed yet"]
        assert waiting == ["pictures"]
        assert app.ask("GET", "/health")[0].status == 200


def test_a_worker_serves_no_service():
    with running("worker", "--queues", ",".join(QUEUES)) as app:
        assert app.ask("GET", "/accounts")[0].status == 404


def test_sigterm_ends_a_worker_cleanly():
    with running("worker", "--queues", "mail") as app:
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(timeout=60) == 0
