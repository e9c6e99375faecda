"""Customers come when they are due, and what they are answered with is counted."""

import asyncio
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from traffic.journeys import JOURNEYS, look_around
from traffic.load import load
from traffic.seeding import seed
from traffic.visitor import VisitError

ANSWER = b'{"customer_id": "1", "items": [], "orders": [], "lines": [], "url": "/upload", "fields": {}}'
"""What each service would say to somebody for whom it has nothing."""


class Store(BaseHTTPRequestHandler):
    """Takes every customer; says of everything else what its server was told to."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: the client's acknowledgement of the head takes 40 ms
    server: "Server"  # pyright: ignore[reportIncompatibleVariableOverride]  whose handler this is

    def do_POST(self):
        self.take()
        self.answer(201)

    def do_PUT(self):
        self.take()
        self.answer(self.server.status)

    def do_GET(self):
        self.server.arrived()
        self.answer(self.server.status)

    def take(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status):
        self.send_response(status)
        self.send_header("Set-Cookie", "session=1; Secure; HttpOnly")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format, *args):  # noqa: A002  the standard library's name
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Answers with `status`, the first `held` customers only once all of them have come."""

    status = 200
    request_queue_size = 100

    def __init__(self, held):
        super().__init__(("127.0.0.1", 0), Store)
        self._all_here = threading.Barrier(held)
        self._left = held

    def arrived(self):
        if self._left > 0:
            self._left -= 1
            self._all_here.wait(60)


@contextmanager
def store(held=1):
    with Server(held) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def run(url, rps=300.0, seconds=0.5, plan=JOURNEYS):
    return asyncio.run(load(url, rps, seconds, "correct horse battery", [].append, plan))


def test_who_is_due_comes_though_nobody_before_was_answered():
    with store(held=10) as (_, url):
        assert not run(url).faults


def test_a_run_without_faults_counts_each_request_by_what_was_asked():
    with store() as (_, url):
        report = run(url)
    assert set(report.by_kind) >= {"page", "search", "sign up", "log in", "who am I", "order history", "upload"}
    assert sum(each["count"] for each in report.as_json()["kinds"].values()) == report.requests > 0


@pytest.mark.parametrize(("status", "told"), [(503, "faults"), (401, "faults"), (404, "refusals"), (409, "refusals")])
def test_what_is_no_success_is_a_fault_unless_a_shop_says_it_to_people(status, told):
    with store() as (server, url):
        server.status = status
        report = run(url, 100, plan=[(look_around, 1, 2.0)])
    found = sum((getattr(each, told) for each in report.by_kind.values()), Counter())
    assert (found, report.requests > 0) == (Counter({str(status): report.requests}), True)


@pytest.mark.parametrize("start", [load, seed])
def test_a_store_that_is_not_there_is_refused_with_the_fix(start):
    with pytest.raises(VisitError, match=r"http://127\.0\.0\.1:1 cannot be reached .*Fix: \./bigpicture status"):
        asyncio.run(start("http://127.0.0.1:1", 1, 1, "correct horse battery", [].append))
