"""Starts the app as a server does, by command line and environment, and reads its log."""

import http.client
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from app.contract import variables

ROOT = Path(__file__).parents[2]
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "offline",
    "AWS_SECRET_ACCESS_KEY": "offline",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Where AWS is for a process that has no account: nobody listens there."""
ENVIRONMENT = {variable.name: variable.example for variable in variables().values()}


def free_port() -> int:
    """Ask the kernel for a port of the loopback interface that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class App:
    """A running process of the app."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.log: list[dict] = []
        """What was read of the log so far, by `read_log_until`."""
        self._lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._take_in, daemon=True).start()
        self.read_log_until("started")

    def _take_in(self) -> None:
        """Read on, as nobody's pipe holds more than 64 KiB; an empty line is the end."""
        assert self.process.stdout
        with self.process.stdout as lines:  # closed by who reads it: another thread would close it under the reader
            for line in lines:
                self._lines.put(line)
        self._lines.put("")

    def read_log_until(self, event: str) -> dict:
        """Read the log up to the first line of *event*; fails when it ends before, or is silent for 60 s."""
        while line := self._lines.get(timeout=60):
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == event:
                return self.log[-1]
        raise AssertionError(f"no {event!r} in {self.log}")

    def connect(self) -> http.client.HTTPConnection:
        """Prepare a connection that outlives one request; the caller closes it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, **request) -> tuple[http.client.HTTPResponse, str]:
        """Send one request on a connection of its own."""
        connection = self.connect()
        connection.request(method, path, **request)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[App]:
    """Run `python -m app` with *arguments* on a free port, `{port}` in the environment's values, and end it."""
    port = free_port()
    environment = {name: value.replace("{port}", str(port)) for name, value in environment.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=NOWHERE | ENVIRONMENT | environment | {"BIGPICTURE_PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield App(process, port)
    finally:
        process.kill()
        process.wait()
