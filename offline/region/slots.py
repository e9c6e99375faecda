"""Say which shard of a cache owns which slots, and move them, with their keys, between shards that run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from offline.region.process import RegionError
from offline.region.valkey_node import ValkeyNode

SLOTS = 16_384
ENDED = {"success", "failed", "cancelled"}
"""States of a migration that is over (https://valkey.io/commands/cluster-getslotmigrations/)."""


class Move(NamedTuple):
    """The slots from *first* to *last* go from one shard to another."""

    first: int
    last: int
    source: int
    target: int


def begin_and_end(shard: int, shards: int) -> tuple[int, int]:
    """The first slot of a shard, and the first after it: every shard has as many, but for one."""
    return SLOTS * shard // shards, SLOTS * (shard + 1) // shards


def moves(owned: Iterable[tuple[int, int, int]], shards: int) -> Iterator[Move]:
    """What must move until the first *shards* own equal parts; *owned* is first slot, last slot, shard."""
    for first, last, source in owned:
        for target in range(shards):
            begin, end = begin_and_end(target, shards)
            low, high = max(first, begin), min(last, end - 1)
            if low <= high and source != target:
                yield Move(low, high, source, target)


def move_slots(primaries: Mapping[int, ValkeyNode], shards: int) -> None:
    """Give each of the first *shards* an equal part, and return once all know it; RegionError where one refuses.

    *primaries* is shard -> its primary, of those too that are to give all away.
    """
    owned = [row for shard, node in primaries.items() for row in _seen(node, primaries) if row[2] == shard]
    for move in list(moves(owned, shards)):
        _move(move, primaries[move.source], primaries[move.target])
    for node in primaries.values():
        node.wait_until(lambda node=node: not list(moves(_seen(node, primaries), shards)))


def _move(move: Move, source: ValkeyNode, target: ValkeyNode) -> None:
    """Slots with their keys, while clients go on (https://valkey.io/commands/cluster-migrateslots/)."""
    source.ask("CLUSTER MIGRATESLOTS", "SLOTSRANGE", move.first, move.last, "NODE", target.place.id)
    source.wait_until(lambda: all(each["state"] in ENDED for each in _migrations(source)))
    newest = max(_migrations(source), key=lambda each: each["create_time"])
    if newest["state"] != "success":
        raise RegionError(
            f"slots {move.first} to {move.last} of {source.place.name} stay: {newest['message']}; allowed: a move to"
            f" {target.place.name}. Fix: read the log beside either's valkey.conf"
        )


def _migrations(node: ValkeyNode) -> list[dict[str, str]]:
    return [dict(zip(row[::2], row[1::2], strict=True)) for row in node.ask("CLUSTER GETSLOTMIGRATIONS")]


def _seen(node: ValkeyNode, primaries: Mapping[int, ValkeyNode]) -> list[tuple[int, int, int]]:
    """First slot, last slot, shard: as *node* sees it."""
    shards = {each.place.id: shard for shard, each in primaries.items()}
    rows = node.ask("CLUSTER SLOTS")
    return [(first, last, shards[primary[2]]) for first, last, primary, *_replicas in rows]
