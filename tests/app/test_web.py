"""The web process over HTTP: its pages, its refusals, its log, and how it leaves."""

import json
import signal
import socket
import time
from contextlib import closing

import pytest

from app.contract import SERVICES
from app.drain import QUIET_S
from tests.app.processes import running


@pytest.fixture(scope="module")
def web():
    with running("web", "--services", "accounts,catalog") as app:
        yield app


def test_each_service_has_a_page_that_names_it_the_version_and_the_host(web):
    response, page = web.ask("GET", "/catalog", headers={"CloudFront-Forwarded-Proto": "https"})
    assert response.status == 200
    assert page == (
        '<!doctype html>\n<html lang="en">\n<title>catalog</title>\n'
        '<link rel="canonical" href="https://shop.example.org/catalog">\n<h1>catalog</h1>\n'
        f"<p>version 3f1c9a0b7d52 of stack sandbox on {socket.gethostname()}</p>\n</html>\n"
    )


@pytest.mark.parametrize("said", ["http", "javascript", ""])
def test_the_scheme_is_http_unless_cloudfront_says_https(web, said):
    _, page = web.ask("GET", "/accounts/", headers={"CloudFront-Forwarded-Proto": said})
    assert 'href="http://shop.example.org/accounts"' in page


@pytest.mark.parametrize(("method", "path"), [("GET", "/accounts"), ("GET", "/health"), ("PUT", "/x")])
def test_no_answer_may_be_kept_by_the_edge_or_a_browser(web, method, path):
    response, _ = web.ask(method, path)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_health_is_200_though_no_database_cache_or_queue_can_be_reached(web):
    response, text = web.ask("GET", "/health")
    assert (response.status, json.loads(text)) == (200, {"status": "ok"})


def test_head_has_the_headers_of_get_and_no_body(web):
    response, text = web.ask("HEAD", "/accounts")
    assert (response.status, int(response.headers["Content-Length"]) > 100, text) == (200, True, "")


@pytest.mark.parametrize("path", ["/", "/orders", "/accounts/1", "/health/x"])
def test_an_unknown_path_and_another_servers_service_are_404_problems(web, path):
    response, text = web.ask("GET", path)
    assert (response.status, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(text) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no such path; there are: /accounts, /catalog",
    }


@pytest.mark.parametrize(("method", "path"), [("POST", "/accounts"), ("DELETE", "/health"), ("OPTIONS", "/catalog")])
def test_a_wrong_method_is_a_405_problem_that_says_which_are_right(web, method, path):
    response, text = web.ask(method, path, body=b"x")
    assert (response.status, response.headers["Allow"], json.loads(text)["status"]) == (405, "GET, HEAD", 405)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "65537"}, 413),
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": "1e3"}, 400),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"X-Long": "x" * 70_000}, 431),
    ],
)
def test_a_request_out_of_bounds_is_refused_and_its_connection_closed(web, headers, status):
    response, text = web.ask("GET", "/accounts", headers=headers)
    assert (response.status, response.headers["Connection"], json.loads(text)["status"]) == (status, "close", status)


def test_a_path_longer_than_64_kib_is_refused(web):
    response, _ = web.ask("GET", "/" + "x" * 65_536)
    assert response.status == 414


def test_a_connection_serves_many_requests_and_a_body_does_not_spill_into_the_next(web):
    statuses = []
    with closing(web.connect()) as connection:
        for method, body in (("POST", b"GET /spilled HTTP/1.1\r\n\r\n"), ("GET", None), ("GET", None)):
            connection.request(method, "/accounts", body=body)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
    assert statuses == [405, 200, 200]


def test_the_access_log_has_the_path_but_nothing_that_may_be_secret(web):
    headers = {"Cookie": "session=hunter2", "Authorization": "hunter2", "X-Amzn-Trace-Id": "Root=1-67"}
    web.ask("POST", "/accounts?password=hunter2", headers=headers, body=b"hunter2")
    lines = [web.read_log_until("request")]
    while lines[-1]["trace"] != "Root=1-67":
        lines.append(web.read_log_until("request"))
    line = lines[-1]
    assert (line["method"], line["path"], line["status"], line["scheme"]) == ("POST", "/accounts", 405, "http")
    assert "hunter2" not in json.dumps(web.log)


def test_every_service_of_the_contract_can_share_one_process():
    with running("web", "--services", ",".join(SERVICES)) as app:
        assert [app.ask("GET", path)[0].status for path in SERVICES.values()] == [200] * 6


def test_sigterm_ends_an_idle_process_at_once_and_cleanly():
    with running("web", "--services", "accounts") as app, closing(app.connect()) as silent:
        silent.connect()
        app.process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        assert (app.process.wait(timeout=10), time.monotonic() - started < 5) == (0, True)


def test_sigterm_fails_the_health_check_and_finishes_what_runs():
    with running("web", "--services", "accounts") as app, socket.create_connection(("127.0.0.1", app.port)) as slow:
        slow.sendall(b"GET /accounts HTTP/1.1\r\n")
        time.sleep(0.2)
        app.process.send_signal(signal.SIGTERM)
        app.read_log_until("draining")
        time.sleep(2 * QUIET_S)
        health, _ = app.ask("GET", "/health")
        slow.sendall(b"Host: shop\r\n\r\n")
        answer = slow.makefile("rb").read()
        assert (health.status, answer[:15], b"Connection: close" in answer) == (503, b"HTTP/1.1 200 OK", True)
        assert app.process.wait(timeout=10) == 0
