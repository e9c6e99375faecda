"""Say in one shape what a run of an engine did, whichever engine it was."""

from __future__ import annotations

from typing import Any

import msgspec

from engines.data_loss import Loss
from engines.graph import Graph

KINDS = ("create", "update", "replace", "delete", "same")


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
    made = sum(resource.custom for resource in graph.resources)
    changes = dict.fromkeys(KINDS, 0) | {"create": made}
    return Outcome(changes=changes, replaced=[], deleted=[], data=[], outputs=outputs, seconds=round(seconds, 3))
