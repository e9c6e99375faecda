"""One visitor of a running store: asks its pages and services, and keeps the session's cookie."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Coroutine
from http.cookies import SimpleCookie
from typing import Any, NoReturn

import httpx

PATIENCE_S = 60.0
"""Seconds for which a visitor waits for an answer."""
AT_ONCE = 400
"""Connections that all visitors of one store hold together, those who listen on an order's page among them."""


class VisitError(Exception):
    """The store cannot be reached, or answers what nobody expects; the message says what, got, allowed and fix."""


class RefusedStreamError(Exception):
    """The store answers, and does not let one listen."""

    def __init__(self, status: int) -> None:
        """With this *status*."""
        super().__init__(status)
        self.status = status


def open_store(url: str) -> httpx.AsyncClient:
    """Connections to the store at *url*, for any number of visitors; the caller closes them."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, limits=limits, trust_env=False)


class Visitor:
    """Somebody at the store; a stranger until they log in."""

    def __init__(self, store: httpx.AsyncClient) -> None:
        self._store = store
        self._session = ""

    async def ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> httpx.Response:
        """Ask once; whatever the store answers is returned, and what prevents an answer raises httpx.HTTPError.

        The same *key* again is the same order, not another one.
        """
        headers = self._cookie() | ({"Idempotency-Key": key} if key else {})
        response = await self._store.request(method, path, json=body, headers=headers)
        for line in response.headers.get_list("set-cookie"):
            if "session" in (cookie := SimpleCookie(line)):
                self._session = cookie["session"].value
        return response

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"session={self._session}"} if self._session else {}

    async def events(self, path: str) -> AsyncIterator[tuple[str, str]]:
        """What an order's page hears without asking: topic and state; RefusedStreamError, or httpx.HTTPError."""
        async with self._store.stream("GET", path, headers=self._cookie()) as response:
            if not response.is_success:
                raise RefusedStreamError(response.status_code)
            topic = ""
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "data" and topic:
                    yield topic, json.loads(value)["state"]
                topic = value if name == "event" else topic if name else ""

    async def upload(self, form: Any, content: bytes, content_type: str) -> httpx.Response:
        """Put a file where the store's signed *form* says, which has to be its last field; no cookie goes there."""
        return await self._store.post(form["url"], data=form["fields"], files={"file": ("file", content, content_type)})

    async def demand(self, method: str, path: str, body: Any = None, *, allowed: tuple[int, ...] = ()) -> Any:
        """Ask, and return the decoded answer; VisitError for one that is neither a success nor *allowed*."""
        response = await self.demanded(f"{method} {path}", self.ask(method, path, body), allowed)
        return response.json() if response.content else None

    async def demanded(
        self, what: str, asked: Coroutine[Any, Any, httpx.Response], allowed: tuple[int, ...] = ()
    ) -> httpx.Response:
        """The answer to what was *asked*; VisitError for one that is neither a success nor *allowed*."""
        try:
            response = await asked
        except httpx.HTTPError as error:
            _refuse(f"{self._store.base_url} cannot be reached ({type(error).__name__}: {error})")
        if not response.is_success and response.status_code not in allowed:
            _refuse(f"{what} was answered with {response.status_code}: {_told(response)}")
        return response

    async def sign_up(self, email: str, name: str, password: str) -> str:
        """Be a customer and logged in, also for the second time; returns the customer's id. Raises VisitError."""
        new = {"email": email, "name": name, "password": password}
        await self.demand("POST", "/accounts/customers", new, allowed=(409,))
        customer = await self.demand("POST", "/accounts/session", {"email": email, "password": password})
        return customer["customer_id"]


def _told(response: httpx.Response) -> str:
    """What a service says of its refusal; a page of HTML tells a person nothing."""
    kind = response.headers.get("content-type", "no type")
    return response.text[:300] if "json" in kind else kind


def _refuse(got: str) -> NoReturn:
    raise VisitError(f"{got}; allowed: a store that serves. Fix: ./bigpicture status, ./bigpicture serve")
