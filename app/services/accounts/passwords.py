"""Password hashes by scrypt (RFC 7914), in threads of their own: one takes a fifth of a second of a core."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from app.data.outage import Unavailable

LOG_N, R, P = 14, 8, 5
"""16 MiB and five rounds: OWASP Password Storage Cheat Sheet's setting for little memory, as a t4g.micro has."""
THREADS, WAITING = 2, 20
"""Hashes at once, and how many may wait, 2 s at most; more are told to come back."""

T = TypeVar("T")
_MAX_MEMORY: Final = 64 * 1024 * 1024


class Passwords:
    """Makes and checks hashes, a few at a time."""

    def __init__(self) -> None:
        """Start no thread before the first hash."""
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="password")
        self._asked = 0
        self._nobody = f"scrypt${LOG_N}${R}${P}${_text(secrets.token_bytes(16))}${_text(secrets.token_bytes(32))}"

    async def hash(self, password: str) -> str:
        """Hash *password* with a new salt: `scrypt$14$8$5$salt$hash`, so that stronger settings can follow."""
        return await self._run(_hash, password)

    async def check(self, password: str, known: str | None) -> bool:
        """Say whether *password* belongs to the hash *known*; None takes as long: time tells nobody who exists."""
        return await self._run(_check, password, known or self._nobody)

    async def _run(self, function: Callable[..., T], *arguments: str) -> T:
        if self._asked >= THREADS + WAITING:
            raise Unavailable("accounts", f"{self._asked} passwords wait", retry_after_s=2)
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)
        finally:
            self._asked -= 1

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${LOG_N}${R}${P}${_text(salt)}${_text(_scrypt(password, salt, LOG_N, R, P))}"


def _check(password: str, known: str) -> bool:
    _, log_n, r, p, salt, wanted = known.split("$")
    got = _scrypt(password, base64.b64decode(salt), int(log_n), int(r), int(p))
    return hmac.compare_digest(got, base64.b64decode(wanted))


def _scrypt(password: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    """The same characters are the same password, however a keyboard composes them (NFKC, as NIST SP 800-63B asks)."""
    text = unicodedata.normalize("NFKC", password).encode()
    return hashlib.scrypt(text, salt=salt, n=1 << log_n, r=r, p=p, maxmem=_MAX_MEMORY, dklen=32)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
