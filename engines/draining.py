"""Find the table shards that a smaller stack no longer wants, and which of them must stay because they hold items."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from engines.cloud import FAILED, reason
from engines.graph import STACK_TYPE, Graph
from engines.rollout import groups_with_old_servers

SETTING = "table_shards_draining"
SHARD = re.compile(r"ShardedTable\$aws:dynamodb/table:Table::(?P<name>customers-(?P<shard>shard-(?P<number>\d+)))$")
"""The end of a shard's URN."""


class Account(Protocol):
    """What answers for the account: AWS itself, or the offline one."""

    def client(self, service: str, region: str | None = None) -> Any:
        """The boto3 client of *service*."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Draining:
    """How many shards after the wanted ones must stay."""

    now: int = 0
    """In an update of which servers that know the old map do not know yet: what they may write to stays as well."""
    later: int = 0
    """Once every server has the new map, if nothing is written meanwhile."""
    kept: tuple[str, ...] = ()
    """What stays also then and why, as sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shards:
    """The shards of one stack's table, and the way to let some of them drain."""

    wanted: int = 0
    """How many shards the stack is to have; what comes after is no longer wanted."""
    asked: int = 0
    """How many of those the settings themselves say are to drain."""
    allowed: Collection[str] = ()
    """Names of what may be lost: a shard among them is given up with what is in it."""
    drain: Callable[[int], None] = lambda _number: None
    """Let the program that runs from now on keep that many shards after the wanted ones."""

    def look(self, deployed: Graph, account: Account) -> Draining:
        """What of the deployed shards must stay."""
        found = _look(deployed, self.wanted, account, self.allowed)
        return Draining(now=max(found.now, self.asked), later=max(found.later, self.asked), kept=found.kept)


NONE = Shards()
"""A stack without a sharded table."""


def _look(deployed: Graph, wanted: int, account: Account, allowed: Collection[str]) -> Draining:
    """Look into every shard from number *wanted* on.

    A shard that was drained and is read to be empty may go. One that servers still write to has to drain first, though
    it is empty: what they write until they know the new map would be lost with it. That a map names it is not enough:
    servers that were started before, or that AWS rolled back to, have another map.
    """
    known = _draining(deployed)
    old = known and groups_with_old_servers(account, deployed)
    now = later = 0
    kept: list[str] = []
    for each in deployed.resources:
        found = SHARD.search(each.urn)
        if not found or int(found["number"]) < wanted or found["name"] in allowed:
            continue
        place = int(found["number"]) - wanted + 1
        held = holds(account, each.id)
        if held:
            later = max(later, place)
            kept.append(
                f"Table {found['name']} {held}. Move them to the shards that stay, then run `up` again; or give them"
                f" up: --allow-data-loss {found['name']}"
            )
        elif each.options.protect:
            later = max(later, place)
            kept.append(f"Table {found['name']} is empty and was protected: it drains now, and goes with the next `up`")
        if held or old or found["shard"] not in known:
            now = max(now, place)
    return Draining(now=now, later=later, kept=tuple(kept))


def holds(account: Account, table: str) -> str:
    """What a table holds, as a sentence's end; empty when it was read to be empty."""
    read: Callable[..., dict[str, Any]] = account.client("dynamodb").scan
    try:
        found = read(TableName=table, Limit=1, Select="COUNT", ConsistentRead=True)
    except FAILED as error:
        if reason(error) == "ResourceNotFoundException":
            return ""
        return f"could not be read ({reason(error)}), and may hold items"
    if found["Count"]:
        return "still holds items"
    return "was read in part only, and may hold items" if "LastEvaluatedKey" in found else ""


def _draining(deployed: Graph) -> list[str]:
    """The shards that the deployed map says drain."""
    [exports] = [each.outputs for each in deployed.of_type(STACK_TYPE)][:1] or [{}]
    return (exports.get("shard_map") or {}).get("draining") or []
