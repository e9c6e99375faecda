"""A payments service without a process: its books, its gateway's, and a gateway that is asked for a moment only."""

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import Any

from app.messages import decode
from app.services.payments.charges import PostgresCharges
from app.services.payments.charging import Charging, Errander
from app.services.payments.domain import Charge, NewCharge, Notice, Verdict
from app.services.payments.errands import PostgresErrands
from app.services.payments.sandbox import SandboxGateway
from tests.app.world import World

MOMENT_S = 0.2
"""Seconds for a gateway that will not answer; one that does is given PATIENCE_S."""
PATIENCE_S = 60.0
SILENT = ("tok_late", "tok_late_refused", "tok_lost")


@dataclass
class Paying:
    """One customer and one charge of theirs."""

    world: World
    charge_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    customer_id: str = "ann"

    def __post_init__(self) -> None:
        database = self.world.stores.database
        self.charges, self.gateway = PostgresCharges(database), SandboxGateway(database)
        self.errands = PostgresErrands(database)

    def charge(self, payment: str = "tok_accepted", amount_cents: int = 100) -> Charge:
        """Charge, as orders do."""
        made, _ = self.world.run(self.charging(payment, amount_cents))
        return made

    async def charging(self, payment: str = "tok_accepted", amount_cents: int = 100) -> tuple[Charge, bool]:
        """The same, for several at once."""
        patience_s = MOMENT_S if payment in SILENT else PATIENCE_S
        charging = Charging(self.charges, self.gateway, patience_s)
        return await charging.charge(self.charge_id, self.customer_id, NewCharge(amount_cents, payment))

    def refund(self, amount_cents: int, refund_id: str = "") -> None:
        """Give a part back."""
        refund_id = refund_id or str(uuid.uuid4())
        self.world.run(self.charges.refund(self.charge_id, self.customer_id, refund_id, amount_cents))

    def cancel(self) -> None:
        """Take the charge back."""
        self.world.run(self.charges.cancel(self.charge_id, self.customer_id))

    def notice(self, verdict: str = "accepted", amount_cents: int = 100, nonce: str = "", old_s: int = 0) -> None:
        """Let the gateway tell by itself, as it would *old_s* seconds ago."""
        told = Notice(self.charge_id, Verdict(verdict), amount_cents)
        sent_s = self.ask("SELECT extract(epoch FROM now())::bigint") - old_s
        self.world.run(self.charges.notice(told, nonce or str(uuid.uuid4()), sent_s))

    def errand(self) -> None:
        """Do all that the gateway is owed for this charge, as if it were due."""
        due = "UPDATE payments.{} SET due_at = now() - interval '1 day' WHERE charge_id = $1 AND due_at IS NOT NULL"
        for table in ("charges", "refunds"):
            self.ask(due.format(table), self.charge_id)
        errander = Errander(self.charges, self.errands, self.gateway, PATIENCE_S)
        while self.ask(_OWED, self.charge_id):
            self.world.run(errander.step())

    def found(self) -> Charge:
        """The charge as it is now."""
        return self.world.run(self.charges.find(self.charge_id, self.customer_id))

    def taken_cents(self) -> int:
        """What the gateway has of the customer's money."""
        return self.ask(_TAKEN, self.charge_id) or 0

    def told(self) -> list[Any]:
        """The events of this charge that wait to be published, in order."""
        rows = self.world.run(self._fetch("SELECT body FROM payments.outbox ORDER BY place"))
        found = [decode(row["body"]) for row in rows]
        return [event for event in found if getattr(event, "order_id", "") == self.charge_id]

    def ask(self, statement: str, *arguments: Any) -> Any:
        """One value of the primary."""
        answer, _ = self.world.run(self.world.stores.database.write(lambda at: at.fetchval(statement, *arguments)))
        return answer

    async def _fetch(self, statement: str) -> list[Any]:
        answer, _ = await self.world.stores.database.write(lambda at: at.fetch(statement))
        return answer


def all_at_once(world: World, *works: Any) -> list[Any]:
    """Every outcome, exceptions among them."""

    async def gather() -> list[Any]:
        return await asyncio.gather(*works, return_exceptions=True)

    return world.run(gather())


_TAKEN = """
SELECT CASE WHEN verdict = 'refused' THEN 0 ELSE amount_cents END - given_back_cents
FROM sandbox_gateway.charges WHERE charge_id = $1
"""
_OWED = """
SELECT count(*) FROM (
    SELECT FROM payments.charges WHERE charge_id = $1 AND due_at <= now()
    UNION ALL SELECT FROM payments.refunds WHERE charge_id = $1 AND due_at <= now()
) AS owed
"""
