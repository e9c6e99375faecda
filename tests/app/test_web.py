"""The web process over HTTP, with no store in reach: its limits, its refusals, its log, and how it leaves."""

import json
import re
import signal
import socket
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

import app as store_app
from app.contract import DRAIN_S, SERVICES
from app.drain import QUIET_S
from app.process import MARGIN_S
from tests.app.processes import running

UNFINISHED = (
    b"POST /accounts/customers HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
)
"""A request without its body: who has answered GO_ON waits for that."""
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture(scope="module")
def web():
    with running("web", "--services", "accounts,catalog") as app:
        yield app


@pytest.mark.parametrize(("method", "path"), [("GET", "/accounts/session"), ("GET", "/health"), ("PUT", "/x")])
def test_no_answer_may_be_kept_by_the_edge_or_a_browser(web, method, path):
    response, _ = web.ask(method, path)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_health_is_200_though_no_database_cache_or_queue_can_be_reached(web):
    response, text = web.ask("GET", "/health")
    assert (response.status, json.loads(text)) == (200, {"status": "ok", "version": "3f1c9a0b7d52"})


def test_a_service_says_who_answers_and_names_the_server_as_its_log_does(web):
    told = [json.loads(web.ask("GET", f"/{service}/about")[1]) for service in ("accounts", "catalog")]
    assert told == [
        {"service": service, "version": "3f1c9a0b7d52", "server": web.log[0]["server"]}
        for service in ("accounts", "catalog")
    ]


def test_head_has_the_headers_of_get_and_no_body(web):
    response, text = web.ask("HEAD", "/health")
    assert (response.status, response.headers["Content-Length"], text) == (200, "40", "")


def test_no_service_answers_403_for_which_the_cdn_shows_a_page():
    app = Path(store_app.__file__).parent
    found = [
        path.name for path in app.rglob("*.py") if re.search(r"\b403\b|FORBIDDEN|PermissionDenied", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", ["/", "/orders", "/accounts/1", "/health/x", "/catalog/items/../../etc/passwd", "/%00"]
)
def test_an_unknown_path_and_another_servers_service_are_404_problems(web, path):
    response, text = web.ask("GET", path)
    assert (response.status, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(text) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Nothing matches the given URI",
    }


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/health", "GET"), ("PUT", "/accounts/session", "DELETE, GET, POST"), ("BREW", "/health", None)],
)
def test_a_wrong_method_is_refused_with_a_problem_that_says_which_are_right(web, method, path, allowed):
    response, text = web.ask(method, path, body=b"x")
    given = response.headers["Allow"] and ", ".join(sorted(set(response.headers["Allow"].split(", ")) - {"OPTIONS"}))
    assert (given, json.loads(text)["status"]) == (allowed, response.status)
    assert response.status == (405 if allowed else 400)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": "1e3"}, 400),
        ({"Transfer-Encoding": "gzip"}, 400),
        ({"X-Long": "x" * 70_000}, 431),
        ({f"X-{at}": "x" * 1000 for at in range(70)}, 431),
    ],
)
def test_a_head_out_of_bounds_is_refused_and_its_connection_closed(web, headers, status):
    response, text = web.ask("GET", "/health", headers=headers)
    assert (response.status, response.headers["Connection"], json.loads(text)["status"]) == (status, "close", status)


def test_a_path_longer_than_64_kib_is_refused(web):
    response, _ = web.ask("GET", "/" + "x" * 65_536)
    assert response.status == 414


def test_a_head_that_has_no_end_is_not_kept(web):
    with socket.create_connection(("127.0.0.1", web.port), timeout=60) as client, suppress(ConnectionError):
        client.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 400_000)  # more than a server reads at once
        while client.recv(65_536):
            pass


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_longer_than_64_kib_is_refused_whether_its_length_was_told_or_not(web, chunked):
    body = iter([b"x" * 60_000, b"x" * 60_000]) if chunked else b"x" * 65_537
    response, _ = web.ask("POST", "/accounts/customers", body=body, headers={"Content-Type": "application/json"})
    assert response.status == 413


def test_a_connection_serves_many_requests_and_a_body_does_not_spill_into_the_next(web):
    statuses = []
    with closing(web.connect()) as connection:
        for method, body in (("POST", b"GET /spilled HTTP/1.1\r\n\r\n"), ("GET", None), ("GET", None)):
            connection.request(method, "/health", body=body)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
    assert statuses == [405, 200, 200]


def test_the_access_log_has_the_path_but_nothing_that_may_be_secret(web):
    headers = {"Cookie": "session=hunter2", "Authorization": "hunter2", "X-Amzn-Trace-Id": "Root=1-67"}
    web.ask("POST", "/accounts/customers?password=hunter2", headers=headers, body=b"hunter2")
    lines = [web.read_log_until("request")]
    while lines[-1]["trace"] != "Root=1-67":
        lines.append(web.read_log_until("request"))
    line = lines[-1]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/accounts/customers", 400)
    assert "hunter2" not in json.dumps(web.log)


def test_every_service_of_the_contract_can_share_one_process():
    with running("web", "--services", ",".join(SERVICES)) as app:
        answers = [app.ask("GET", path)[0].status for path in ("/health", "/accounts/session", "/shipping/webhook")]
        assert answers == [200, 401, 401]


def test_sigterm_ends_an_idle_process_at_once_and_cleanly():
    with running("web", "--services", "accounts") as app, closing(app.connect()) as silent:
        silent.connect()
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(timeout=(DRAIN_S - MARGIN_S) / 2) == 0


def test_sigterm_fails_the_health_check_and_finishes_what_runs():
    with running("web", "--services", "accounts") as app, socket.create_connection(("127.0.0.1", app.port)) as slow:
        slow.sendall(UNFINISHED)
        assert slow.recv(len(GO_ON)) == GO_ON
        app.process.send_signal(signal.SIGTERM)
        app.read_log_until("draining")
        time.sleep(2 * QUIET_S)
        health, _ = app.ask("GET", "/health")
        slow.sendall(b"{}")
        answer = slow.makefile("rb").read()
        assert (health.status, answer[:16], b"connection: close" in answer) == (503, b"HTTP/1.1 400 Bad", True)
        assert app.process.wait(timeout=60) == 0
