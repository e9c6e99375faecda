"""Charges in PostgreSQL: each change is conditional on the state before it, so that of several only one counts."""

import uuid

import asyncpg

from app.data import outbox
from app.data.database import NOWHERE, Database, Position
from app.data.postgres import Connection
from app.messages import ChargeSettled
from app.services.payments import domain
from app.services.payments.domain import Charge, History, NewCharge, Notice, Refund, State, Verdict

RESOLVE_S = 10
"""Seconds, by the primary's clock, after which a gateway that has not answered is asked again."""
FRESH_S = 300
"""How far the gateway's clock may be from the primary's: so long a notice's nonce has to be remembered."""

_COLUMNS = "charge_id, customer_id, state, amount_cents, refunded_cents, payment, place"
_BEGIN = f"""
INSERT INTO payments.charges (charge_id, customer_id, amount_cents, payment, state, due_at)
VALUES ($1, $2, $3, $4, 'pending', now() + interval '{RESOLVE_S} seconds') ON CONFLICT DO NOTHING
"""  # noqa: S608 - the seconds are a constant
_FIND = f"SELECT {_COLUMNS} FROM payments.charges WHERE charge_id = $1"  # noqa: S608 - columns
_SETTLE = """
UPDATE payments.charges SET state = $2, due_at = NULL WHERE charge_id = $1 AND state = 'pending'
RETURNING charge_id, customer_id
"""
_BELIEVE = """
INSERT INTO payments.notices (nonce, sent_at)
SELECT $1, to_timestamp($2::bigint) WHERE abs(extract(epoch FROM now()) - $2::bigint) <= $3
ON CONFLICT DO NOTHING
"""
_FORGET = "DELETE FROM payments.notices WHERE sent_at < now() - make_interval(secs => 2 * $1::integer)"
_CANCEL = """
INSERT INTO payments.charges AS known (charge_id, customer_id, state) VALUES ($1, $2, 'cancelled')
ON CONFLICT (charge_id) DO UPDATE SET state = 'cancelled', due_at = now()
WHERE known.customer_id = $2 AND known.state IN ('pending', 'accepted')
"""
_REFUND = """
INSERT INTO payments.refunds (charge_id, refund_id, amount_cents, due_at) VALUES ($1, $2, $3, now())
ON CONFLICT DO NOTHING
"""
_TAKE = """
UPDATE payments.charges SET refunded_cents = refunded_cents + $2
WHERE charge_id = $1 AND state = 'accepted' AND refunded_cents + $2 <= amount_cents
"""
_KNOWN = "SELECT amount_cents FROM payments.refunds WHERE charge_id = $1 AND refund_id = $2"
_PAGE = f"""
SELECT {_COLUMNS} FROM payments.charges
WHERE customer_id = $1 AND amount_cents IS NOT NULL AND ($2::bigint IS NULL OR place < $2)
ORDER BY place DESC LIMIT $3
"""  # noqa: S608 - columns


