"""The balancer between services, and what a test has happen to charges on their way through it."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

CHARGES = "/internal/payments/charges/"


@dataclass
class Inside:
    """What is reached, and how payments fares."""

    url: str = ""
    servers: list[int] = field(default_factory=list)
    """Ports of the servers that are called, asked in turn."""
    is_out: bool = False
    """Whether payments fails."""
    is_slow: bool = False
    """Whether payments says that the gateway has not answered yet, without having asked it."""
    when_charged: Callable[[], None] = lambda: None
    """Called once a charge is made, and before anybody is told."""
    turn: Iterator[int] = field(default_factory=count)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """What a service says, or seems to say."""
        if not (method == "PUT" and path.startswith(CHARGES)):
            return self.forward(method, path, headers, body)
        if self.is_out or self.is_slow:
            return 500 if self.is_out else 200, b'{"state":"pending"}'
        answer = self.forward(method, path, headers, body)
        self.when_charged()
        return answer

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Ask a server, as the balancer does: with what was signed, unchanged."""
        port = self.servers[next(self.turn) % len(self.servers)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body=body or None, headers=headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, answer


def _handler(inside: Inside) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            passed = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            status, answer = inside.answer(self.command, self.path, passed, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_PUT = do_DELETE = _answer  # noqa: N815 - the standard library's names

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def open_inside() -> Iterator[Inside]:
    """Serve on a free port."""
    inside = Inside()
    server = _Server(("127.0.0.1", 0), _handler(inside))
    inside.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield inside
    finally:
        server.shutdown()
        server.server_close()
