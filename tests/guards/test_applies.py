"""What waits for a value makes no resource and drops no answer: a preview would not show either."""

import ast
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, python_files

PROGRAM = [path for path in python_files() if path.parts[0] in {"components", "stacks"}]


def applies(tree):
    """Every call of `.apply`, with what is given to it, a function of the same file looked up by its name."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "apply":
            given = node.args[0]
            yield node, functions.get(given.id, given) if isinstance(given, ast.Name) else given


def makes_a_resource(function):
    """Whether a class of a provider, or of a component, is called by a name that begins with a capital."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(
        ast.unparse(each).startswith(("aws.", "random.", "pulumi_random."))
        and ast.unparse(each).split(".")[-1][0].isupper()
        for each in called
    )


@pytest.mark.parametrize("path", PROGRAM, ids=str)
def test_nothing_is_made_inside_apply(path):
    tree = ast.parse(Path(ROOT, path).read_text(encoding="utf-8"))
    assert [call.lineno for call, function in applies(tree) if makes_a_resource(function)] == []


@pytest.mark.parametrize("path", PROGRAM, ids=str)
def test_no_answer_of_apply_is_dropped(path):
    tree = ast.parse(Path(ROOT, path).read_text(encoding="utf-8"))
    dropped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    assert [call.lineno for call, _ in applies(tree) if id(call) in dropped] == []


def test_a_resource_inside_apply_would_be_found():
    tree = ast.parse("x.apply(lambda each: aws.sqs.Queue(each))\ny.apply(lambda each: each.upper())")
    assert [makes_a_resource(function) for _, function in applies(tree)] == [True, False]