class PostgresCharges:
    """Implements `domain.Charges`."""

    def __init__(self, database: Database) -> None:
        """Keep charges in *database*."""
        self._database = database

    async def begin(self, charge_id: str, customer_id: str, wanted: NewCharge) -> tuple[Charge, bool]:
        """Consistent: one id is one charge, whoever asks how often. Raises TakenError, also for one taken back."""

        async def insert(at: Connection) -> tuple[Charge, bool]:
            done = await at.execute(_BEGIN, charge_id, customer_id, wanted.amount_cents, wanted.payment)
            row = await at.fetchrow(_FIND, charge_id)
            same = (row["customer_id"], row["amount_cents"], row["payment"]) == (
                customer_id, wanted.amount_cents, wanted.payment,
            )  # fmt: skip
            if not same or row["state"] == State.CANCELLED:
                raise domain.TakenError
            return _charge(row), done == "INSERT 0 1"

        answer, _ = await self._database.write(insert)
        return answer

    async def settle(self, charge_id: str, verdict: Verdict, *, tell: bool) -> Charge:
        """Consistent: only a pending charge is settled; whatever else it has become meanwhile stays."""

        async def update(at: Connection) -> Charge:
            await _settle(at, charge_id, verdict, tell=tell)
            return _charge(await at.fetchrow(_FIND, charge_id))

        answer, _ = await self._database.write(update)
        return answer

    async def notice(self, told: Notice, nonce: str, sent_s: int) -> None:
        """Consistent: the notice is believed, and the charge settled, in one transaction, or neither.

        Only the primary's clock is asked how old a notice is; no two are put in order by it.
        """

        async def believe(at: Connection) -> None:
            await at.execute(_FORGET, FRESH_S)
            if await at.execute(_BELIEVE, nonce, sent_s, FRESH_S) == "INSERT 0 0":
                raise domain.ForgedError
            row = await at.fetchrow(_FIND, told.charge_id)
            if row is None:
                raise domain.UnknownChargeError
            if row["amount_cents"] not in (None, told.amount_cents):
                raise domain.TakenError
            await _settle(at, told.charge_id, told.verdict, tell=True)

        await self._database.write(believe)

    async def cancel(self, charge_id: str, customer_id: str) -> None:
        """Consistent. A cancellation that overtakes its charge is remembered, and the charge then refused."""

        async def update(at: Connection) -> None:
            if await at.execute(_CANCEL, charge_id, customer_id) == "INSERT 0 0":
                await _own(at, charge_id, customer_id, domain.TakenError)

        await self._database.write(update)

    async def refund(self, charge_id: str, customer_id: str, refund_id: str, amount_cents: int) -> tuple[Refund, bool]:
        """Consistent: one transaction, conditional on what is left of the charge."""

        async def insert(at: Connection) -> bool:
            await _own(at, charge_id, customer_id, domain.UnknownChargeError)
            if await at.execute(_REFUND, charge_id, refund_id, amount_cents) == "INSERT 0 0":
                if await at.fetchval(_KNOWN, charge_id, refund_id) != amount_cents:
                    raise domain.TakenError
                return False
            if await at.execute(_TAKE, charge_id, amount_cents) == "UPDATE 0":
                raise domain.ExceededError
            return True

        is_new, _ = await self._database.write(insert)
        return Refund(refund_id, charge_id, amount_cents), is_new

    async def find(self, charge_id: str, customer_id: str) -> Charge:
        """Consistent: from the primary."""
        row, _ = await self._database.read_latest(
            lambda at: _own(at, charge_id, customer_id, domain.UnknownChargeError)
        )
        return _charge(row)

    async def of_customer(self, customer_id: str, before: int | None, limit: int, after: Position = NOWHERE) -> History:
        """Available: from a replica, which may lag."""
        rows = await self._database.read(lambda at: at.fetch(_PAGE, customer_id, before, limit + 1), after)
        following = str(rows[limit - 1]["place"]) if len(rows) > limit else None
        return History([_charge(row) for row in rows[:limit]], following)


async def _own(at: Connection, charge_id: str, customer_id: str, missing: type[Exception]) -> asyncpg.Record:
    row = await at.fetchrow(_FIND, charge_id)
    if row is None or row["customer_id"] != customer_id:
        raise missing
    return row


async def _settle(at: Connection, charge_id: str, verdict: Verdict, *, tell: bool) -> None:
    row = await at.fetchrow(_SETTLE, charge_id, verdict)
    if row and tell:
        event = ChargeSettled(
            message_id=str(uuid.uuid4()), order_id=charge_id, customer_id=row["customer_id"], verdict=verdict
        )
        await outbox.add(at, "payments", event)


def _charge(row: asyncpg.Record) -> Charge:
    return Charge(row["charge_id"], State(row["state"]), row["amount_cents"] or 0, row["refunded_cents"])
