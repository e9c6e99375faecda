"""The form of a rule: a small function with its reason, source and fix, and the finding that it leads to."""

from __future__ import annotations

import builtins
import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policies.boxes import box_of, box_of_rule
from policies.resource import Origin, Resource
from policies.stack import Stack
from policies.values import MISSING, UNKNOWN, Fault, UnknownValueError

ResourceCheck = Callable[[Resource], Iterator[Fault]]
ChangeCheck = Callable[[Resource, Resource], Iterator[Fault]]
HandoverCheck = Callable[[Resource, "Change"], Iterator[Fault]]
StackCheck = Callable[[Resource, Stack], Iterator[Fault]]
SHOWN = 80
"""Longest value, in characters, that a message repeats."""


class Severity(StrEnum):
    """What happens when the rule is broken."""

    MANDATORY = "mandatory"
    """AWS refuses it or drops it in silence, or data, money or a secret is at risk: nothing is deployed."""
    ADVISORY = "advisory"
    """Good sense: it is said, and the deployment goes on."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is deployed, and what is to take its place."""

    deployed: Stack
    wanted: Stack
    rolling: frozenset[str] = frozenset()
    """URNs of the deployed groups of which the account says that they run old servers, which use nobody knows what."""


class RuleError(Exception):
    """A rule itself failed: a defect of the rule, never of the program that it looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Its id is the name of its function, its reason the function's docstring."""

    id: str
    types: tuple[str, ...]
    reason: str
    source: str
    fix: str
    severity: Severity
    check: Callable[[Resource, Any], Iterator[Fault]]
    """Of a stack's rule, with the stack; of a rule of change, with the Change."""
    across: bool
    """Whether it needs the whole stack; otherwise one resource is enough."""

    @property
    def box(self) -> str:
        """The box of the picture that it is about."""
        return box_of_rule(self.types)

    def faults(self, resource: Resource, around: Stack | Change) -> Iterator[Finding]:
        """Every finding of this rule about *resource*; what is not known yet ends the rule."""
        try:
            for fault in self.check(resource, around):
                yield Finding(
                    rule=self,
                    resource=resource.origin,
                    property=fault.property,
                    got=_shown(fault, resource),
                    allowed=fault.allowed,
                    fix=fault.fix or self.fix,
                    meanwhile=fault.meanwhile,
                )
        except UnknownValueError:
            return
        except Exception as error:
            raise RuleError(f"rule {self.id} failed on {resource!r} ({resource.origin.source}): {error!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One property of one resource that breaks one rule."""

    rule: Rule
    resource: Origin
    property: str
    got: str
    allowed: str
    fix: str
    meanwhile: Mapping[str, Any] | None = None
    """Of a change: the resource's properties in an update before, which makes this one possible; None: none does."""

    @builtins.property
    def box(self) -> str:
        """The box of the picture that its resource stands in."""
        return box_of(self.resource.type)

    def __str__(self) -> str:
        where = f"{self.resource.type} {self.resource.name!r}"
        return f"{where}: {self.property} is {self.got}; allowed: {self.allowed}. Fix: {self.fix}"


def resource_rule(
    *types: str, source: str, fix: str, severity: Severity = Severity.MANDATORY
) -> Callable[[ResourceCheck], Rule]:
    """Make a rule of a function that needs to see one resource of *types* only."""

    def decorate(check: ResourceCheck) -> Rule:
        def alone(resource: Resource, _stack: Stack) -> Iterator[Fault]:
            return check(resource)

        return Rule(
            **_described(check), types=types, source=source, fix=fix, severity=severity, check=alone, across=False
        )

    return decorate


def stack_rule(
    *types: str, source: str, fix: str, severity: Severity = Severity.MANDATORY
) -> Callable[[StackCheck], Rule]:
    """Make a rule of a function that sees one resource of *types* at a time, and the stack that it stands in."""

    def decorate(check: StackCheck) -> Rule:
        return Rule(
            **_described(check), types=types, source=source, fix=fix, severity=severity, check=check, across=True
        )

    return decorate


def change_rule(
    *types: str, source: str, fix: str, severity: Severity = Severity.MANDATORY
) -> Callable[[ChangeCheck], Rule]:
    """Make a rule of a function that sees a resource as it is deployed, and as it is wanted."""

    def decorate(check: ChangeCheck) -> Rule:
        def against(resource: Resource, change: Change) -> Iterator[Fault]:
            old, new = (side.by_urn(resource.urn) for side in (change.deployed, change.wanted))
            return check(old, new) if old is not None and new is not None else iter(())

        return Rule(
            **_described(check), types=types, source=source, fix=fix, severity=severity, check=against, across=True
        )

    return decorate


def handover_rule(
    *types: str, source: str, fix: str, severity: Severity = Severity.MANDATORY
) -> Callable[[HandoverCheck], Rule]:
    """Make a rule of a function that sees a resource as it is deployed, whether it stays or goes, and the change."""

    def decorate(check: HandoverCheck) -> Rule:
        def standing(resource: Resource, change: Change) -> Iterator[Fault]:
            old = change.deployed.by_urn(resource.urn)
            return check(old, change) if old is not None else iter(())

        return Rule(
            **_described(check), types=types, source=source, fix=fix, severity=severity, check=standing, across=True
        )

    return decorate


def _described(written: Callable[..., Any]) -> dict[str, str]:
    return {
        "id": written.__name__.replace("_", "-"),
        "reason": inspect.cleandoc(written.__doc__ or "").replace("\n", " "),
    }


def _shown(fault: Fault, resource: Resource) -> str:
    """The value as a message may show it: never a secret's, never a whole document."""
    if re.split(r"[.\[]", fault.property)[0] in resource.secrets:
        return "[secret]"
    if fault.got is None or fault.got is MISSING:
        return "not set"
    if fault.got is UNKNOWN:
        return "not known yet"
    text = json.dumps(fault.got, default=repr, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
