"""Work out in which order an update goes through its resources, and how long its longest chain takes on AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engines.work import Work
from stacks.durations import FLEET, ROLLOUT_MIN, minutes

ROLLOUT = "wait until all servers are new"


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The order of one update, and its estimated duration."""

    order: list[str]
    """What happens to each component, in the order in which the engine can begin; equals by name, deletions last."""
    minutes: int
    """Of the longest chain of what waits for what: an estimate, whole and about."""
    longest: list[str]
    """That chain: resource, what is done to it, its minutes. What takes seconds is left out."""


def course(works: Sequence[Work], *, after_rollout: bool = False) -> Course:
    """The course of an update; *works* stand in the order in which a program registers them, needs first.

    *after_rollout* says that it begins only when an instance refresh has given every fleet new servers.

    The engine makes and changes what it can at the same time, a resource when all that it needs is done. Then it
    deletes, a resource when all that needed it has gone.
    """
    going = [each for each in works if each.kind == "delete"]
    standing = [each for each in works if each.kind != "delete"]
    forward = _Ends(standing, {each.urn: each.needs for each in standing})
    needed_by: dict[str, list[str]] = {}
    for each in going:
        for need in each.needs:
            needed_by.setdefault(need, []).append(each.urn)
    backward = _Ends(list(reversed(going)), needed_by)
    waits = [(ROLLOUT, ROLLOUT_MIN)] if after_rollout else []
    return Course(
        order=[*(line for line, _ in waits), *_lines(standing, forward), *_lines(list(reversed(going)), backward)],
        minutes=sum(taken for _, taken in waits) + forward.total + backward.total,
        longest=[*(f"{line} {taken}" for line, taken in waits), *forward.longest(), *backward.longest()],
    )


class _Ends:
    """When each resource is done, in minutes from the beginning, and in steps of what waits for what."""

    def __init__(self, works: Sequence[Work], waits: Mapping[str, Iterable[str]]) -> None:
        self.depth: dict[str, int] = {}
        self._end: dict[str, int] = {}
        self._after: dict[str, str] = {}
        self._works = {each.urn: each for each in works}
        for each in works:
            before = [urn for urn in waits.get(each.urn, ()) if urn in self._end]
            last = max(before, key=lambda urn: (self._end[urn], urn), default="")
            self._after[each.urn] = last
            self._end[each.urn] = self._end.get(last, 0) + minutes(each.type, each.kind, each.inputs)
            self.depth[each.urn] = max((self.depth[urn] for urn in before), default=0) + (each.kind != "same")
        self.total = max(self._end.values(), default=0)

    def longest(self) -> list[str]:
        urn = max((urn for urn, end in self._end.items() if end == self.total), default="")
        chain = []
        while urn:
            work = self._works[urn]
            taken = minutes(work.type, work.kind, work.inputs)
            if taken:
                chain.append(f"{work.kind} {urn.rsplit('::', 1)[1]} {taken}")
            urn = self._after[urn]
        return list(reversed(chain))


def _lines(works: Sequence[Work], ends: _Ends) -> list[str]:
    """One line a component, by the step in which the last of it is done: that is when others may go on."""
    boxes: dict[str, list[Work]] = {}
    for each in works:
        if each.kind != "same":
            boxes.setdefault(each.box, []).append(each)
    ordered = sorted(boxes.items(), key=lambda item: (max(ends.depth[each.urn] for each in item[1]), item[0]))
    return [_line(box, changed) for box, changed in ordered]


def _line(box: str, works: Sequence[Work]) -> str:
    kinds = {each.kind: sum(other.kind == each.kind for other in works) for each in works}
    done = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    healthy = any(each.type == FLEET and each.kind == "create" for each in works)
    return f"{box}: {done}{', and wait until its servers are healthy' if healthy else ''}"
