"""The list of commands says what each does, in whole sentences."""

import re

import pytest
from click.testing import CliRunner

from cli import main


@pytest.mark.parametrize("width", [80, 200])
def test_no_sentence_is_cut(width):
    said = CliRunner().invoke(main, ["--help"], terminal_width=width).stdout.partition("Commands:\n")[2]
    entries = re.split(r"\n(?=  \w)", said.strip("\n"))
    assert [entry for entry in entries if not re.search(r"[^.]\.$", entry)] == []
    assert len(entries) == len(main.commands)


def test_it_fits_80_columns():
    said = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout
    assert max(map(len, said.splitlines())) <= 80
