"""What stands in the account costs money, and the component that builds it says how much."""

import ast
import inspect

import pytest

from components import alarm_topic, event_bus, observability, sharded_table, work_queue


def docstrings(module):
    """Every string of *module* that stands alone as a statement."""
    tree = ast.parse(inspect.getsource(module))
    alone = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    return [value.value for value in alone if isinstance(value, ast.Constant) and isinstance(value.value, str)]


@pytest.mark.parametrize("module", [alarm_topic, event_bus, observability, sharded_table, work_queue])
def test_a_component_says_what_it_costs(module):
    assert [text for text in docstrings(module) if " USD" in text] != []
