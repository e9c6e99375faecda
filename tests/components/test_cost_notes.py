"""What stands in the account costs money, and the component that builds it says how much."""

import ast
import inspect
import re

import pytest

from components.parts import firewall
from tests.guards.component_classes import component_classes

PRICE = re.compile(r"\d USD|\bcosts? nothing")


def docstrings(module):
    """Every string of *module* that stands alone as a statement."""
    tree = ast.parse(inspect.getsource(module))
    alone = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    return [value.value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)]


@pytest.mark.parametrize("name", sorted(component_classes()))
def test_a_component_says_what_it_costs(name):
    module = inspect.getmodule(component_classes()[name])
    assert [text for text in docstrings(module) if PRICE.search(text)] != []


def test_the_firewall_says_what_it_costs():
    assert [text for text in docstrings(firewall) if PRICE.search(text)] != []
