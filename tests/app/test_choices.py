"""Rules that every service's code keeps: no order by clocks, no store's choice unsaid, no service knows another."""

import ast

import pytest

from tests.app.store_classes import APP, CODE, STORES, public_methods


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(APP).as_posix())
def test_no_server_looks_at_its_own_time_of_day(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not told & {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.datetime.now"}


@pytest.mark.parametrize(
    ("path", "node"), STORES, ids=lambda each: each.name if isinstance(each, ast.ClassDef) else each.stem
)
def test_each_method_of_a_store_says_whether_it_is_consistent_or_available(path, node):
    silent = [
        method.name
        for method in public_methods(node)
        if not any(word in (ast.get_docstring(method) or "") for word in ("Consistent", "Available"))
    ]
    assert silent == []


def test_stores_are_found():
    assert {node.name for _, node in STORES} >= {
        "PostgresCustomers",
        "PostgresItems",
        "PostgresStock",
        "ValkeySessions",
    }


@pytest.mark.parametrize(
    "path", sorted((APP / "services").glob("*/*.py")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_service_knows_no_other(path):
    imports = [
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app.services.")
    ]
    allowed = (f"app.services.{path.parent.name}", "app.services.fields")
    assert [module for module in imports if not module.startswith(allowed)] == []
