"""Switch a deployed stack that holds data to the other scaling and back, and keep what was found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engines.backend import offline
from engines.empty_account import empty_account
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.running import Running
from engines.switching import carry_out, plan
from stacks.presets import preset
from tests.engine.possessions import data_in, identities, put_data

STACK = "offline"


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


@dataclass(frozen=True, slots=True)
class Journey:
    """Both ways, one after the other, of one deployed stack."""

    there: Switch
    back: Switch


def travelled(size: str) -> Journey:
    """Deploy the vertical stack of *size*, fill it, switch to horizontal, fill what is new, and switch back.

    The way back keeps every shard, as long as the customers on it have not moved.
    """
    shards = str(preset("horizontal", size, "sandbox").table_shards)
    with empty_account(STACK) as (running, account):
        PulumiEngine(STACK, offline(running, STACK, {"scaling": "vertical", "size": size})).up()
        there = _switched(running, account, {"scaling": "horizontal", "size": size})
        return Journey(
            there, _switched(running, account, {"scaling": "vertical", "size": size, "table_shards": shards})
        )


def _switched(running: Running, account: Any, overrides: Mapping[str, str]) -> Switch:
    put_data(account)
    before = _found(account)
    engine = PulumiEngine(STACK, offline(running, STACK, overrides))
    planned = plan(engine)
    done = carry_out(engine, planned, account)
    return Switch(planned.foreseen, done, before, _found(account))


def _found(account: Any) -> Found:
    return Found(data_in(account), identities(account))
