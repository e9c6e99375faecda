"""Answer a program's questions to an account that is not there: texts of the right shape that no rule judges."""

from __future__ import annotations

import importlib
import json
import keyword
import re
import typing
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any

from pulumi import _types as sdk  # no public way leads from a result's class to its properties; pulumi is pinned

KNOWN_TO_THE_ACCOUNT = "known-to-the-account-only"
"""Stands in every text of an answer: what holds it is not known to the rules."""
ENTRIES = 3
"""How long a list is: as many as the availability zones that programs count on."""
POLICY_DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"


def answer(token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What the data source *token* of pulumi_aws returns; empty for one of another package."""
    found = {name: value for name, type_ in _properties(_result(token)) if (value := _made(name, type_)) is not None}
    if token == POLICY_DOCUMENT:
        found["json"] = found["minifiedJson"] = policy_document(arguments)
    return {**found, **arguments}


def policy_document(arguments: Mapping[str, Any]) -> str:
    """What get_policy_document makes of its statements, as the provider does without asking AWS.

    Source: https://www.pulumi.com/registry/packages/aws/api-docs/iam/getpolicydocument/
    """
    if arguments.get("sourcePolicyDocuments") or arguments.get("overridePolicyDocuments"):
        return f"merged-{KNOWN_TO_THE_ACCOUNT}"
    statements = [_statement(each) for each in arguments.get("statements", [])]
    return json.dumps({"Version": arguments.get("version", "2012-10-17"), "Statement": statements})


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": given.get("effect", "Allow")}
    for name in ("sid", "actions", "notActions", "resources", "notResources"):
        if given.get(name):
            made[f"{name[0].upper()}{name[1:].removesuffix('s')}"] = given[name]
    for name in ("principals", "notPrincipals"):
        for each in given.get(name, []):
            of_kind = made.setdefault(f"{name[0].upper()}{name[1:-1]}", {})
            of_kind.setdefault(each["type"], []).extend(each["identifiers"])
    for each in given.get("conditions", []):
        made.setdefault("Condition", {}).setdefault(each["test"], {})[each["variable"]] = each["values"]
    return made


def _result(token: str) -> Any:
    package, module, name = token.replace("/", ":").split(":")[:3] if token.count(":") == 2 else ("", "", "")
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    within = [] if module == "index" else [f"{module}_" if keyword.iskeyword(module) else module]
    path = ".".join(["pulumi_aws", *within, snake])
    try:
        return (
            getattr(importlib.import_module(path), f"{name[:1].upper()}{name[1:]}Result") if package == "aws" else None
        )
    except (ImportError, AttributeError):
        return None


def _properties(class_: Any) -> Iterator[tuple[str, Any]]:
    yield from sdk.output_type_types(class_).items() if class_ else ()


def _made(name: str, type_: Any) -> Any:
    """A value of *type_*; None for what may be absent, and for numbers and flags, of which none stands for unknown."""
    origin, of = typing.get_origin(type_), typing.get_args(type_)
    if origin in (typing.Union, UnionType):
        return None
    if type_ is str:
        return f"{name}-{KNOWN_TO_THE_ACCOUNT}"
    if sdk.is_output_type(type_):
        return {each: value for each, of_it in _properties(type_) if (value := _made(each, of_it)) is not None}
    if origin is not None and issubclass(origin, Mapping):
        return {}
    return [_made(f"{name}-{position}", of[0]) for position in range(ENTRIES)] if of else None
