"""Read what is written: the pages of the documentation, their snippets, and the paths and commands they mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.joinpath("docs").rglob("*.md"))]

HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\./bigpicture[ \t]+([^`\n#&|;)]+)")
PULUMIS = re.compile(r"^(?: {4})?(pulumi [^\n#]+)$", re.MULTILINE)
"""A line of Pulumi's own command line in a block."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One Python block, and the heading of level two that it stands under."""

    page: str
    section: str
    number: int
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.section}:{self.number}"


def name_of(page: Path) -> str:
    """A page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def text_of(page: str) -> str:
    """What stands on a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """Heading of level two -> what stands under it; the lines above the first are under the empty heading."""
    parts = HEADING.split(text_of(page))
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def snippets() -> list[Snippet]:
    """Every Python block of every page."""
    return [
        Snippet(name_of(page), section, number, block[2])
        for page in PAGES
        for section, text in sections(name_of(page)).items()
        for number, block in enumerate(FENCE.finditer(text), 1)
        if block[1] == "python"
    ]


def first_block(page: str) -> str:
    """The first code block of a page."""
    found = FENCE.search(text_of(page))
    return found[2] if found else ""


def words(page: str) -> list[str]:
    """Every word in backticks, outside code blocks."""
    prose = FENCE.sub("", text_of(page))
    return [word.strip(",;\"'()") for span in SPAN.findall(prose) for word in span.split()]


def links(page: str) -> list[str]:
    """Every target of a link that stays in the repository, without its anchor."""
    targets = [target.partition("#")[0] for target in LINK.findall(text_of(page))]
    return [target for target in targets if target and "://" not in target]


def commands(page: str) -> list[list[str]]:
    """Every use of the command line, as words after `./bigpicture`."""
    return [found.split() for found in COMMAND.findall(text_of(page))]


def documented(page: str) -> set[str]:
    """Every command that a page shows, without `./bigpicture` and what the shell does with its answer."""
    ours = {" ".join(used).partition(" >")[0] for used in commands(page)}
    return ours | {" ".join(line.split()) for line in PULUMIS.findall(text_of(page))}
