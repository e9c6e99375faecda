"""Say in one shape what a run of an engine did, whichever engine it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engines.data_loss import Loss
from engines.graph import Graph
from engines.touched import Touch

KINDS = ("create", "update", "replace", "delete", "same")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One of the updates that a change takes; nearly every change takes one."""

    changes: dict[str, int]
    """How many of each of KINDS."""
    created: list[str]
    updated: list[str]
    replaced: list[str]
    deleted: list[str]
    """URNs of custom resources."""
    waiting: list[str] = []
    """What of the change is left to a later update, and why, as sentences."""
    order: list[str] = []
    """Of a preview: what happens to each component, in the order in which the engine does it."""
    minutes: int = 0
    """Of a preview: about how long the longest chain takes on AWS."""
    longest: list[str] = []
    """Of a preview: that chain."""


def step(kinds: Mapping[str, str], waiting: Sequence[str] = ()) -> Step:
    """The update that does *kinds*, URN -> one of KINDS."""
    urns = {kind: [urn for urn, found in kinds.items() if found == kind] for kind in KINDS}
    return Step(
        changes={kind: len(urns[kind]) for kind in KINDS},
        created=urns["create"],
        updated=urns["update"],
        replaced=urns["replace"],
        deleted=urns["delete"],
        waiting=list(waiting),
    )


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to the custom resources (components, providers and the stack itself are not counted)."""

    changes: dict[str, int]
    """How many of each of KINDS; a replaced resource counts once."""
    replaced: list[str]
    """URNs, in the order in which it happened."""
    deleted: list[str]
    """URNs of what is gone for good; the old half of a replacement is not among them."""
    data: list[Loss]
    """What held data and was replaced or deleted: with `preview`, what would be. By URN: deletions have no order."""
    touched: list[Touch] = []
    """What holds data, or says how one is run, and was changed in place: with `preview`, what would be. By URN."""
    steps: list[Step] = []
    """The updates that it took or takes, one after the other; of `up` and `preview`."""
    kept: list[str] = []
    """What the program no longer wants and stays nevertheless, with what is to be done about it."""
    advice: list[str] = []
    """What AWS does not do by itself: what waits for a reboot or a maintenance window."""
    outputs: dict[str, Any]
    """The stack's exports, secrets shown as `[secret]`; what a preview cannot know yet is left out."""
    seconds: float

    @property
    def is_unchanged(self) -> bool:
        """Whether everything was already as the program wants it."""
        return not any(count for kind, count in self.changes.items() if kind != "same")


def from_empty(graph: Graph, outputs: dict[str, Any], seconds: float) -> Outcome:
    """What a run into an empty account did: everything is new."""
    made = step({resource.urn: "create" for resource in graph.resources if resource.custom})
    return Outcome(
        changes=made.changes,
        replaced=[],
        deleted=[],
        data=[],
        steps=[made],
        outputs=outputs,
        seconds=round(seconds, 3),
    )
