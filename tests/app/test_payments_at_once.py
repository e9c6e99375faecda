"""Two processes give one charge back at the same moment, held at a lock and let go: never more goes back than came."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from app.contract import Contract
from app.data.database import Database
from app.data.postgres import Access, Server
from app.messages import RefundIssued
from app.services.payments.charges import PostgresCharges
from app.services.payments.domain import ExceededError, Refund
from app.services.payments.errands import PostgresErrands
from app.services.payments.sandbox import SandboxGateway
from tests.app.paying import Paying
from tests.waiting import PATIENCE_S

IDS = {cents: f"00000000-0000-4000-8000-{cents:012}" for cents in (60, 41)}
BARRIERS = {
    "before the charge": "SELECT FROM payments.charges WHERE charge_id = '{}' FOR NO KEY UPDATE",
    "before it is told": "LOCK TABLE payments.outbox IN EXCLUSIVE MODE",
    "before the gateway's": "SELECT FROM sandbox_gateway.charges WHERE charge_id = '{}' FOR NO KEY UPDATE",
}
_WAITING = """
WITH RECURSIVE held (pid) AS (
    SELECT pg_backend_pid()
    UNION SELECT other.pid FROM pg_locks AS other JOIN held ON held.pid = ANY (pg_blocking_pids(other.pid))
) SELECT count(*) - 1 FROM held
"""


class Process:
    """Another server's payments service: with connections of its own, which wait as long as they are held."""

    def __init__(self, world, charge_id):
        told = Contract.from_environment(world.environment)
        access = Access(world.stores.secrets, told.database_secret_arn, told.database_name, tls=False)
        server = Server(access, told.database_host, told.database_port, int(2 * PATIENCE_S))
        self.database, self.charge_id = Database(server, [], world.stores.migrations), charge_id
        self.charges, self.errands = PostgresCharges(self.database), PostgresErrands(self.database)
        self.gateway = SandboxGateway(self.database)

    async def cancel(self):
        await self.charges.cancel(self.charge_id, "ann")

    async def refund(self, cents):
        await self.charges.refund(self.charge_id, "ann", IDS[cents], cents)

    async def make(self, cents):
        await self.gateway.refund(self.charge_id, IDS[cents], cents)

    async def tell(self, cents):
        await self.errands.refunded(Refund(IDS[cents], self.charge_id, cents))

    async def void(self):
        await self.gateway.void(self.charge_id)

    async def tell_void(self):
        await self.errands.voided(self.charge_id, 100)


@asynccontextmanager
async def processes(world, charge_id, count):
    """Several, whose connections end with the block."""
    made = [Process(world, charge_id) for _ in range(count)]
    try:
        yield made
    finally:
        for each in made:
            await each.database.close()


async def all_wait(at, count):
    """Return once *count* others wait for what this connection holds, or for each other behind it."""
    deadline = time.monotonic() + PATIENCE_S
    while await at.fetchval(_WAITING) < count:
        assert time.monotonic() < deadline, "nobody waits"
        await asyncio.sleep(0.02)


async def held_together(world, charge_id, barrier, steps):
    """Take each of *steps* in a process of its own, in this order as far as the barrier, and let go; the outcomes."""
    async with processes(world, charge_id, 1 + len(steps)) as (holder, *others):

        async def hold(at):
            await at.execute(BARRIERS[barrier].format(charge_id))
            running = []
            for other, (name, *more) in zip(others, steps, strict=True):
                running.append(asyncio.create_task(getattr(other, name)(*more)))
                await all_wait(at, len(running))
            return running

        running, _ = await holder.database.write(hold)
        return await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
def paying(world):
    paying = Paying(world)
    paying.charge()
    return paying


def back(paying):
    """What has gone back, three times over: as the gateway has it, as the charge says, and as others were told."""
    told = sum(each.amount_cents for each in paying.told() if isinstance(each, RefundIssued))
    return 100 - paying.taken_cents(), paying.found().refunded_cents, told


@pytest.mark.parametrize("amounts", [(60, 41), (41, 60)])
def test_of_two_refunds_at_once_that_are_a_cent_too_much_one_is_refused(paying, world, amounts):
    steps = [("refund", cents) for cents in amounts]
    outcomes = world.run(held_together(world, paying.charge_id, "before the charge", steps))
    [done] = [cents for cents, outcome in zip(amounts, outcomes, strict=True) if outcome is None]
    [refused] = [type(outcome) for outcome in outcomes if outcome is not None]
    paying.errand()
    assert (refused, back(paying)) == (ExceededError, (done, done, done))


@pytest.mark.parametrize("steps", [[("refund", 60), ("cancel",)], [("cancel",), ("refund", 60)]])
def test_of_a_refund_and_a_void_at_once_all_goes_back_and_no_more(paying, world, steps):
    world.run(held_together(world, paying.charge_id, "before the charge", steps))
    paying.errand()
    assert back(paying) == (100, 100, 100)


@pytest.mark.parametrize("steps", [[("make", 60), ("void",)], [("void",), ("make", 60)]])
def test_a_gateway_that_makes_a_refund_and_a_void_at_once_gives_back_what_it_took(paying, world, steps):
    paying.refund(60, IDS[60])
    paying.cancel()
    outcomes = world.run(held_together(world, paying.charge_id, "before the gateway's", steps))
    paying.errand()
    assert (outcomes, back(paying)) == ([None, None], (100, 100, 100))


@pytest.mark.parametrize("steps", [[("tell", 60), ("tell_void",)], [("tell_void",), ("tell", 60)]])
def test_a_refund_and_a_void_that_are_told_of_at_once_add_up_to_what_was_taken(paying, world, steps):
    paying.refund(60, IDS[60])
    paying.cancel()
    world.run(paying.gateway.void(paying.charge_id))
    outcomes = world.run(held_together(world, paying.charge_id, "before it is told", steps))
    assert (outcomes, back(paying)) == ([None, None], (100, 100, 100))
