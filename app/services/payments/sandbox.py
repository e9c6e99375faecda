"""A payment gateway to play with: what becomes of a charge is chosen by its token, as real gateways' test cards do.

Source of the idea: https://docs.stripe.com/testing, "Cards by brand" and "Declined payments".
"""

import asyncio
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from app.data.database import Database
from app.data.postgres import Connection
from app.services.payments.domain import Verdict


class Answer(Enum):
    """How the gateway answers the first time that it is asked."""

    AT_ONCE = "at once"
    LATE = "late"
    """Not before it has told the store by itself."""
    LOST = "lost"
    """Never; who asks a second time is answered."""


class Card(NamedTuple):
    """What becomes of a charge, and when one is told."""

    verdict: Verdict
    answer: Answer = Answer.AT_ONCE


CARDS: Mapping[str, Card] = MappingProxyType(
    {
        "tok_accepted": Card(Verdict.ACCEPTED),
        "tok_refused": Card(Verdict.REFUSED),
        "tok_late": Card(Verdict.ACCEPTED, Answer.LATE),
        "tok_late_refused": Card(Verdict.REFUSED, Answer.LATE),
        "tok_lost": Card(Verdict.ACCEPTED, Answer.LOST),
    }
)
"""Token -> card; every other token is refused."""

_OPEN = """
INSERT INTO sandbox_gateway.charges (charge_id, amount_cents, verdict, answers, tell_at)
VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END) ON CONFLICT DO NOTHING
"""
_FIND = "SELECT verdict, answers FROM sandbox_gateway.charges WHERE charge_id = $1"
_ANSWER = "UPDATE sandbox_gateway.charges SET answers = true WHERE charge_id = $1 AND tell_at IS NULL"
_VOID = """
INSERT INTO sandbox_gateway.charges AS known (charge_id, amount_cents, verdict, answers) VALUES ($1, 0, 'void', true)
ON CONFLICT (charge_id) DO UPDATE SET verdict = 'void', answers = true, tell_at = NULL,
    given_back_cents = CASE WHEN known.verdict = 'accepted' THEN known.amount_cents ELSE known.given_back_cents END
RETURNING given_back_cents
"""
_ONCE = "INSERT INTO sandbox_gateway.refunds (charge_id, refund_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_REFUND = """
UPDATE sandbox_gateway.charges SET given_back_cents = given_back_cents + $2
WHERE charge_id = $1 AND verdict = 'accepted' AND given_back_cents + $2 <= amount_cents
"""


class SandboxGateway:
    """Implements `domain.Gateway` with books of its own, as another company's would be."""

    def __init__(self, database: Database, cards: Mapping[str, Card] = CARDS) -> None:
        """Keep the books in *database*, in a schema that nobody else reads; refuse every token but those of *cards*."""
        self._database = database
        self._cards = cards

    async def charge(self, charge_id: str, amount_cents: int, payment: str) -> Verdict:
        """What the card says, the same each time; waits for ever where the card does not answer."""
        card = self._cards.get(payment, Card(Verdict.REFUSED))

        async def ask(at: Connection) -> Verdict | None:
            at_once, late = card.answer is Answer.AT_ONCE, card.answer is Answer.LATE
            done = await at.execute(_OPEN, charge_id, amount_cents, card.verdict, at_once, late)
            if done == "INSERT 0 0":
                await at.execute(_ANSWER, charge_id)
            row = await at.fetchrow(_FIND, charge_id)
            if not row["answers"]:
                return None
            return Verdict.ACCEPTED if row["verdict"] == Verdict.ACCEPTED else Verdict.REFUSED

        verdict, _ = await self._database.write(ask)
        if verdict is None:
            await asyncio.Event().wait()
        return verdict or Verdict.REFUSED

    async def refund(self, charge_id: str, refund_id: str, amount_cents: int) -> None:
        """Give a part back once; a gateway that was told to void has given back everything already."""

        async def give(at: Connection) -> None:
            if await at.execute(_ONCE, charge_id, refund_id) == "INSERT 0 1":
                await at.execute(_REFUND, charge_id, amount_cents)

        await self._database.write(give)

    async def void(self, charge_id: str) -> int:
        """Everything goes back, and a charge that comes later is refused."""
        back, _ = await self._database.write(lambda at: at.fetchval(_VOID, charge_id))
        return back
