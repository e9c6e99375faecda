"""Every file of the services, and the classes in them that speak to a store."""

import ast
from pathlib import Path

import app

APP = Path(app.__file__).parent
ROOMS = ("calls", "data", "http", "queue", "services", "work")
CODE = sorted(path for folder in ROOMS for path in (APP / folder).rglob("*.py"))
STORES = [
    (path, node)
    for path in CODE
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef) and node.name.startswith(("Postgres", "Valkey", "Dynamo", "Sharded"))
]


def public_methods(node):
    return [each for each in node.body if isinstance(each, ast.AsyncFunctionDef) and not each.name.startswith("_")]
