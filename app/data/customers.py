"""Each customer's entries on the shard that owns the customer, also while a shard is being added, or drains.

Every table holds a fence, the newest map that any server has used there, and every customer has a head on their shard.
A write checks the head; a head is made, or moved from a former owner, only under the fence. So a server with a stale
map is refused by a condition, and learns the newer map from the fence that refused it.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from app import log
from app.contract import ShardMap
from app.data.aws import Aws
from app.data.outage import Unavailable
from app.data.shard import Item, Key, RefusedError, Shard, Span, check, drop, put
from app.data.shards import former_owners, shard_for

HEAD = "#head"
FENCE = ("#map", "#map")
TRIES = 4
"""A write meets at most: no head yet, a newer map, another server that makes the same head."""

IN_THE_WAY_S = 0.02
"""Pause after a transaction that met another one on the same item."""

_OLDER = "attribute_not_exists(version) OR version < :mine"
_HERE = "attribute_exists(map_version) AND attribute_not_exists(moved) AND map_version <= :mine"

_NOT_HERE = "attribute_not_exists(map_version) OR moved < :mine"


class ChangedError(Exception):
    """The entry has changed since the version that the caller saw."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry's next version, *seen* + 1."""

    entry: str
    body: str
    seen: int
    """The version that the writer has seen; 0 for an entry that is not there yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is written beside a customer's entries, on the same shard: in a partition that all customers share there."""

    key: Key
    body: str


class Entries(Protocol):
    """What is kept of each customer, by entry."""

    async def get(self, customer_id: str, entry: str) -> tuple[str, int]:
        """The entry's body and version; ("", 0) when there is none."""
        ...

    async def get_all(self, customer_id: str, entries: Sequence[str]) -> list[tuple[str, int]]:
        """Bodies and versions of *entries*, as they were at one moment."""
        ...

    async def between(self, customer_id: str, span: Span, limit: int) -> list[str]:
        """Bodies of at most *limit* entries within *span*, the last one first."""
        ...

    async def put(self, customer_id: str, entry: str, body: str, seen: int) -> None:
        """Write version *seen* + 1 of the entry; raises ChangedError when it is not at version *seen*."""
        ...

    async def write(
        self, customer_id: str, changes: Sequence[Change], rows: Iterable[Row] = (), without: Iterable[Key] = ()
    ) -> None:
        """Write all *changes*, have *rows* beside them and those of *without* no more, or nothing: ChangedError."""
        ...

    async def sweep(self, key: Key) -> None:
        """Have nothing under *key* beside anybody's entries: a customer who has moved left it behind."""
        ...


