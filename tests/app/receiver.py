"""A stand-in for a customer's own server, which is told of deliveries."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(BaseHTTPRequestHandler):
    """A customer's own server: says what it is told to say, and keeps what it was told."""

    says: list[int]
    heard: list[tuple[str, str, bytes]]
    go: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Webhook-Id"], self.headers["Webhook-Signature"], body))
        self.go.wait(60)
        self.send_response(self.says.pop(0))
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        pass


@contextmanager
def receiver(*says: int) -> Iterator[tuple[str, list[tuple[str, str, bytes]], threading.Event]]:
    """Answer with each of *says* in turn; yields the address, what was heard, and the event that an answer waits for.

    The event is set for whoever does not clear it.
    """
    go = threading.Event()
    go.set()
    handler = type("Handler", (Receiver,), {"says": list(says), "heard": [], "go": go})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", handler.heard, go
    server.shutdown()
    thread.join()
    server.server_close()
