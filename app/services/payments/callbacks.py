"""The sandbox gateway's late answers: told to the store from outside, signed, again and again until it has heard."""

import asyncio
import logging
import uuid

import httpcore
import msgspec

from app import log
from app.calls.signature import Key
from app.data.database import Database
from app.data.outage import Unavailable
from app.services.payments.domain import Notice, Verdict
from app.services.payments.notices import HEADER, Stamp, sign

AGAIN_S = 5
"""Seconds between two attempts to tell the same."""
PATIENCE_S = 5.0
PAUSE_S = 1.0

_CLAIM = f"""
UPDATE sandbox_gateway.charges SET answers = true, tell_at = now() + interval '{AGAIN_S} seconds' WHERE charge_id = (
    SELECT charge_id FROM sandbox_gateway.charges
    WHERE tell_at <= now() ORDER BY tell_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING charge_id, amount_cents, verdict, extract(epoch FROM now())::bigint AS sent_s
"""  # noqa: S608 - the seconds are a constant
_HEARD = "UPDATE sandbox_gateway.charges SET tell_at = NULL WHERE charge_id = $1"


class SandboxCallbacks:
    """The gateway's side of the webhook."""

    def __init__(self, database: Database, key: Key, url: str) -> None:
        """Tell what is in *database* to *url*, the store's public route, signed with *key*."""
        self._database = database
        self._key = key
        self._url = url
        self._pool = httpcore.AsyncConnectionPool(max_connections=2, keepalive_expiry=30.0)

    async def run(self) -> None:
        """Tell until cancelled."""
        async with self._pool:
            while True:
                try:
                    busy = await self.step()
                except (TimeoutError, Unavailable, httpcore.NetworkError, httpcore.ProtocolError) as fault:
                    log.event("store is not told", level=logging.WARNING, reason=type(fault).__name__)
                    busy = False
                if not busy:
                    await asyncio.sleep(PAUSE_S)

    async def step(self) -> bool:
        """Tell one answer; False when nothing is due, or the store has not heard it."""
        row, _ = await self._database.write(lambda at: at.fetchrow(_CLAIM))
        if row is None:
            return False
        notice = Notice(row["charge_id"], Verdict(row["verdict"]), row["amount_cents"])
        status = await self._post(msgspec.json.encode(notice), Stamp(row["sent_s"], str(uuid.uuid4())))
        heard = status < 300
        if heard:
            await self._database.write(lambda at: at.execute(_HEARD, notice.charge_id))
        return heard

    async def _post(self, body: bytes, stamp: Stamp) -> int:
        signature = sign(await self._key.now(), stamp, body)
        # a firewall's core rules refuse who names no agent (AWSManagedRulesCommonRuleSet, NoUserAgent_HEADER)
        headers = [("Content-Type", "application/json"), ("User-Agent", "bigpicture"), (HEADER, signature)]
        async with asyncio.timeout(PATIENCE_S):
            answer = await self._pool.request("POST", self._url, headers=headers, content=body)
        return answer.status