class ShardedEntries:
    """Implements `Entries` over DynamoDB."""

    def __init__(self, aws: Aws, known: ShardMap) -> None:
        """Begin with the map *known*, which the process was started with; a newer one is learned when it matters."""
        self._aws = aws
        self.wrote_rows = asyncio.Event()
        """Set by each write with rows beside the entries, for who sends them."""
        self._adopt(known)

    @property
    def shards(self) -> Mapping[str, Shard]:
        """Every shard of the newest map that this process knows, by name."""
        return self._shards

    async def get(self, customer_id: str, entry: str) -> tuple[str, int]:
        """Consistent: from the customer's own shard at one moment, or Unavailable; other shards are not asked."""
        [found] = await self.get_all(customer_id, [entry])
        return found

    async def get_all(self, customer_id: str, entries: Sequence[str]) -> list[tuple[str, int]]:
        """Consistent: as `get`."""
        keys = [(customer_id, entry) for entry in (HEAD, *entries)]
        for _ in range(TRIES):
            head, *items = await self._owner(customer_id).get(*keys)
            if self._is_here(head):
                return [(item["body"], int(item["version"])) if item else ("", 0) for item in items]
            if not await self._settle(customer_id, make=False):
                return [("", 0)] * len(entries)
        raise Unavailable("shard map", "it changes faster than it can be followed")

    async def between(self, customer_id: str, span: Span, limit: int) -> list[str]:
        """Consistent: as `get`, from who was the owner a moment before; a former owner keeps what has moved away."""
        await self.get_all(customer_id, [])
        return [item["body"] for item in await self._owner(customer_id).between(customer_id, span, limit)]

    async def put(self, customer_id: str, entry: str, body: str, seen: int) -> None:
        """Consistent: a conditional write on the customer's own shard, or Unavailable; other shards are not asked."""
        await self.write(customer_id, [Change(entry, body, seen)])

    async def write(
        self, customer_id: str, changes: Sequence[Change], rows: Iterable[Row] = (), without: Iterable[Key] = ()
    ) -> None:
        """Consistent: one transaction on the customer's own shard, or Unavailable; other shards are not asked."""
        beside = [put(row.key, {"body": row.body}) for row in rows] + [drop(key) for key in without]
        for _ in range(TRIES):
            head = check((customer_id, HEAD), _HERE, {":mine": self.version})
            writes = [self._next(customer_id, change) for change in changes]
            try:
                await self._owner(customer_id).write(head, *writes, *beside)
            except RefusedError as refused:
                if 0 in refused.failed:
                    await self._settle(customer_id, make=True)
                elif refused.failed:
                    raise ChangedError from None
                else:
                    await asyncio.sleep(IN_THE_WAY_S)
            else:
                if beside:
                    self.wrote_rows.set()
                return
        raise Unavailable("shard map", "it changes faster than it can be followed")

    async def leave(self, customer_id: str, origin: Shard) -> bool:
        """Bring the customer to the shard that owns them, and take what they left from *origin*. May be repeated.

        Consistent. False for one who stays there: a newer map says that the shard does not drain.
        """
        await self.get_all(customer_id, [])
        [here] = await self._owner(customer_id).get((customer_id, HEAD))
        [left] = await origin.get((customer_id, HEAD))
        if not self._is_here(here) or (left and "moved" not in left):
            return False
        for item in await origin.partition(customer_id):
            await origin.write(drop((customer_id, item["entry"])))
        return True

    async def sweep(self, key: Key) -> None:
        """Consistent: on every shard, or Unavailable; then some may have been swept."""
        for shard in self._shards.values():
            await shard.write(drop(key))

    def _next(self, customer_id: str, change: Change) -> dict[str, Any]:
        item = {"body": change.body, "version": change.seen + 1, "map_version": self.version}
        unseen = "version = :seen" if change.seen else "attribute_not_exists(version)"
        return put((customer_id, change.entry), item, unseen, {":seen": change.seen} if change.seen else None)

    def _owner(self, customer_id: str) -> Shard:
        return self._shards[shard_for(customer_id, self._shards.keys() - self._draining)]

    def _is_here(self, head: Item | None) -> bool:
        return head is not None and "moved" not in head and head["map_version"] <= self.version

    def _adopt(self, known: ShardMap) -> None:
        self.version = known.version
        self._tables, self._draining = dict(known.tables), frozenset(known.draining)
        self._shards = {name: Shard(self._aws, name, table) for name, table in known.tables.items()}

    async def _settle(self, customer_id: str, make: bool) -> bool:
        """Find out why there is no head, and mend it; False for a customer of whom nothing is known anywhere.

        The fence is raised on the former owners first: after that no server with an older map makes a head there, so
        that what is read of them is all that there will be.
        """
        owner = self._owner(customer_id)
        former = [self._shards[name] for name in former_owners(customer_id, self._tables, self._draining)]
        for shard in (owner, *former):
            if await self._learn(shard):
                return True
        if origin := await self._last_home(customer_id, former):
            await self._move(customer_id, origin, owner)
            return True
        if make:
            await self._make_head(customer_id, owner)
        return make

    async def _learn(self, shard: Shard) -> bool:
        """Raise the fence of *shard* to our map, or take the newer map from it: then True."""
        [fence] = await shard.get(FENCE)
        if fence and fence["version"] > self.version:
            log.event("newer shard map", had=self.version, has=int(fence["version"]))
            self._adopt(ShardMap(version=int(fence["version"]), **json.loads(fence["map"])))
            return True
        if not fence or fence["version"] < self.version:
            known = {"tables": self._tables, "draining": sorted(self._draining)}
            ours = {"version": self.version, "map": json.dumps(known)}
            try:
                await shard.write(put(FENCE, ours, _OLDER, {":mine": self.version}))
            except RefusedError:
                return await self._learn(shard)
        return False

    async def _last_home(self, customer_id: str, former: Sequence[Shard]) -> Shard | None:
        """Which of the *former* owners the customer is on, or was moved from by a server that died meanwhile.

        There is one open head at most. Without it the newest closed one is of a move that was cut off.
        """
        heads = [(shard, head) for shard in former for head in await shard.get((customer_id, HEAD)) if head]
        here = [shard for shard, head in heads if "moved" not in head]
        newest = max((pair[1]["moved"] for pair in heads if "moved" in pair[1]), default=0)
        return next((shard for shard, head in heads if shard in here or (not here and head["moved"] == newest)), None)

    async def _move(self, customer_id: str, origin: Shard, owner: Shard) -> None:
        """Bring the customer here from a former owner. Any step may be repeated."""
        closed = {"map_version": self.version, "moved": self.version}
        await origin.write(put((customer_id, HEAD), closed, "attribute_exists(map_version)"))
        entries = [item for item in await origin.partition(customer_id) if item["entry"] != HEAD]
        for item in entries:
            older = "attribute_not_exists(version) OR version < :copied"  # left behind by an earlier stay
            copied = put((customer_id, item["entry"]), item, older, {":copied": item["version"]})
            with suppress(RefusedError):  # another server has copied it, or the customer has changed it here since
                await owner.write(copied)
        await self._make_head(customer_id, owner)
        log.event("customer moved", entries=len(entries), shard=owner.name)

    async def _make_head(self, customer_id: str, owner: Shard) -> None:
        """Only under our own fence, and only once; who loses the race finds the head that the other made."""
        fence = check(FENCE, "version = :mine", {":mine": self.version})
        mine = {"map_version": self.version}
        head = put((customer_id, HEAD), mine, _NOT_HERE, {":mine": self.version})
        try:
            await owner.write(fence, head)
        except RefusedError:
            return
