"""Ask the gateway: for who waits, within a deadline, and behind everybody's back for what nobody knows yet."""

import asyncio
import logging

from app import log
from app.data.outage import Unavailable
from app.services.payments.domain import Charge, Charges, Errands, Gateway, NewCharge, State, TakenError

DEADLINE_S = 5.0
"""Seconds that a customer at the checkout waits for the gateway; half of what orders give the whole call."""
PAUSE_S = 1.0
"""Seconds between two looks for something to do."""


class Charging:
    """Charges, and the gateway that makes them."""

    def __init__(self, charges: Charges, gateway: Gateway, deadline_s: float = DEADLINE_S) -> None:
        """Keep in *charges*, ask *gateway* for *deadline_s* at the longest."""
        self._charges = charges
        self._gateway = gateway
        self._deadline_s = deadline_s

    async def charge(self, charge_id: str, customer_id: str, wanted: NewCharge) -> tuple[Charge, bool]:
        """Charge once, however often asked; False for a repetition. PENDING when the gateway does not say in time.

        The charge is kept before the gateway is asked: whoever dies in between, there is a record that somebody must
        ask again, under the same id. Raises TakenError, also when the charge is taken back meanwhile.
        """
        charge, is_new = await self._charges.begin(charge_id, customer_id, wanted)
        if charge.state is not State.PENDING:
            return charge, is_new
        try:
            async with asyncio.timeout(self._deadline_s):
                verdict = await self._gateway.charge(charge_id, wanted.amount_cents, wanted.payment)
        except TimeoutError:
            charge = await self._charges.find(charge_id, customer_id)
        else:
            charge = await self._charges.settle(charge_id, verdict, tell=False)
        if charge.state is State.CANCELLED:
            raise TakenError
        return charge, is_new


class Errander:
    """Does what the gateway is owed; any number of processes may, at once."""

    def __init__(self, charges: Charges, errands: Errands, gateway: Gateway, deadline_s: float = DEADLINE_S) -> None:
        """Take from *errands*, ask *gateway* for *deadline_s* at the longest."""
        self._charges = charges
        self._errands = errands
        self._gateway = gateway
        self._deadline_s = deadline_s

    async def run(self) -> None:
        """Work until cancelled; what fails is due again a little later."""
        while True:
            try:
                busy = await self.step()
            except (TimeoutError, Unavailable) as fault:
                log.event("gateway is silent", level=logging.WARNING, reason=type(fault).__name__)
                busy = False
            if not busy:
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> bool:
        """Do one thing of each kind; False when nothing is due. Raises TimeoutError for a gateway that does not answer.

        A charge that stays silent must not keep refunds waiting.
        """
        busy, silent = False, None
        for kind in (self._charge, self._refund):
            try:
                async with asyncio.timeout(self._deadline_s):
                    busy |= await kind()
            except TimeoutError as fault:
                silent = fault
        if silent:
            raise silent
        return busy

    async def _charge(self) -> bool:
        errand = await self._errands.charge()
        if errand is None:
            return False
        if errand.state is State.PENDING:
            verdict = await self._gateway.charge(errand.charge_id, errand.amount_cents, errand.payment)
            await self._charges.settle(errand.charge_id, verdict, tell=True)
        else:
            await self._errands.voided(errand.charge_id, await self._gateway.void(errand.charge_id))
        return True

    async def _refund(self) -> bool:
        refund = await self._errands.refund()
        if refund is None:
            return False
        await self._gateway.refund(refund.charge_id, refund.refund_id, refund.amount_cents)
        await self._errands.refunded(refund)
        return True
