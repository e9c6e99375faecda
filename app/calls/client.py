"""Call another service: with a deadline, over connections that stay, again when it failed at once, and signed."""

import asyncio
import random
from typing import Literal, TypeVar

import httpcore
import msgspec

from app.calls.signature import CUSTOMER, SIGNATURE, Call, Key, sign
from app.data.outage import Unavailable, reason_of
from app.http.problems import ProblemDocument

DEADLINE_S = 8.0
"""Seconds for one call with all its attempts, unless the caller says otherwise: over what the other side gives its own
database (WRITE_S), so that it is the one to say why there is no answer."""
ATTEMPTS = 3
PAUSE_S = 0.05
"""Before the second attempt at most, twice as long before the third; a random part of it: all would return at once."""
CONNECTIONS, IDLE_S = 64, 30.0
"""At once from one process; a silent one is closed here before the load balancer does (ALB_IDLE_S)."""
AGAIN = {429, 502, 503, 504}
"""Answers after which another server, or the same one a moment later, may do it."""

Method = Literal["GET", "PUT", "DELETE"]
"""Only what may be repeated: whoever creates, names, so that no POST is needed between services."""
T = TypeVar("T")
_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


class Refused(Exception):  # noqa: N818 - the other side's word, not an error of ours
    """The service refused the call; the same call would be refused again."""

    def __init__(self, status: int, problem: ProblemDocument) -> None:
        """Keep the HTTP *status* (400 to 499) and the service's *problem*, which names the fields at fault."""
        super().__init__(f"{status}: {problem.detail}")
        self.status = status
        self.problem = problem


class Calls:
    """The way to every service that is called."""

    def __init__(self, key: Key, url: str) -> None:
        """Call at *url*, the balancer between services, signed with *key*; nothing connects before the first call."""
        self._key = key
        self._url = url
        self._pool = httpcore.AsyncConnectionPool(max_connections=CONNECTIONS, keepalive_expiry=IDLE_S)

    async def call(
        self, method: Method, path: str, answer: type[T], *,
        customer_id: str, body: msgspec.Struct | None = None, deadline_s: float = DEADLINE_S,
    ) -> T:  # fmt: skip
        """Ask *path* (`/internal/payments/charges/...`) for *customer_id*, and decode what comes as *answer*.

        Raises Refused for an answer of 400 to 499, and Unavailable when there was none within *deadline_s*: then
        the call may have been carried out, and whoever made it has to ask again under the same path.
        """
        service = path.split("/")[2]
        content = b"" if body is None else msgspec.json.encode(body)
        call = Call(method, path, customer_id, content)
        try:
            async with asyncio.timeout(deadline_s):
                status, text = await self._until_answered(call, service)
        except TimeoutError:
            raise Unavailable(service, f"no answer within {deadline_s} s") from None
        if status >= 400:
            raise Refused(status, _problem(status, text))
        return msgspec.json.decode(text or b"null", type=answer)

    async def _until_answered(self, call: Call, service: str) -> tuple[int, bytes]:
        secret, renewed, reason = await self._key.now(), False, ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(random.uniform(0, PAUSE_S * 2 ** (attempt - 1)))  # noqa: S311 - no secret
            try:
                status, text = await self._once(call, secret)
            except _FAULTS as fault:
                reason = reason_of(fault)
                continue
            if status == 401 and not renewed:
                secret, renewed = await self._key.renewed(), True
            elif status < 500 and status not in (401, 429):
                return status, text
            reason = f"it answered {status}"
            if status not in AGAIN | {401}:
                break
        raise Unavailable(service, reason)

    async def _once(self, call: Call, secret: str) -> tuple[int, bytes]:
        headers: dict[str | bytes, str | bytes] = {SIGNATURE: sign(secret, call), CUSTOMER: call.customer_id}
        if call.body:
            headers["Content-Type"] = "application/json"
        answer = await self._pool.request(
            call.method, self._url + call.target, headers=headers, content=call.body or None
        )
        return answer.status, answer.content

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _problem(status: int, text: bytes) -> ProblemDocument:
    """The service's own words; a balancer's answer has none."""
    try:
        return msgspec.json.decode(text, type=ProblemDocument)
    except msgspec.DecodeError:
        return ProblemDocument(title="refused", status=status, detail="refused without a reason")
