"""Accept findings for a while, visibly: each exception names its rule, resource, reason and last day."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policies.resource import current
from policies.rule import Finding, Rule

NAME = "exceptions.toml"
FILE = Path(__file__).with_name(NAME)
"""Those of the store; another program has a file of that name beside its Pulumi.yaml."""
REQUIRED = {"rule": str, "resource": str, "reason": str, "expires": date}
OPTIONAL = {"stack": str, "type": str}


class ExceptionsError(ValueError):
    """The file of exceptions cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One finding that is accepted until the end of a day."""

    rule: str
    resource: str
    reason: str
    expires: date
    stack: str = ""
    """The one stack in which it is accepted; empty: in all of the program's."""
    type: str = ""
    """Of the resource, where several have its name; empty: any."""

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding that is accepted."""
        return (
            (finding.rule.id, finding.resource.name) == (self.rule, self.resource)
            and self.stack in ("", finding.resource.stack)
            and current(self.type) in ("", current(finding.resource.type))
        )

    def __str__(self) -> str:
        where = f" in {self.stack}" if self.stack else ""
        return f"exception of {self.rule} for {f'{self.type} {self.resource!r}'.strip()}{where} ({self.reason})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Findings after the exceptions: what is left, what was accepted, and what is wrong with the exceptions."""

    left: list[Finding]
    accepted: list[Finding]
    complaints: list[str]


def read(path: Path = FILE, *, rules: Iterable[Rule], stacks: Collection[str] = ()) -> list[Exemption]:
    """The exceptions in *path*, none where there is no such file.

    ExceptionsError where one lacks a field or has another, or names a rule, type or stack that is none of *rules* or
    *stacks*; without *stacks* any stack may be named.
    """
    if not path.is_file():
        return []
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ExceptionsError(f"{path.name} is no TOML: {error}. Fix: {path}") from error
    if written.keys() - {"exception"}:
        raise ExceptionsError(f"{path.name} has {', '.join(sorted(written))}; allowed: [[exception]]. Fix: {path}")
    by_id = {rule.id: rule for rule in rules}
    return [_exemption(each, by_id, stacks, path) for each in written.get("exception", [])]


def _exemption(fields: dict[str, Any], rules: Mapping[str, Rule], stacks: Collection[str], path: Path) -> Exemption:
    expected = REQUIRED | {name: kind for name, kind in OPTIONAL.items() if name in fields}
    wrong = [name for name, kind in expected.items() if type(fields.get(name)) is not kind or not fields[name]]
    foreign = sorted(fields.keys() - {*REQUIRED, *OPTIONAL})
    if wrong or foreign:
        raise ExceptionsError(
            f"an exception has {', '.join(sorted(fields)) or 'nothing'}; allowed: rule, resource, reason as texts,"
            " expires as a date such as 2027-01-31, and stack and type as texts where one alone is meant."
            f" Fix: {', '.join([*wrong, *foreign])} in {path}"
        )
    _known("rule", fields, rules, "an id that `bigpicture rules` lists", path)
    _known("type", fields, rules[fields["rule"]].types, f"one that `bigpicture rules {fields['rule']}` names", path)
    if stacks:
        _known("stack", fields, stacks, " or ".join(sorted(stacks)), path)
    return Exemption(**fields)


def _known(name: str, fields: Mapping[str, Any], allowed: Collection[str], told: str, path: Path) -> None:
    if name in fields and current(fields[name]) not in allowed:
        raise ExceptionsError(f"an exception's {name} is {fields[name]!r}; allowed: {told}. Fix: {path}")


def sort(
    findings: Sequence[Finding],
    exemptions: Sequence[Exemption],
    today: date,
    *,
    all_seen: Callable[[Exemption], bool] = lambda _: False,
) -> Sorted:
    """Set aside what is accepted on *today*; tell of an exception that covers nothing where *all_seen* of it was."""
    valid = [each for each in exemptions if today <= each.expires]
    accepted = [each for each in findings if any(exemption.covers(each) for exemption in valid)]
    over = [f"{each} ended on {each.expires}. Fix: mend the resource, or argue for another date" for each in exemptions
            if today > each.expires]  # fmt: skip
    unused = [f"{each} covers no finding. Fix: delete it" for each in valid
              if all_seen(each) and not any(each.covers(finding) for finding in findings)]  # fmt: skip
    return Sorted(
        left=[each for each in findings if each not in accepted], accepted=accepted, complaints=[*over, *unused]
    )
