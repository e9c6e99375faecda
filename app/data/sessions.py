"""Who is logged in: one key per session in Valkey, which forgets it when it has not been used for long enough."""

import hashlib
import logging
import re
import secrets as randomness
from dataclasses import dataclass
from typing import Protocol

from app import log
from app.data.database import Position
from app.data.outage import Unavailable
from app.data.valkey import Cache

IDLE_S = 7 * 24 * 3600
"""Seconds without a request after which a session ends; each request starts the time anew (sliding expiry)."""

_ID = re.compile("[A-Za-z0-9_-]{43}")
_POSITION_DIGITS = 16
_SEEN = """
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('GETRANGE', KEYS[1], 0, 15) < ARGV[1] then
    redis.call('SETRANGE', KEYS[1], 0, ARGV[1])
end
"""
"""Only raise the position, and never bring an ended session back; SETRANGE keeps the expiry."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of one log-in."""

    session_id: str
    """The secret in the customer's cookie; never logged. Valkey knows only its hash, so that who reads the cache
    cannot take a session over."""
    customer_id: str
    written: Position
    """The last write of this session: its reads must have seen it."""


class Sessions(Protocol):
    """Sessions, outside of every server: any server can answer any customer's next request."""

    async def start(self, customer_id: str, written: Position) -> Session:
        """Begin a session that has to see all up to *written*."""
        ...

    async def find(self, session_id: str) -> Session | None:
        """The live session of this id, which lives on from now."""
        ...

    async def wrote(self, session: Session, position: Position) -> None:
        """Remember how far *session* has written."""
        ...

    async def end(self, session_id: str) -> None:
        """Forget the session."""
        ...


class ValkeySessions:
    """Sessions in the cluster. A value is a position in 16 hex digits, which sort as numbers, then the customer."""

    def __init__(self, cache: Cache, idle_s: int = IDLE_S) -> None:
        """Keep sessions in *cache* until they have been idle for *idle_s* seconds, by Valkey's own clock."""
        self._cache = cache
        self._idle_s = idle_s
        self._expiry = str(idle_s)

    async def start(self, customer_id: str, written: Position) -> Session:
        """Begin a session under a new random id of 256 bits. Consistent: Unavailable rather than one nobody stored."""
        session_id = randomness.token_urlsafe(32)
        async with self._cache.client() as valkey:
            await valkey.set(_key(session_id), f"{written:016x}{customer_id}", ex=self._idle_s)
        return Session(session_id, customer_id, written)

    async def find(self, session_id: str) -> Session | None:
        """The session, kept for another IDLE_S, or None when it never was, has ended or has expired.

        Consistent: Unavailable when the cluster cannot answer, as nobody may be let in by a guess.
        """
        if not _ID.fullmatch(session_id):
            return None
        value = await self._cache.ask("GETEX", _key(session_id), "EX", self._expiry)
        if value is None:
            return None
        text = value.decode()
        return Session(session_id, text[_POSITION_DIGITS:], Position(int(text[:_POSITION_DIGITS], 16)))

    async def wrote(self, session: Session, position: Position) -> None:
        """Remember that *session* has written up to *position*; an earlier position changes nothing.

        Available: when the cluster cannot answer it is only logged, as the write stands and nothing but its read-back
        may lag.
        """
        try:
            await self._cache.run(_SEEN, _key(session.session_id), f"{position:016x}")
        except Unavailable as outage:
            log.event("own writes may lag", level=logging.WARNING, reason=outage.reason)

    async def end(self, session_id: str) -> None:
        """Forget the session at once. Consistent: Unavailable rather than a log-out that did not happen."""
        async with self._cache.client() as valkey:
            await valkey.delete(_key(session_id))


def _key(session_id: str) -> str:
    return f"session:{hashlib.sha256(session_id.encode()).hexdigest()}"
