"""Spell findings as SARIF 2.1.0, which CI systems show at the line of the program that made the resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policies.rule import Finding, Rule, Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.MANDATORY: "error", Severity.ADVISORY: "warning"}


def sarif(findings: Iterable[Finding], rules: Iterable[Rule]) -> dict[str, Any]:
    """One run with every rule and every finding; a finding whose line is unknown names the resource alone."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "bigpicture", "rules": [_rule(each) for each in rules]}},
                "results": [_result(each) for each in findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.reason},
        "help": {"text": f"Fix: {rule.fix}. Source: {rule.source}"},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.box]},
    }


def _result(finding: Finding) -> dict[str, Any]:
    file, _, line = finding.resource.source.rpartition(":")
    physical = {"artifactLocation": {"uri": file}, "region": {"startLine": int(line)}} if file else None
    return {
        "ruleId": finding.rule.id,
        "level": LEVELS[finding.rule.severity],
        "message": {"text": str(finding)},
        "locations": [
            {
                **({"physicalLocation": physical} if physical else {}),
                "logicalLocations": [{"fullyQualifiedName": finding.resource.urn, "kind": "resource"}],
            }
        ],
    }
