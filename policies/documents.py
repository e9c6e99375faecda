"""Read IAM policy documents: their statements with every field as a list, and what they allow whom."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REGION = re.compile(r"\.[a-z]{2}(?:-[a-z]+)+-[0-9]\.(?=amazonaws\.com$)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy, its one-or-many fields made lists."""

    effect: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    """Pairs such as ("Service", "sns.amazonaws.com"); ("AWS", "*") for everybody."""
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(operator, key in lower case, values)."""

    @property
    def allows(self) -> bool:
        """Whether it grants; the other kind denies."""
        return self.effect == "Allow"

    def covers(self, action: str) -> bool:
        """Whether *action*, such as sqs:SendMessage, is one of its actions."""
        return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)

    def names_service(self, service: str) -> bool:
        """Whether the principal *service*, such as sns.amazonaws.com, is meant, by whichever of its names."""
        named = {service_of(name) for kind, name in self.principals if kind == "Service"}
        return bool(named & {service, "*"}) or ("AWS", "*") in self.principals

    def condition(self, key: str) -> tuple[str, ...]:
        """Every value that a condition compares *key* to, such as aws:SourceArn."""
        return tuple(value for _, name, values in self.conditions if name == key.lower() for value in values)


def statements(document: Mapping[str, Any]) -> Iterator[Statement]:
    """The statements of a parsed policy document."""
    for each in _listed(document.get("Statement")):
        if isinstance(each, Mapping):
            yield Statement(
                effect=str(each.get("Effect", "")),
                actions=_texts(each.get("Action")),
                not_actions=_texts(each.get("NotAction")),
                resources=_texts(each.get("Resource")),
                principals=tuple(_principals(each.get("Principal"))),
                conditions=tuple(_conditions(each.get("Condition"))),
            )


def service_of(principal: str) -> str:
    """Which service goes by this name in a region or a partition, such as sns.eu-south-1.amazonaws.com.

    A service calls by the name of its region from one that is opted into, and some do so everywhere:
    https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
    """
    return re.sub(REGION, ".", principal.removesuffix(".cn"))


@dataclass(frozen=True, slots=True)
class Retained:
    """What a policy document allowed before, and goes on allowing beside what takes its place."""

    text: str

    def beside(self, wanted: str) -> str:
        """*wanted*, which also allows what it lacks of this."""
        document = json.loads(wanted)
        more = list(lacking(json.loads(self.text), document))
        return json.dumps({**document, "Statement": [*_listed(document.get("Statement")), *more]}) if more else wanted


def lacking(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What *before* allows, as far as no one statement of *after* does."""
    for each in _listed(before.get("Statement")):
        if each.get("Effect") != "Allow":
            continue
        wider = [other for other in _listed(after.get("Statement")) if _as_wide(other, each)]
        still = {resource for other in wider for resource in _texts(other.get("Resource"))}
        gone = [resource for resource in _texts(each.get("Resource")) if resource not in still]
        if gone or ("Resource" not in each and not wider):
            yield {**each, "Resource": gone} if gone else dict(each)


def _as_wide(other: Mapping[str, Any], each: Mapping[str, Any]) -> bool:
    """Whether *other* is the same statement, but for its resources and for actions that it has more."""
    free = {"Sid", "Action", "Resource"}
    actions = set(_texts(each.get("Action"))) <= set(_texts(other.get("Action")))
    return actions and {k: v for k, v in other.items() if k not in free} == {
        k: v for k, v in each.items() if k not in free
    }


def _principals(principal: Any) -> Iterator[tuple[str, str]]:
    if isinstance(principal, Mapping):
        for kind, names in principal.items():
            yield from ((str(kind), name) for name in _texts(names))
    elif principal is not None:
        yield ("AWS", str(principal))


def _conditions(condition: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, keys in (condition or {}).items():
        for key, values in keys.items():
            yield str(operator), str(key).lower(), _texts(values)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in _listed(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
