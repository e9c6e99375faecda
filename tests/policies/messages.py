"""The whole message of a finding: the words of a fragment, and the fix that docs/rules.md gives for its rule."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
ROW = re.compile(r"^\| \[`([a-z0-9-]+)`\]\(\S+\) \| (?:mandatory|advisory) \| .* \| (.*) \|$", re.MULTILINE)
FIXES = {
    rule: fix.replace("&lt;", "<").replace("\\|", "|") for rule, fix in ROW.findall(PAGE.read_text(encoding="utf-8"))
}
"""Rule -> what the page tells people to do about it."""


def whole(message: str, rule: str) -> str:
    """*message* with the rule's fix, where it does not bring one of its own."""
    return message if " Fix: " in message else f"{message} Fix: {FIXES[rule]}"
