"""How the gateway proves that a notice is its own: an HMAC over a moment, a number used once, and the body."""

import hmac
import re
from dataclasses import dataclass
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.calls.signature import Key
from app.http.problems import Problem

HEADER = "Gateway-Signature"
_SPELLING = re.compile("t=(?P<sent_s>[0-9]{1,12}),n=(?P<nonce>[0-9A-Za-z-]{16,64}),v1=(?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a notice was sent, by the gateway's clock, and its number, which no other notice has."""

    sent_s: int
    nonce: str


def sign(secret: str, stamp: Stamp, body: bytes) -> str:
    """Spell the header: `t=<seconds since 1970>,n=<nonce>,v1=<HMAC-SHA256 of "t.n.body">`.

    The form is Stripe's (https://docs.stripe.com/webhooks#verify-manually), with a nonce beside the time: theirs may be
    replayed for five minutes.
    """
    signed = f"{stamp.sent_s}.{stamp.nonce}.".encode() + body
    return f"t={stamp.sent_s},n={stamp.nonce},v1={hmac.new(secret.encode(), signed, 'sha256').hexdigest()}"


def read(header: str) -> Stamp | None:
    """What the header says, believed or not; None for what is none."""
    match = _SPELLING.fullmatch(header)
    return Stamp(int(match["sent_s"]), match["nonce"]) if match else None


def fits(secret: str, header: str, body: bytes) -> bool:
    """Whether the header is the one that the gateway would write; takes as long for each wrong one."""
    stamp = read(header)
    return stamp is not None and hmac.compare_digest(sign(secret, stamp, body).encode(), header.encode())


class NoticeGate:
    """The guard of the gateway's route: what is forged is refused before it is decoded."""

    def __init__(self, key: Key) -> None:
        """Believe what is signed with *key*."""
        self._key = key

    def __deepcopy__(self, _: object) -> "NoticeGate":
        """The framework copies the routers that it registers; the key stays one."""
        return self

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Raise a 401 Problem for what the gateway has not signed."""
        request = cast("Request[Any, Any, Any]", connection)
        header, body = request.headers.get(HEADER, ""), await request.body()
        if not (fits(await self._key.now(), header, body) or fits(await self._key.renewed(), header, body)):
            raise Problem(401, "this is for the payment gateway", headers={"WWW-Authenticate": HEADER})


async def stamp(request: Request[Any, Any, Any]) -> Stamp:
    """What the notice's header says; the gate has seen that it is the gateway's."""
    found = read(request.headers.get(HEADER, ""))
    if found is None:
        raise Problem(401, "this is for the payment gateway", headers={"WWW-Authenticate": HEADER})
    return found
