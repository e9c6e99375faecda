"""Carry an instance refresh on, step by step: how many may be launched and taken out now, and when it pauses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALL = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a refresh is."""

    desired: int
    total: int
    """Instances to replace, when it began."""
    old: int
    """Of those, how many serve still."""
    young: int
    """All others: launched since, or not in need of it."""
    warm: int
    """Of the young, how many are healthy and in service for the warm-up time."""
    limit: int
    """How many may be replaced until the next checkpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What may happen now."""

    launch: int = 0
    leave: int = 0
    done: bool = False
    checkpoint: bool = False
    """A share that the preferences name is replaced, and the rest is not."""


def step(now: Progress, preferences: Mapping[str, Any]) -> Step:
    """The next step (Auto Scaling User Guide, "How an instance refresh works in an Auto Scaling group").

    With a maximum over 100 % new ones come first; else room is made first, by one at least.
    """
    if not now.old and now.warm == now.young >= now.desired:
        return Step(done=True)
    least, most = _bounds(now.desired, preferences)
    replaced, matching = now.total - now.old, max(now.desired - now.total, 0)
    leave = max(0, min(now.old + now.warm - least, now.old, now.limit - replaced))
    launch = max(0, min(most - now.old - now.young, now.limit - (now.young - matching)))
    return Step(launch=launch, leave=leave, checkpoint=min(replaced, now.warm - matching) >= now.limit)


def _bounds(desired: int, preferences: Mapping[str, Any]) -> tuple[int, int]:
    """Fewest healthy and most servers meanwhile; AWS's default is 90 % and 100 %."""
    low, high = preferences.get("MinHealthyPercentage", 90), preferences.get("MaxHealthyPercentage", ALL)
    if high <= ALL:
        return min(math.ceil(desired * low / ALL), desired - 1), desired
    return math.ceil(desired * low / ALL), max(desired * high // ALL, desired + 1)


def limit(total: int, passed: int, preferences: Mapping[str, Any]) -> int:
    """How many of *total* may be replaced once *passed* checkpoints are behind."""
    percents: Sequence[int] = preferences.get("CheckpointPercentages") or [ALL]
    return math.ceil(total * percents[passed] / ALL) if passed < len(percents) else total
