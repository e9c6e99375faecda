"""Switch a deployed stack that holds data to the other scaling and back, and keep what was found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engines.backend import offline
from engines.draining import MAP_VERSION, SETTING, Shards
from engines.empty_account import empty_account
from engines.outcome import Outcome
from engines.pulumi import PulumiEngine
from engines.running import Running
from engines.switching import Site, carry_out, plan
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

    The way back keeps every shard, since nobody has moved the customers on it.
    """
    with empty_account(STACK) as (running, account):
        PulumiEngine(STACK, offline(running, STACK, {"scaling": "vertical", "size": size})).up()
        there, back = (_switched(running, account, scaling, size) for scaling in ("horizontal", "vertical"))
        return Journey(there, back)


def _switched(running: Running, account: Any, scaling: str, size: str) -> Switch:
    put_data(account)
    before = _found(account)
    site = _site(running, account, scaling, size)
    planned = plan(site)
    done = carry_out(site, planned)
    return Switch(planned.foreseen, done, before, _found(account))


def _site(running: Running, account: Any, scaling: str, size: str) -> Site:
    """The stack as a command finds it: what it keeps of the shards is a setting of the run."""
    overrides = {"scaling": scaling, "size": size}
    engine = PulumiEngine(STACK, offline(running, STACK, overrides))

    def drain(number: int, version: int) -> None:
        engine.configure(offline(running, STACK, {**overrides, SETTING: str(number), MAP_VERSION: str(version)}))

    return Site(engine, account, Shards(wanted=preset(scaling, size, "sandbox").table_shards, drain=drain))


def _found(account: Any) -> Found:
    return Found(data_in(account), identities(account))
