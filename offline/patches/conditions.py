"""Decides whether a resource's policy lets a service of AWS in, as far as the policies of the store go."""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any


def admits(policy: str | None, service: str, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """Tell whether *service* may do *action*: something allows it and nothing denies it.

    *context* holds the condition keys of the request, such as aws:SourceArn. A condition on another key, or with an
    operator that is not known here, is not met.
    """
    statements = json.loads(policy)["Statement"] if policy else []
    applying = [
        statement
        for statement in (statements if isinstance(statements, list) else [statements])
        if _names(statement, service, action, resource) and _is_met(statement.get("Condition", {}), context)
    ]
    effects = {statement["Effect"] for statement in applying}
    return "Allow" in effects and "Deny" not in effects


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _names(statement: Mapping[str, Any], service: str, action: str, resource: str) -> bool:
    principal = statement.get("Principal", "*")
    who = ["*"] if principal == "*" else _listed(principal.get("Service", [])) + _listed(principal.get("AWS", []))
    return (
        ("*" in who or service in who)
        and any(fnmatchcase(action.lower(), each.lower()) for each in _listed(statement.get("Action", [])))
        and any(fnmatchcase(resource, each) for each in _listed(statement.get("Resource", "*")))
    )


def _is_met(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), _listed(wanted))
        for operator, tests in condition.items()
        for key, wanted in tests.items()
    )


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    plain = operator.removesuffix("IfExists")
    if value is None:
        return plain != operator or "Not" in plain
    negated, positive = "Not" in plain, plain.replace("Not", "")
    if positive in ("StringEquals", "ArnEquals", "ArnLike", "StringLike"):
        wild = positive != "StringEquals"
        found = any(fnmatchcase(value, each) if wild else value == each for each in wanted)
        return found != negated
    return positive == "Bool" and value.lower() in {each.lower() for each in wanted}
