"""A service that answers calls as a test tells it to, one answer after the other, and writes down what it was asked."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast

from botocore.exceptions import ClientError

from app.calls.client import Calls
from app.calls.signature import RENEW_S, Key
from app.data.aws import Aws
from app.data.secrets import Secrets

T = TypeVar("T")
BROKEN, SILENT = "broken", "silent"
"""Instead of an answer: the connection is closed, or nothing comes for as long as the test lasts."""


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    target: str
    headers: Message
    body: bytes
    connection: int
    """The caller's port: the same for all requests of one connection."""


class Vault:
    """Stands where AWS is: a secret that a test may change or make unreadable, and how often it was fetched."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.fetched = 0
        self.is_out = False

    async def call(self, _service: str, method: str, **_asked: str) -> Mapping[str, str]:
        if self.is_out:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, method)
        self.fetched += 1
        return {"SecretString": json.dumps({"secret": self.secret})}


def key_of(vault: Vault, renew_s: float = RENEW_S) -> Key:
    """A key whose secret is in *vault*."""
    return Key(Secrets(cast("Aws", vault)), "arn", renew_s)


@dataclass
class Stub:
    """The service's other side: what it will answer, and what it was asked."""

    answers: list[tuple[int, str] | str]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    vault: Vault = field(default_factory=lambda: Vault("a-secret-of-the-store"))

    def run(self, work: Coroutine[Any, Any, T], calls: Calls) -> T:
        """Finish *work* in a loop of its own, and close the client there."""

        async def whole() -> T:
            try:
                return await work
            finally:
                await calls.close()

        return asyncio.run(whole())


@contextmanager
def called(*answers: tuple[int, str] | str) -> Iterator[Stub]:
    """Answer with *answers* in turn, the last one for ever."""
    stub = Stub(list(answers))

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stub.asked.append(Asked(self.command, self.path, self.headers, body, self.client_address[1]))
            answer = stub.answers.pop(0) if len(stub.answers) > 1 else stub.answers[0]
            if isinstance(answer, str):
                if answer == SILENT:
                    stub.over.wait()
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1].encode())

        do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the standard library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
