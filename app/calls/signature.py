"""Prove where a call comes from: an HMAC over all that it says, with a secret that every service can fetch."""

import asyncio
import hashlib
import hmac
import time
from dataclasses import dataclass

from app.data.secrets import Secrets

SIGNATURE, CUSTOMER = "Call-Signature", "Call-Customer"
"""The two headers of a call: its signature, and for which customer it is made."""
VERSION = "v1"
RENEW_S = 30.0
"""Seconds between two looks at a secret that somebody's signature did not fit: forgers cannot have it fetched often."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is signed. No time is: a repeated call finds what the first made, however late it comes."""

    method: str
    target: str
    """Path and query as they are sent; the id in the path is what makes a repetition the same call."""
    customer_id: str
    body: bytes


def sign(secret: str, call: Call) -> str:
    """Spell the signature, `v1=<64 hex digits>`: HMAC-SHA256 (RFC 2104) over four lines and the body's hash."""
    digest = hashlib.sha256(call.body).hexdigest()
    text = f"{VERSION}\n{call.method}\n{call.target}\n{call.customer_id}\n{digest}"
    return f"{VERSION}={hmac.new(secret.encode(), text.encode(), 'sha256').hexdigest()}"


def fits(secret: str, call: Call, signature: str) -> bool:
    """Whether *signature* is the call's own; takes as long for each wrong one, so that none can be guessed."""
    return hmac.compare_digest(sign(secret, call).encode(), signature.encode())


class Key:
    """The secret of all services, fetched when first needed and again when it no longer fits."""

    def __init__(self, secrets: Secrets, arn: str, renew_s: float = RENEW_S) -> None:
        """Read the `secret` in *arn*, anew after *renew_s* at the earliest."""
        self._secrets = secrets
        self._arn = arn
        self._renew_s = renew_s
        self._looked: float | None = None
        self._renewing = asyncio.Lock()

    async def now(self) -> str:
        """The secret as far as it is known; raises Unavailable when it cannot be fetched."""
        known = (await self._secrets.get(self._arn))["secret"]
        if self._looked is None:
            self._looked = time.monotonic()
        return known

    async def renewed(self) -> str:
        """The secret after a signature did not fit: fetched anew, for it may have been rotated.

        Raises Unavailable when it cannot be fetched; the old one goes on to hold for whom it fits.
        """
        async with self._renewing:
            if self._looked is not None and time.monotonic() - self._looked >= self._renew_s:
                self._looked = time.monotonic()
                await self._secrets.renew(self._arn)
        return await self.now()
