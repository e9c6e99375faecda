"""The page of ideas is true: each idea's code and test exist, and the test belongs to the app."""

import ast
import re

import pytest

from tests.guards.documentation import ROOT, text_of

ROWS = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| `([^`]+)::([^`]+)` \|$", text_of("docs/ideas.md"), re.MULTILINE)


def test_every_row_of_the_page_is_read():
    assert len(ROWS) == text_of("docs/ideas.md").count("\n| ") - 1


@pytest.mark.parametrize(("idea", "code", "file", "test"), ROWS, ids=[row[0] for row in ROWS])
def test_an_ideas_code_and_test_exist(idea, code, file, test):
    names = [node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)]
    assert ((ROOT / code).is_file(), test in names) == (True, True)
