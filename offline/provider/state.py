"""Turn what a handler reads into what the engine keeps: the state of a resource, and the inputs that match it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline import replacement, sameness, wire
from offline.handler import REGION, Handler, Properties
from offline.provider import metadata

NOTHING: tuple[Any, ...] = (None, "", False, 0, [], {})
"""What a property without a value may look like when it is read."""


def held(handler: Handler, inputs: Mapping[str, Any], found: Properties) -> Properties:
    """*inputs* (in clear or marked) as the account holds them: other only where it was changed behind the program."""
    told: Properties = {}
    for name, value in inputs.items():
        if name not in handler.emulates or sameness.held(wire.reveal(value), found.get(name)):
            told[name] = value
        elif found.get(name) is not None:
            told[name] = wire.secret(found[name]) if wire.holds_secret(value) else found[name]
    return told


def imported(handler: Handler, found: Properties) -> Properties:
    """The inputs that would have made a resource that nobody here made."""
    asked_for = {name: value for name, value in found.items() if value not in NOTHING}
    return {
        name: value
        for name, value in asked_for.items()
        if name in handler.emulates and handler.defaults.get(name) != value
    }


def foreseen(token: str, inputs: Mapping[str, Any]) -> Properties:
    """The state of a resource that a preview would make: what is asked for, and unknown all that AWS will choose."""
    asked = metadata.inputs_of(token)
    chosen = {
        name: wire.UNKNOWN
        for name in metadata.outputs_of(token) - {REGION}
        if name not in asked or replacement.computed(token, name)
    }
    return {**chosen, **inputs}


def foreseen_change(
    handler: Handler, state: Mapping[str, Any], olds: Mapping[str, Any], news: Mapping[str, Any]
) -> Any:
    """The state after a change in place that a preview would make."""
    kept = {name: value for name, value in state.items() if name not in olds or name in news}
    changed = {name for name in handler.emulates - {"tags"} if olds.get(name) != news.get(name)}
    after = {**kept, **news, **(dict.fromkeys(handler.moves, wire.UNKNOWN) if changed else {})}
    if "tagsAll" in state and "tags" in {*olds, *news}:
        after["tagsAll"] = news.get("tags", {})
    return after


def secrets(state: Properties, marked: Mapping[str, Any], known: Mapping[str, Any]) -> frozenset[str]:
    """Top-level keys of *state* that are secret: those that were, and those in which a secret's text turns up again."""
    were = frozenset(name for name, value in known.items() if wire.holds_secret(value))
    return (wire.tainted(state, dict(marked)) | were) & state.keys()
