"""The session of a request, from its cookie: opaque, for this host alone, and out of reach of scripts."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from app.data.outage import Unavailable
from app.data.sessions import IDLE_S, Session, Sessions
from app.http.problems import Problem

NAME = "session"

SECURITY: list[dict[str, list[str]]] = [{"session": []}]
"""What a route says in its contract that asks for a session."""


def set_cookie(session: Session) -> Cookie:
    """The cookie of a log-in. It says nothing but a random id; what the store knows stays in the store.

    SameSite=Strict: the pages ask the API from the store's own site; no other site's form or link may speak for a
    customer, and a page that was reached by a link has the cookie for what it asks itself.
    """
    return Cookie(
        NAME, value=session.session_id, path="/", max_age=IDLE_S, httponly=True, secure=True, samesite="strict"
    )


def clear_cookie() -> Cookie:
    """Make the browser forget the cookie."""
    return _cookie("", 0)


def _cookie(value: str, max_age_s: int) -> Cookie:
    return Cookie(NAME, value=value, path="/", max_age=max_age_s, httponly=True, secure=True, samesite="strict")


async def session(sessions: Sessions, request: Request[Any, Any, Any]) -> Session:
    """The caller's session; raises a 401 Problem without a live one, Unavailable when nobody can know."""
    cookie = request.cookies.get(NAME, "")
    found = await sessions.find(cookie) if cookie else None
    if found is None:
        raise Problem(401, "this needs a session: log in at /accounts/session", headers={"WWW-Authenticate": "Cookie"})
    return found


async def visitor(sessions: Sessions, request: Request[Any, Any, Any]) -> Session | None:
    """The caller's session, or None for who has none; while the cache is out everybody is a stranger, and may look."""
    cookie = request.cookies.get(NAME, "")
    try:
        return await sessions.find(cookie) if cookie else None
    except Unavailable:
        return None
