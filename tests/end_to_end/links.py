"""Follow every link of every page of the store."""

from __future__ import annotations

import re
from collections.abc import Callable

from stacks.data import PAGES

REFERENCE = re.compile(r'\b(?:href|src)="(/[^"]*)"')


def follow(ask: Callable[[str], tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Every page, and all that one leads to, with its answer: the status and the text that *ask* finds at a path."""
    found: dict[str, tuple[int, str]] = {}
    waiting = ["/", *(f"/{page.name}" for page in PAGES.glob("*.html"))]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = ask(path)
            waiting += REFERENCE.findall(found[path][1]) if path == "/" or path.endswith(".html") else []
    return found
