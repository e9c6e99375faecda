"""An address is looked at before a password is asked for or sent there."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from cli import main
from traffic.recognition import demand_store
from traffic.visitor import VisitError

JSON, HTML = "application/json", "text/html; charset=utf-8"


class Stranger(BaseHTTPRequestHandler):
    """Answers every question with what its server was told to."""

    server: "Answering"  # pyright: ignore[reportIncompatibleVariableOverride]  whose handler this is

    def do_GET(self):
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # noqa: A002  the standard library's name
        """Say nothing."""


class Answering(ThreadingHTTPServer):
    """Listens on a port of its own."""

    def __init__(self, status, headers, body):
        super().__init__(("127.0.0.1", 0), Stranger)
        self.answer = (status, headers, body)


@contextmanager
def answering(status, headers, body=b""):
    with Answering(status, headers, body) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def why_not(url):
    with pytest.raises(VisitError) as refused:
        demand_store(url)
    return re.sub(r"^--url is '\S+': |; allowed: .*$", "", str(refused.value))


def test_a_store_is_known_by_its_catalogue():
    with answering(200, {"Content-Type": JSON}, b'{"items": [], "next": null}') as url:
        assert demand_store(url) is None


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, HTML, b"<h1>Nothing here</h1>"),
        (200, HTML, b'{"items": []}'),
        (200, JSON, b'{"items": "many"}'),
        (200, JSON, b"no JSON"),
        (503, JSON, b'{"items": []}'),
    ],
)
def test_what_is_no_store_is_told_by_its_status_and_type_alone(status, kind, body):
    with answering(status, {"Content-Type": kind}, body) as url:
        said = why_not(url)
    kind = kind.partition(";")[0]
    assert said == f"what answers is no store that serves (GET /catalog/items?limit=1: {status}, {kind})"


def test_an_address_that_leads_elsewhere_says_where():
    with answering(301, {"Location": "https://shop.example.com/"}) as url:
        assert why_not(url) == "it leads elsewhere, to https://shop.example.com/"


@pytest.mark.parametrize("url", ["nosuch", "ftp://shop.example.com", "http://"])
def test_what_is_no_address_is_said_to_be_none(url):
    assert why_not(url) == "no such address"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1"])
def test_an_address_where_nobody_answers_says_so(url):
    assert why_not(url).startswith("it cannot be reached (")


@pytest.mark.parametrize("verb", ["seed", "load"])
def test_nobody_is_asked_for_a_password_of_what_is_no_store(verb):
    done = CliRunner().invoke(main, [verb, "--url", "http://127.0.0.1:1"])
    assert (done.exit_code, done.stderr[:36]) == (1, "Error: --url is 'http://127.0.0.1:1'")


def test_without_a_terminal_the_password_is_demanded_in_the_environment():
    with answering(200, {"Content-Type": JSON}, b'{"items": []}') as url:
        done = CliRunner().invoke(main, ["seed", "--url", url], env={"BIGPICTURE_PASSWORD": None})
    said = (
        "Error: no password for the customers that are made, and nobody is there to be asked; allowed: the"
        " environment's BIGPICTURE_PASSWORD, --password, or a terminal."
        ' Fix: BIGPICTURE_PASSWORD="$(cat FILE)" ./bigpicture ...\n'
    )
    assert (done.exit_code, done.stderr) == (1, said)
