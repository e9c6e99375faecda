"""Look whether a store of this project answers at an address, before anybody trusts it with a password."""

from __future__ import annotations

import httpx

from traffic.visitor import PATIENCE_S, VisitError

KNOWN = "/catalog/items?limit=1"
"""Anybody may ask a store for one item: docs/api/catalog.json."""
FIX = "Fix: --url with the address that `./bigpicture open` or, of a stack on AWS, `pulumi stack output url` prints"


def demand_store(url: str) -> None:
    """Refuse *url* where no store answers: VisitError says what did, in one line."""
    if why := _why_not(url):
        raise VisitError(f"--url is {url!r}: {why}; allowed: the http or https address of a store. {FIX}")


def _why_not(url: str) -> str:
    """Empty where a store answers."""
    try:
        address = httpx.URL(url)
        if address.scheme not in ("http", "https") or not address.host:
            return "no such address"
        with httpx.Client(base_url=address, timeout=PATIENCE_S, trust_env=False) as client:
            return _fault(client.get(KNOWN))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"it cannot be reached ({type(error).__name__}: {error})"


def _fault(answer: httpx.Response) -> str:
    if answer.is_redirect:
        return f"it leads elsewhere, to {answer.headers['location']}"
    kind = answer.headers.get("content-type", "no type").partition(";")[0]
    if answer.is_success and kind == "application/json" and _lists_items(answer):
        return ""
    return f"what answers is no store that serves (GET {KNOWN}: {answer.status_code}, {kind})"


def _lists_items(answer: httpx.Response) -> bool:
    try:
        told = answer.json()
    except ValueError:
        return False
    return isinstance(told, dict) and isinstance(told.get("items"), list)
