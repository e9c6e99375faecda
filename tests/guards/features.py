"""Gather docs/features/*.tsv into docs/features.md: run as `python -m tests.guards.features`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "features.md"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that users expect of a component, and the test that shows it."""

    section: str
    feature: str
    default: str
    component: str
    test: str


def features() -> list[Feature]:
    """Every row of every component's table."""
    return [each for path in sorted(ROOT.joinpath("docs", "features").glob("*.tsv")) for each in _of(path)]


def _of(path: Path) -> list[Feature]:
    with path.open(encoding="utf-8") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return [Feature(path.stem, row["feature"], row["default"], row["component"], row["test"]) for row in rows]


def page() -> str:
    """docs/features.md as it should be."""
    lines = [
        "# Features",
        "",
        "What users of such components expect, where it is built, and the test that shows it. *Y*: on by default.",
        "*Prod*: on in production. *Opt*: by choice. *Defect*: a defect of a known toolkit that is not repeated here.",
        "Gathered from `docs/features/` by `python -m tests.guards.features`; each named test is checked to exist.",
    ]
    section = None
    for each in features():
        if each.section != section:
            section = each.section
            lines += ["", f"## {section}", "", "| feature | default | component | test |", "|---|---|---|---|"]
        lines.append(f"| {each.feature} | {each.default} | `{each.component}` | `{each.test}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
