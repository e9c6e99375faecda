"""Say how a resource would get from what it is to what is asked for: nothing, a change in place, or a replacement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pulumi.runtime.proto import provider_pb2

from components import names
from offline import naming, replacement, sameness, suppression

_KINDS = provider_pb2.PropertyDiff
ADDED, REMOVED, CHANGED = "ADD", "DELETE", "UPDATE"


class Change(NamedTuple):
    """One property that differs."""

    path: str
    kind: str
    replaces: bool


def changes(token: str, state: Mapping[str, Any], olds: Mapping[str, Any], news: Mapping[str, Any]) -> Iterator[Change]:
    """Every difference between the inputs *olds* and *news*, both in clear, that is one to AWS.

    None is: a value that AWS itself chose and that is no longer asked for, one that is newly asked for and is what the
    account holds anyway, as *state* says, and one that the AWS provider passes over.
    """
    for path, old, new in sameness.changes(dict(olds), dict(news)):
        fact_path = re.sub(r"\[\d+\]", "", path)
        top = path.partition(".")[0].partition("[")[0]
        if new is None and replacement.computed(token, fact_path):
            continue
        if top not in olds and top in state and sameness.held(news[top], state[top]):
            continue
        if suppression.suppressed(token, path, state.get(path, old), news):
            continue
        kind = ADDED if old is None else REMOVED if new is None else CHANGED
        yield Change(path, kind, replacement.replaces(token, fact_path, old, new))


def response(urn: str, found: list[Change], olds: Mapping[str, Any], news: Mapping[str, Any]) -> Any:
    """Spell *found* for the engine. A replaced resource of a fixed name must go before its successor can have it."""
    replaced = [change for change in found if change.replaces]
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=[_top(change.path) for change in replaced],
        diffs=sorted({_top(change.path) for change in found}),
        detailedDiff={change.path: _detail(change) for change in found},
        hasDetailedDiff=True,
        deleteBeforeReplace=bool(replaced) and keeps_fixed_name(urn, olds, news),
    )


def keeps_fixed_name(urn: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Say whether the resource is called the same before and after, by the program's own choice."""
    rule = names.RULES.get(naming.parts(urn).type)
    if rule is None or not news.get(rule.property) or naming.is_automatic(urn, news):
        return False
    return olds.get(rule.property) == news[rule.property]


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _detail(change: Change) -> Any:
    kind = f"{change.kind}_REPLACE" if change.replaces else change.kind
    return provider_pb2.PropertyDiff(kind=_KINDS.Kind.Value(kind), inputDiff=True)
