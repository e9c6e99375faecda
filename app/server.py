"""HTTP/1.1 with the standard library: liveness, bounded requests, problem documents, an access log, keep-alive."""

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from socketserver import TCPServer
from typing import Any, cast
from urllib.parse import urlsplit

from app import log
from app.contract import HEALTH_PATH, KEEP_ALIVE_S
from app.drain import Drain

MAX_BODY_BYTES = 65_536
"""Longest request body that is read, and thrown away; the standard library bounds a request line to the same 64 KiB."""

HTML, JSON, PROBLEM = "text/html; charset=utf-8", "application/json", "application/problem+json"

Page = Callable[["Request"], str]
"""Makes the HTML of one path."""


class Server(ThreadingHTTPServer):
    """One thread per connection; liveness at HEALTH_PATH, and the pages that it was given."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], pages: Mapping[str, Page], drain: Drain) -> None:
        """Bind *address*; raises OSError when it is taken. *pages* are keyed by path."""
        self.pages = pages
        self.drain = drain
        super().__init__(address, Request)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host's name, which waits for a name server that may not be there."""
        TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's signature
        """Log a connection that broke as one line: a traceback on stderr would be no JSON."""
        log.event("connection broke", level=logging.WARNING)


class Request(BaseHTTPRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    timeout = KEEP_ALIVE_S
    wbufsize = -1  # headers and body leave in one packet
    disable_nagle_algorithm = True

    @property
    def shop(self) -> Server:
        """The server that this connection belongs to, by its own type."""
        return cast(Server, self.server)

    @property
    def route(self) -> str:
        """The path without its query and without a slash at its end."""
        return urlsplit(self.path).path.rstrip("/") or "/"

    @property
    def scheme(self) -> str:
        """What the customer's browser speaks: CloudFront says so, as it may speak plain HTTP to the load balancer."""
        said = self.headers.get("CloudFront-Forwarded-Proto", "")
        return said if said in ("http", "https") else "http"

    def version_string(self) -> str:
        """Name the product alone: the interpreter's version would only help an attacker."""
        return "bigpicture"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's name
        """Drop the standard library's own log lines: they quote the request line, and with it what a query holds."""

    def handle_one_request(self) -> None:
        """Wait for the first byte outside of the drain's count, so that a silent connection holds no process up."""
        self.path, self.command, self.headers = "", "", HTTPMessage()
        try:
            self.close_connection = not cast(BufferedReader, self.rfile).peek(1)
        except (TimeoutError, ConnectionError):
            self.close_connection = True
        if not self.close_connection:
            self.started = time.monotonic()
            with self.shop.drain.work():
                super().handle_one_request()

    def handle_expect_100(self) -> bool:
        """Let the client send its body now; the interim answer would otherwise stay in the buffer."""
        told = super().handle_expect_100()
        self.wfile.flush()
        return told

    def do_GET(self) -> None:
        """Answer any method: the standard library looks for one function per method."""
        page = self.shop.pages.get(self.route)
        if not self.body_is_read():
            return
        if page is None and self.route != HEALTH_PATH:
            self.refuse(HTTPStatus.NOT_FOUND, f"no such path; there are: {', '.join(sorted(self.shop.pages))}")
        elif self.command not in ("GET", "HEAD"):
            self.refuse(HTTPStatus.METHOD_NOT_ALLOWED, "this path takes GET and HEAD", allow="GET, HEAD")
        elif page is not None:
            self.answer(HTTPStatus.OK, HTML, page(self))
        elif self.shop.drain.draining:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "this process finishes what it runs and then leaves")
        else:
            self.answer(HTTPStatus.OK, JSON, json.dumps({"status": "ok"}))

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - the standard library's names

    def body_is_read(self) -> bool:
        """Throw the request's body away, so that the next request on this connection starts where it should."""
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED, explain="a body needs a Content-Length")
        elif len(lengths) > 1 or not all(re.fullmatch("[0-9]{1,12}", length) for length in lengths):
            self.send_error(HTTPStatus.BAD_REQUEST, explain="Content-Length must be one whole number")
        elif lengths and int(lengths[0]) > MAX_BODY_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, explain=f"a body may have {MAX_BODY_BYTES} bytes")
        else:
            self.rfile.read(int(lengths[0]) if lengths else 0)
            return True
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what the standard library or we could not read to its end, and close: nobody knows where it ends."""
        self.close_connection = True
        self.refuse(HTTPStatus(code), explain or message or HTTPStatus(code).description)
        self.wfile.flush()

    def refuse(self, status: HTTPStatus, detail: str, **headers: str) -> None:
        """Answer with a problem document (RFC 9457)."""
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        self.answer(status, PROBLEM, json.dumps(problem), **headers)

    def answer(self, status: HTTPStatus, content_type: str, text: str, **headers: str) -> None:
        """Send *text*; the edge and browsers may not keep it. A draining process closes the connection behind it."""
        body = text.encode()
        self.close_connection = self.close_connection or self.shop.drain.draining
        self.send_response(status)
        fixed = {"Content-Type": content_type, "Content-Length": str(len(body)), "Cache-Control": "private, no-store"}
        closing = {"Connection": "close"} if self.close_connection else {}
        for name, value in (fixed | closing | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)
        self.log_access(status, len(body))

    def log_access(self, status: HTTPStatus, size: int) -> None:
        """Log the request without its query, its headers and its body; a probe of the health path only at DEBUG."""
        log.event(
            "request",
            level=logging.DEBUG if self.route == HEALTH_PATH else logging.INFO,
            method=self.command,
            path=self.route[:200],
            status=status.value,
            bytes=size,
            ms=round((time.monotonic() - self.started) * 1000, 1),
            scheme=self.scheme,
            trace=self.headers.get("X-Amzn-Trace-Id", "")[:100],
        )
