"""The list of rules in the documentation is the rules' own."""

from pathlib import Path

from policies.catalogue import documented, markdown

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_documented_rules_are_the_rules():
    assert PAGE.read_text(encoding="utf-8") == markdown(documented())
