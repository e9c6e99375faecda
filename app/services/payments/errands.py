"""What the gateway is owed, in PostgreSQL: claimed by one process for some seconds, and again if that one died."""

import uuid

from app.data import outbox
from app.data.database import Database
from app.data.postgres import Connection
from app.messages import RefundIssued
from app.services.payments.charges import RESOLVE_S
from app.services.payments.domain import Errand, Refund, State

_CLAIM_CHARGE = f"""
UPDATE payments.charges SET due_at = now() + interval '{RESOLVE_S} seconds' WHERE charge_id = (
    SELECT charge_id FROM payments.charges WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING charge_id, state, amount_cents, payment
"""  # noqa: S608 - the seconds are a constant
_CLAIM_REFUND = f"""
UPDATE payments.refunds SET due_at = now() + interval '{RESOLVE_S} seconds' WHERE (charge_id, refund_id) = (
    SELECT charge_id, refund_id FROM payments.refunds
    WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING charge_id, refund_id, amount_cents
"""  # noqa: S608 - the seconds are a constant
_MADE = """
UPDATE payments.refunds SET due_at = NULL WHERE charge_id = $1 AND refund_id = $2 AND due_at IS NOT NULL
"""
_HOLD = "SELECT customer_id FROM payments.charges WHERE charge_id = $1 FOR NO KEY UPDATE"
_VOIDED = """
UPDATE payments.charges SET due_at = NULL, refunded_cents = $2
WHERE charge_id = $1 AND state = 'cancelled' AND due_at IS NOT NULL
"""
_TOLD = "SELECT coalesce(sum(amount_cents), 0) FROM payments.refunds WHERE charge_id = $1 AND due_at IS NULL"
_DROP = "UPDATE payments.refunds SET due_at = NULL WHERE charge_id = $1 AND due_at IS NOT NULL"


class PostgresErrands:
    """Implements `domain.Errands`."""

    def __init__(self, database: Database) -> None:
        """Find what is owed in *database*."""
        self._database = database

    async def charge(self) -> Errand | None:
        """Consistent: nobody else gets it for RESOLVE_S, by the primary's clock."""
        row, _ = await self._database.write(lambda at: at.fetchrow(_CLAIM_CHARGE))
        if row is None:
            return None
        return Errand(row["charge_id"], State(row["state"]), row["amount_cents"] or 0, row["payment"] or "")

    async def voided(self, charge_id: str, back_cents: int) -> None:
        """Consistent: all refunds of a charge that was told of add up to what went back, in whatever order."""

        async def update(at: Connection) -> None:
            if await at.execute(_VOIDED, charge_id, back_cents) == "UPDATE 0":
                return
            untold = back_cents - await at.fetchval(_TOLD, charge_id)
            await at.execute(_DROP, charge_id)
            if untold > 0:
                await _tell(at, charge_id, untold)

        await self._database.write(update)

    async def refund(self) -> Refund | None:
        """Consistent, as `charge` is."""
        row, _ = await self._database.write(lambda at: at.fetchrow(_CLAIM_REFUND))
        return Refund(row["refund_id"], row["charge_id"], row["amount_cents"]) if row else None

    async def refunded(self, refund: Refund) -> None:
        """Consistent: told of once, with the change, and never beside a void that tells of all.

        The charge's row is held first, as `voided` does: whoever comes second sees what the first has told.
        """

        async def update(at: Connection) -> None:
            await at.fetchval(_HOLD, refund.charge_id)
            if await at.execute(_MADE, refund.charge_id, refund.refund_id) == "UPDATE 1":
                await _tell(at, refund.charge_id, refund.amount_cents)

        await self._database.write(update)


async def _tell(at: Connection, charge_id: str, amount_cents: int) -> None:
    event = RefundIssued(
        message_id=str(uuid.uuid4()),
        order_id=charge_id,
        customer_id=await at.fetchval(_HOLD, charge_id),
        amount_cents=amount_cents,
    )
    await outbox.add(at, "payments", event)
