"""Answer what the rules are and what they find, for a person, as JSON, or as SARIF for a CI system."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from engines.refusals import unknown_name
from policies import exceptions
from policies.boxes import place
from policies.catalogue import documented
from policies.checker import mandatory
from policies.exceptions import Exemption
from policies.rule import Finding, Rule
from policies.rules import all_rules
from policies.sarif import sarif
from terminal import tables
from terminal.commands import print_json, print_rich
from terminal.rehearsal import rehearsed


def check(stacks: list[str], overrides: Mapping[str, str], form: str, *, all_seen: bool) -> None:
    """Run the rules over each of *stacks*; exit 1 when a mandatory one is broken or an exception is wrong."""
    from engines.stack_file import stacks as known_stacks

    findings = [each for stack in stacks for each in _of_stack(stack, overrides)]
    written = exceptions.read(rules=documented(), stacks=known_stacks())
    seen = set() if overrides else {*stacks}  # with other settings for this one run, a finding may be elsewhere
    found = _sorted(findings, written, lambda each: each.stack in seen if each.stack else all_seen and bool(seen))
    _answer(found, form)


def check_program(folder: Path, stack: str, overrides: Mapping[str, str], form: str) -> None:
    """Run the rules over any Pulumi program of Python, with no account behind it; *folder* has its exceptions."""
    from engines.checking import check_of_program
    from engines.programs import stacks_of

    findings, unjudged = check_of_program(folder, overrides, stack)
    written = exceptions.read(folder / exceptions.NAME, rules=documented(), stacks=stacks_of(folder) | {stack})
    _answer(_sorted(findings, written, lambda each: each.stack in ("", stack)), form, unjudged)


def properties(stack: str, overrides: Mapping[str, str], json_: bool) -> None:
    """Say of every property that the stack uses what looks at it."""
    from engines.checking import coverage_of

    with rehearsed(stack, overrides) as deployment:
        rows = coverage_of(deployment)
    if json_:
        print_json([{"type": type_, "property": name, "by": source} for type_, name, source in rows])
        return
    print_rich(tables.rows_table(["type", "property", "looked at by"], rows))
    counts = Counter(source for _, _, source in rows)
    click.echo(f"\n{len(rows)} properties: " + ", ".join(f"{count} {source}" for source, count in counts.most_common()))


def rules(id_: str | None, json_: bool) -> None:
    """List every rule, or explain one."""
    by_id = {rule.id: rule for rule in documented()}
    if id_:
        if id_ not in by_id:
            raise unknown_name("rule", id_, by_id, "./bigpicture rules", "./bigpicture rules")
        rule = by_id[id_]
        print_json(_row(rule)) if json_ else print_rich(tables.pairs_table("rule", _row(rule).items()))
    elif json_:
        print_json([_row(rule) for rule in by_id.values()])
    else:
        lines = ([rule.box, rule.id, rule.severity, rule.reason] for rule in by_id.values())
        print_rich(tables.rows_table(["box", "rule", "severity", "reason"], lines))
        click.echo(f"\n{len(by_id)} rules.")


def _of_stack(stack: str, overrides: Mapping[str, str]) -> list[Finding]:
    from engines.checking import findings_of

    with rehearsed(stack, overrides) as deployment:
        return findings_of(deployment)


def _sorted(
    findings: list[Finding], written: list[Exemption], all_seen: Callable[[Exemption], bool]
) -> exceptions.Sorted:
    """The findings after the exceptions; one of a rule of change is never unused: `up` and `preview` look for it."""
    from engines.checking import today

    looked_at = {rule.id for rule in all_rules()}
    return exceptions.sort(findings, written, today(), all_seen=lambda each: each.rule in looked_at and all_seen(each))


def _answer(found: exceptions.Sorted, form: str, unjudged: Sequence[str] = ()) -> None:
    forbidding = mandatory(found.left)
    if form == "sarif":
        print_json(sarif(found.left, all_rules()))
    elif form == "json":
        print_json({"findings": [_shown(each) for each in found.left], "exceptions": found.complaints,
                    "accepted": len(found.accepted), "unjudged": list(unjudged)})  # fmt: skip
    else:
        _tell(found, len(forbidding), unjudged)
    if forbidding or found.complaints:
        sys.exit(1)


def _tell(found: exceptions.Sorted, forbidding: int, unjudged: Sequence[str]) -> None:
    from engines.checking import told

    by_box = sorted(found.left, key=lambda each: (place(each.box), each.box))
    for box, findings in groupby(by_box, key=lambda each: each.box):
        click.echo(f"{box}")
        for each in findings:
            click.echo(f"  {each.rule.severity}: {told(each)}")
    for complaint in found.complaints:
        click.echo(f"exceptions\n  {complaint}")
    if unjudged:
        click.echo(f"no rule looks at {', '.join(unjudged)}")
    click.echo(
        f"{len(all_rules())} rules: {forbidding} mandatory and {len(found.left) - forbidding} advisory findings"
        f", {len(found.accepted)} accepted."
    )


def _row(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "box": rule.box,
        "severity": rule.severity.value,
        "reason": rule.reason,
        "fix": rule.fix,
        "source": rule.source,
        "looks at": ", ".join(rule.types),
    }


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "box": finding.box,
        "severity": finding.rule.severity.value,
        "urn": finding.resource.urn,
        "source": finding.resource.source,
        "property": finding.property,
        "got": finding.got,
        "allowed": finding.allowed,
        "fix": finding.fix,
    }
