"""The list of commands says what each does, in one line each, grouped by what somebody wants to do."""

import re

from click.testing import CliRunner

from cli import SECTIONS, main

NARROW = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout


def test_each_command_has_its_one_line_in_its_section():
    listed = {heading: re.findall(r"^  (\S+) +.*[^.]\.$", text, re.MULTILINE) for heading, text in sections()}
    assert listed == {heading: [each.name for each in commands] for heading, commands in SECTIONS.items()}


def test_every_command_stands_in_a_section():
    assert {each.name for commands in SECTIONS.values() for each in commands} == main.commands.keys()


def test_nothing_is_listed_beside_the_one_lines():
    assert [line for _, text in sections() for line in text.splitlines() if not line.endswith(".")] == []


def test_it_fits_80_columns():
    assert max(map(len, NARROW.splitlines())) <= 80


def sections():
    """Heading -> what stands under it, the options left out."""
    parts = re.split(r"^(\w.*):\n", NARROW, flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(heading, text.strip("\n")) for heading, text in pairs if heading not in {"Usage", "Options"}]
