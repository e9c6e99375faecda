"""Refusals as problem documents (RFC 9457) that name the field at fault and quote nothing that was sent."""

import logging
import re
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from app import log
from app.data.outage import Unavailable

MEDIA_TYPE = "application/problem+json"

_MISSING = re.compile("Missing required [a-z]+ parameter '(?P<name>[A-Za-z-]+)'")
"""All that the framework says of a query parameter or a header that is not there."""


class FieldFault(msgspec.Struct, frozen=True):
    """One field and what is wrong with it."""

    field: str
    detail: str


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer from 400 on."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    errors: tuple[FieldFault, ...] = ()


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Refuse the request; nothing was changed by it."""

    def __init__(self, status: int, detail: str, *fields: str, headers: Mapping[str, str] | None = None) -> None:
        """Answer with *status* and *detail*, which never quotes what was sent, and blame *fields* if any are."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(FieldFault(field, detail) for field in fields)
        self.headers = dict(headers or {})


def document(status: int, detail: str, errors: tuple[FieldFault, ...] = ()) -> bytes:
    """Spell the problem; `type` is always there, as RFC 9457 recommends for "about:blank" too."""
    title = HTTPStatus(status).phrase
    body = msgspec.to_builtins(ProblemDocument(title=title, status=status, detail=detail, errors=errors))
    return msgspec.json.encode({"type": "about:blank"} | body)


def _answer(
    status: int, detail: str, errors: tuple[FieldFault, ...] = (), headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    body = document(status, detail, errors)
    return Response(content=body, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def _refused(_: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    return _answer(problem.status, problem.detail, problem.errors, problem.headers)


def _unavailable(_: Request[Any, Any, Any], outage: Unavailable) -> Response[bytes]:
    log.event("store unavailable", level=logging.WARNING, store=outage.store, reason=outage.reason)
    detail = f"the store's {outage.store} cannot answer now; the same request may succeed later"
    return _answer(503, detail, headers={"Retry-After": str(outage.retry_after_s)})


def _by_framework(_: Request[Any, Any, Any], refused: HTTPException) -> Response[bytes]:
    """What the framework refuses by itself: an unknown path, a wrong method, a body out of bounds, a bad parameter."""
    if isinstance(refused, ValidationException):
        rows: Any = refused.extra or []
        faults = tuple(_fault(row.get("key", ""), row["message"]) for row in rows)
        if missing := _MISSING.match(refused.detail):
            faults = (FieldFault(missing["name"], "this parameter is required"),)
        return _answer(400, "this request is not allowed as it stands", faults)
    status = refused.status_code
    if status >= 500:
        return _unforeseen(_, refused)
    return _answer(status, HTTPStatus(status).description or HTTPStatus(status).phrase, headers=refused.headers)


def _fault(key: str, message: str) -> FieldFault:
    """`data` is the framework's name for the body, which is missing when the framework itself complains of it."""
    return FieldFault("body", "this request needs a JSON body") if key == "data" else FieldFault(key, plain(message))


def plain(message: str) -> str:
    """Say what is expected of a text without its regular expression, which is for programs."""
    return "this text has characters that are not allowed here" if "matching regex" in message else message


def _unforeseen(_: Request[Any, Any, Any], fault: Exception) -> Response[bytes]:
    """Log where it happened, without the exception's text, which may quote what a customer sent."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    log.event("unforeseen", level=logging.ERROR, kind=type(fault).__name__, where=where)
    return _answer(500, "the store failed; nobody but us can mend this")


HANDLERS: dict[Any, Any] = {
    Problem: _refused,
    Unavailable: _unavailable,
    HTTPException: _by_framework,
    Exception: _unforeseen,
}
"""Exception -> what a customer is told, for `Litestar(exception_handlers=...)`."""
