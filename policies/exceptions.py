"""Accept findings for a while, visibly: each exception names its rule, resource, reason and last day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policies.rule import Finding

FILE = Path(__file__).with_name("exceptions.toml")
FIELDS = {"rule": str, "resource": str, "reason": str, "expires": date}


class ExceptionsError(ValueError):
    """The file of exceptions cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One finding that is accepted until the end of a day."""

    rule: str
    resource: str
    reason: str
    expires: date

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding that is accepted."""
        return (finding.rule.id, finding.resource.name) == (self.rule, self.resource)

    def __str__(self) -> str:
        return f"exception of {self.rule} for {self.resource!r} ({self.reason})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Findings after the exceptions: what is left, what was accepted, and what is wrong with the exceptions."""

    left: list[Finding]
    accepted: list[Finding]
    complaints: list[str]


def read(path: Path = FILE, *, known: Iterable[str]) -> list[Exemption]:
    """The exceptions in *path*; ExceptionsError where one lacks a field, has another, or names no rule of *known*."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ExceptionsError(f"{path.name} is no TOML: {error}. Fix: {path}") from error
    rules = set(known)
    return [_exemption(each, rules, path) for each in written.get("exception", [])]


def _exemption(fields: dict[str, Any], rules: set[str], path: Path) -> Exemption:
    wrong = [name for name, kind in FIELDS.items() if type(fields.get(name)) is not kind or not fields[name]]
    if wrong or fields.keys() - FIELDS:
        raise ExceptionsError(
            f"an exception has {', '.join(sorted(fields))}; allowed: rule, resource, reason as texts and expires as a"
            f" date such as 2027-01-31. Fix: {', '.join([*wrong, *sorted(fields.keys() - FIELDS)])} in {path}"
        )
    if fields["rule"] not in rules:
        raise ExceptionsError(
            f"an exception's rule is {fields['rule']!r}; allowed: an id that `bigpicture rules` lists. Fix: {path}"
        )
    return Exemption(**fields)


def sort(findings: Sequence[Finding], exemptions: Sequence[Exemption], today: date, *, all_seen: bool) -> Sorted:
    """Set aside what is accepted on *today*; an exception that covers nothing is told when *all_seen* stacks are."""
    valid = [each for each in exemptions if today <= each.expires]
    accepted = [each for each in findings if any(exemption.covers(each) for exemption in valid)]
    over = [f"{each} ended on {each.expires}. Fix: mend the resource, or argue for another date" for each in exemptions
            if today > each.expires]  # fmt: skip
    unused = [f"{each} covers no finding. Fix: delete it" for each in valid
              if all_seen and not any(each.covers(finding) for finding in findings)]  # fmt: skip
    return Sorted(
        left=[each for each in findings if each not in accepted], accepted=accepted, complaints=[*over, *unused]
    )
