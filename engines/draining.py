"""Find the table shards that a smaller stack no longer wants, and which of them must stay because they hold items."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engines.cloud import FAILED, reason
from engines.data_loss import is_named
from engines.graph import STACK_TYPE, Graph
from engines.refusals import DataLossError
from engines.rollout import groups_with_old_servers
from engines.stack_file import command

SETTING = "table_shards_draining"
MAP_VERSION = "table_map_version"
SHARD = re.compile(r"ShardedTable\$aws:dynamodb/table:Table::(?P<name>customers-(?P<shard>shard-(?P<number>\d+)))$")
"""The end of a shard's URN."""
FENCE = {"S": "#map"}
"""The partition of the one item that servers keep in every shard: of the newest map that any of them used there."""


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
    versions: tuple[int, int] = (0, 0)
    """Of the shard map with as many, `now` and `later`; 0 where the number of tables says it."""
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
    drain: Callable[[int, int], None] = lambda _number, _version: None
    """Let the program that runs from now on keep that many shards after the wanted ones, under a map's version."""

    def look(self, deployed: Graph, account: Account) -> Draining:
        """What of the deployed shards must stay; DataLossError for a name that would give nothing up.

        A shard that was drained and is read to be empty may go. One that servers still write to has to drain first,
        though it is empty: what they write until they know the new map would be lost with it. That a map names it is
        not enough: servers that were started before, or that AWS rolled back to, have another map.
        """
        found = list(self._unwanted(deployed, account))
        staying = [each for each in found if not each.given and (each.held or each.protected)]
        later = max([self.asked, *(each.place for each in staying)])
        for each in found:
            if each.given:
                _demand_last(each, staying, self.asked)
        known = _draining(deployed)
        old = known and groups_with_old_servers(account, deployed)
        unready = (each.place for each in found if not each.given and (old or each.shard not in known))
        now, kept = max([later, *unready]), tuple(_kept(each, staying, deployed.stack) for each in staying)
        return Draining(now=now, later=later, versions=self._versions(deployed, now, later), kept=kept)

    def _versions(self, deployed: Graph, now: int, later: int) -> tuple[int, int]:
        """A map that says another thing than the deployed one has a higher version: servers take the higher one."""
        before = _map(deployed)
        first = _version(before, self.wanted, now)
        whole = first if now == later else _version({"version": first or self.wanted + now}, self.wanted, later)
        return first, whole

    def _unwanted(self, deployed: Graph, account: Account) -> Iterator[_Shard]:
        """Every shard from number *wanted* on, read."""
        for each in deployed.resources:
            found = SHARD.search(each.urn)
            if found and int(found["number"]) >= self.wanted:
                yield _Shard(
                    name=found["name"],
                    shard=found["shard"],
                    place=int(found["number"]) - self.wanted + 1,
                    given=next((given for given in self.allowed if is_named(given, each.urn)), ""),
                    held=holds(account, each.id),
                    protected=each.options.protect,
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shard:
    """A deployed shard that is no longer wanted."""

    name: str
    shard: str
    place: int
    """Among those, from 1: as many drain where this one is the last that stays."""
    given: str
    """The name by which it may be lost; empty where it may not."""
    held: str
    """As `holds` says it."""
    protected: bool


NONE = Shards()
"""A stack without a sharded table."""


def _version(before: Mapping[str, Any], wanted: int, draining: int) -> int:
    """The version of the map of *wanted* shards and some that drain, where *before* is deployed; 0: their number."""
    names = [f"shard-{number:02}" for number in range(wanted + draining)]
    same = sorted(before.get("tables", ())) == names and (before.get("draining") or []) == names[wanted:]
    version = int(before.get("version", 0))
    found = version if same else max(version + 1, len(names))
    return found if before and found != len(names) else 0


def _kept(shard: _Shard, staying: Sequence[_Shard], stack: str) -> str:
    """Why a shard stays, and what then lets it go: shards go from the last on, so that those after it go with it."""
    if not shard.held:
        return f"Table {shard.name} is empty and was protected: it drains now, and goes with the next `up`"
    after = [each for each in staying if each.place >= shard.place]
    first = "once `up` has taken their protection away, " if any(each.protected for each in after) else ""
    move = f"Move them to the shards that stay, {command('empty-shards', stack)}, then run `up` again"
    return f"Table {shard.name} {shard.held}. {move}; or give them up: {first}{_names(after)}"


def _demand_last(shard: _Shard, staying: Sequence[_Shard], asked: int) -> None:
    """Let a shard be given up only where it can go now."""
    after = [each for each in staying if each.place > shard.place]
    if any(each.protected for each in (shard, *after)):
        why, fix = "is protected, or one after it is", "leave it out once: `up` takes the protection away; then again"
    elif after:
        why, fix = f"stays as long as {', '.join(each.name for each in after)} after it", f"add {_names(after)}"
    elif shard.place <= asked:
        why, fix = f"is kept by {SETTING}, which is {asked}", f"{SETTING}={shard.place - 1}"
    else:
        return
    raise DataLossError(
        f"--allow-data-loss is {shard.given!r}, a shard that {why}; allowed: shards that can go, from the last one on."
        f" Fix: {fix}"
    )


def _names(shards: Sequence[_Shard]) -> str:
    return " ".join(f"--allow-data-loss {each.name}" for each in shards)


def holds(account: Account, table: str) -> str:
    """What a table holds beside the fence of its map, as a sentence's end; empty when it was read to be empty."""
    read: Callable[..., dict[str, Any]] = account.client("dynamodb").scan
    try:
        found = read(TableName=table, Limit=2, ConsistentRead=True)
    except FAILED as error:
        if reason(error) == "ResourceNotFoundException":
            return ""
        return f"could not be read ({reason(error)}), and may hold items"
    if any(each.get("customer_id") != FENCE for each in found["Items"]):
        return "still holds items"
    return "was read in part only, and may hold items" if "LastEvaluatedKey" in found else ""


def _draining(deployed: Graph) -> list[str]:
    """The shards that the deployed map says drain."""
    return _map(deployed).get("draining") or []


def _map(deployed: Graph) -> dict[str, Any]:
    """The deployed shard map; empty where none is."""
    [exports] = [each.outputs for each in deployed.of_type(STACK_TYPE)][:1] or [{}]
    return exports.get("shard_map") or {}
