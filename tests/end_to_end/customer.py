"""A customer without a browser: asks the store over HTTP as its pages do, and asks again where a request failed."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from tests.waiting import PATIENCE_S

FAILED = (502, 503, 504)
"""Answers that say nothing of the request: who sent it may send it again."""
PAUSE_S = 0.1
NOTHING: Mapping[str, str] = MappingProxyType({})


class Customer:
    """Somebody at the store that stands at *url*, who keeps their cookie."""

    def __init__(self, url: str) -> None:
        self.again: list[str] = []
        """Each request that had to be sent another time, as often as it was."""
        self._place = urlsplit(url)
        self._cookie = ""

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", expect: Collection[int] = (200,)) -> Any:
        """Send a request until it is answered, with the same *key* each time; AssertionError unless as *expected*."""
        with self.answered(method, path, body, {"Idempotency-Key": key} if key else {}) as response:
            text = response.read()
        assert response.status in expect, f"{method} {path}: {response.status} {text}"
        self._cookie = response.headers.get("Set-Cookie", self._cookie).partition(";")[0]
        return json.loads(text or b"null")

    def answered(
        self, method: str, path: str, body: Any = None, more: Mapping[str, str] = NOTHING
    ) -> http.client.HTTPResponse:
        """Send a request until there is an answer to it, which the caller closes."""
        deadline = time.monotonic() + PATIENCE_S
        while (response := self._sent(method, path, body, more)) is None:
            self.again.append(f"{method} {path}")
            assert time.monotonic() < deadline, f"{method} {path} was never answered"
            time.sleep(PAUSE_S)
        return response

    def _sent(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> http.client.HTTPResponse | None:
        """The answer; None where the request failed."""
        connection = http.client.HTTPConnection(self._place.hostname or "", self._place.port or 80, timeout=PATIENCE_S)
        headers = {"Content-Type": "application/json", "Cookie": self._cookie, "Connection": "close", **more}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            connection.close()
            return None
        if response.status in FAILED:
            connection.close()
            return None
        return response


class Page:
    """An order's page in a browser: hears what becomes of the order, and opens a stream that has ended again."""

    def __init__(self, customer: Customer, order_id: str) -> None:
        """Begin to listen."""
        self._customer = customer
        self._path = f"/orders/{order_id}/events"
        self._heard: set[tuple[str, str]] = set()
        self._topic = ""
        self._stream = self._opened()

    def hears(self, topic: str, states: Collection[str]) -> None:
        """Wait until the page was told one of *states*, of which a new stream says the last alone; AssertionError."""
        deadline = time.monotonic() + PATIENCE_S
        while not self._heard & {(topic, state) for state in states}:
            assert time.monotonic() < deadline, f"{self._path} heard {self._heard}, and no {topic} {states}"
            if not self._read():
                self.close()
                self._stream = self._opened()

    def close(self) -> None:
        """Leave the page."""
        self._stream.close()

    def _opened(self) -> http.client.HTTPResponse:
        """The stream, after as many tries as it takes."""
        return self._customer.answered("GET", self._path)

    def _read(self) -> bool:
        """Take in one line; False at the end of the stream."""
        try:
            line = self._stream.readline().decode()
        except (OSError, http.client.HTTPException):
            return False
        name, _, value = line.rstrip("\r\n").partition(": ")
        if name == "data" and self._topic:
            self._heard.add((self._topic, json.loads(value)["state"]))
        self._topic = value if name == "event" else self._topic if name else ""
        return bool(line)
