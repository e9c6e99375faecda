"""Decide how many servers a target-tracking policy wants, from what its metric was minute by minute."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

OUT_AFTER, IN_AFTER = 3, 15
"""Minutes in a row after which the policy's two alarms ring, as `DescribeAlarms` shows those that AWS makes."""
IN_BELOW = 0.9
"""Share of the target under which the lower alarm counts: the gap keeps the size from swinging."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How big a group is, and how big it may be."""

    desired: int
    minimum: int
    maximum: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracked:
    """One policy and what it saw."""

    target: float
    values: Sequence[float | None]
    """Of the last minutes, the newest last; None is a minute without a datapoint, which rings no alarm."""
    warm: int
    """Servers whose load counts: in service for the policy's warm-up time."""
    scales_in: bool = True


def wanted(size: Size, policies: Sequence[Tracked]) -> int:
    """How many servers the group is to have.

    Out as soon as any policy asks for it, in only when all that may scale in agree, and never while a server warms up
    (Auto Scaling User Guide, "Target tracking scaling policies": multiple policies, instance warmup).
    """
    out = [_proportional(each) for each in policies if _rings(each.values, OUT_AFTER, each.target, above=True)]
    if out and max(out) > size.desired:
        return min(max(out), size.maximum)
    shrinking = [each for each in policies if each.scales_in]
    quiet = [_rings(each.values, IN_AFTER, each.target * IN_BELOW, above=False) for each in shrinking]
    if not shrinking or not all(quiet) or any(each.warm < size.desired for each in shrinking):
        return size.desired
    return min(size.desired, max(size.minimum, *(_proportional(each) for each in shrinking)))


def _rings(values: Sequence[float | None], count: int, threshold: float, *, above: bool) -> bool:
    last = values[-count:]
    return len(last) == count and all(
        each is not None and (each > threshold if above else each < threshold) for each in last
    )


def _proportional(policy: Tracked) -> int:
    """As many servers as bring the metric to its target, rounded up: AWS rather has one too many."""
    return math.ceil(policy.warm * (policy.values[-1] or 0) / policy.target)
