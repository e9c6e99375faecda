"""The balancer between services: calls to the catalog go to a server of the store, payments are made as a test says."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

CHARGES = "/internal/payments/charges/"


@dataclass
class Inside:
    """What is reached, and every charge that was asked for; a token says what becomes of it."""

    url: str = ""
    servers: list[int] = field(default_factory=list)
    """Ports of the catalog's servers, asked in turn."""
    taken: dict[str, int] = field(default_factory=dict)
    """Order -> cents that its customer is charged now."""
    final: dict[str, str] = field(default_factory=dict)
    is_out: bool = False
    """Whether payments fails."""
    when_charged: Callable[[str], None] = lambda _: None
    """Called with the order once its charge is made, and before anybody is told."""
    turn: Iterator[int] = field(default_factory=count)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pay(self, order_id: str, verdict: str) -> None:
        """What the gateway says of a charge that is pending."""
        self.final[order_id] = verdict

    def answer(self, method: str, order_id: str, body: bytes) -> tuple[int, bytes]:
        """One charge an order, and none after it was taken back."""
        if method == "DELETE":
            with self.lock:
                self.final[order_id], self.taken[order_id] = "refused", 0
            return 204, b""
        if self.is_out:
            return 500, b""
        asked = json.loads(body)
        with self.lock:
            state = self.final.setdefault(order_id, asked["payment"])
            if state == "accepted":
                self.taken[order_id] = asked["amount_cents"]
            elif state == "pending":
                del self.final[order_id]
        self.when_charged(order_id)
        return 200, json.dumps({"state": state}).encode()

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Ask a server of the catalog, as the balancer does: with what was signed, unchanged."""
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
            if self.path.startswith(CHARGES):
                status, answer = inside.answer(self.command, self.path.removeprefix(CHARGES), body)
            else:
                passed = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                status, answer = inside.forward(self.command, self.path, passed, body)
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
