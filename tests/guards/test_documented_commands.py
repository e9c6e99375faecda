"""Every command that the documentation shows is run by a test, in a story or by the test that is named for it."""

import ast

import pytest

from tests.guards.documentation import PAGES, ROOT, documented, name_of
from tests.stories import ELSEWHERE, STORIES

RUN = {command for story in STORIES for command in story} | ELSEWHERE.keys()
"""What a story says it runs it runs: its test takes the commands from there."""
SHOWN = [name for name in map(name_of, PAGES) if name == "README.md" or name.count("/") == 1]
"""The pages that tell somebody what to type; decisions tell what was thought."""


@pytest.mark.parametrize("page", SHOWN)
def test_every_documented_command_is_run_by_a_test(page):
    assert documented(page) - RUN == set()


def test_no_other_test_is_named_for_a_command_that_is_not_documented():
    assert ELSEWHERE.keys() - set().union(*map(documented, SHOWN)) == set()


@pytest.mark.parametrize("test", sorted(set(ELSEWHERE.values())))
def test_the_test_that_is_named_for_a_command_exists(test):
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
