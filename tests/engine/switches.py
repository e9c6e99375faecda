"""Switch a deployed stack that holds data to the other scaling and back, and keep what was found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engines.backend import Backend, offline
from engines.draining import MAP_VERSION, SETTING, Shards
from engines.empty_account import empty_account
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.running import Running
from engines.steps import Steps
from engines.switching import Site, carry_out, plan
from stacks.presets import preset
from tests.engine.possessions import data_in, identities, move_customers, put_data
from tests.engine.workers import let_leave

STACKS = {"sandbox": "offline", "production": "production"}
"""Environment -> the stack file that is switched."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the account's owner finds in it."""

    data: dict[str, str]
    identities: dict[str, str]


@dataclass(frozen=True, slots=True)
class Switch:
    """One way: what was planned, what the engine's events say was done, and the account before and after."""

    planned: Outcome
    done: Outcome
    before: Found
    after: Found


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """Both ways, one after the other, of one deployed stack, and what came after them."""

    running: Running
    """The account, which stands as long as the journey is looked at."""
    endpoint: str
    """Where it answers processes of their own."""
    there: Switch
    back: Switch
    emptied: Switch | None
    """Of production: `up` once more when every customer had been moved to the shards that stay."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """A stack of one size and environment, in an account of its own."""

    running: Running
    account: Any
    size: str
    environment: str

    def engine(self, scaling: str, **more: str) -> PulumiEngine:
        return PulumiEngine(self.running.stack, self.backend(scaling, **more))

    def backend(self, scaling: str, **more: str) -> Backend:
        words = {"scaling": scaling, "size": self.size, "environment": self.environment}
        return offline(self.running, self.running.stack, {**words, **more})

    def shards(self, scaling: str) -> int:
        return preset(scaling, self.size, self.environment).table_shards

    def site(self, scaling: str) -> Site:
        """The stack as a command finds it: what it keeps of the shards is a setting of the run."""
        engine = self.engine(scaling)

        def drain(number: int, version: int) -> None:
            engine.configure(self.backend(scaling, **{SETTING: str(number), MAP_VERSION: str(version)}))

        return Site(engine, self.account, Shards(wanted=self.shards(scaling), drain=drain))

    def run(self, call: Callable[[], Steps]) -> Steps:
        steps = call()
        let_leave(self.account.client("autoscaling"))
        return steps

    def switched(self, scaling: str) -> Switch:
        before = _found(self.account)
        site = self.site(scaling)
        planned = plan(site)
        done = carry_out(site, planned, run=self.run)
        return Switch(planned.foreseen, done, before, _found(self.account))


@contextmanager
def travelled(size: str, environment: str) -> Iterator[Journey]:
    """Deploy the vertical stack of *size*, fill it, switch to horizontal, fill what is new, and switch back.

    The way back keeps every shard, since nobody has moved the customers on it; in production somebody does, then.
    """
    stack = STACKS[environment]
    with empty_account(stack) as (running, account):
        stand = _Stand(running, account, size, environment)
        stand.engine("vertical").up()
        put_data(account)
        there = stand.switched("horizontal")
        put_data(account)
        back, emptied = stand.switched("vertical"), None
        if environment == "production":
            move_customers(account, stand.shards("vertical"))
            emptied = stand.switched("vertical")
        yield Journey(running=running, endpoint=account.serve(), there=there, back=back, emptied=emptied)


def unprotected(running: Running, size: str) -> None:
    """Let the vertical stack of production in *running* be destroyed with all its data."""
    _Stand(running, None, size, "production").engine("vertical", protect="false", disposable="true").up()


def _found(account: Any) -> Found:
    return Found(data_in(account), identities(account))
