"""Starts the app as a server does, by command line and environment, and reads its log."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.contract import variables

ROOT = Path(__file__).parents[2]
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
        self.read_log_until("started")

    def read_log_until(self, event: str) -> dict:
        """Read the process's stdout up to the first line of *event*; fails when it ends before."""
        for line in self.process.stdout or ():
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == event:
                return self.log[-1]
        raise AssertionError(f"no {event!r} in {self.log}")

    def connect(self) -> http.client.HTTPConnection:
        """Prepare a connection that outlives one request; the caller closes it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)

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
    """Run `python -m app` with *arguments* on a free port, and end it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=ENVIRONMENT | {"BIGPICTURE_PORT": str(port)} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield App(process, port)
    finally:
        process.kill()
        process.communicate()
