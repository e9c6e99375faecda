"""Imports flow one way: each room may import only the rooms that the table names."""

import ast
import sys
from pathlib import Path

import pytest

from tests.guards.component_classes import component_classes
from tests.guards.sources import ROOT, imports_of, python_files

ALLOWED = {
    "__main__.py": {"stacks"},
    "cli.py": {"terminal", "verbs"},
    "verbs": {"engines", "terminal"},
    "launcher": set(),
    "terminal": {"engines", "planning", "policies", "stacks", "traffic"},
    "traffic": set(),
    "stacks": {"components", "app.contract"},
    "components": set(),
    "app": set(),
    "policies": set(),
    "engines": {"stacks", "offline", "policies", "components.names"},
    "offline": {"app.contract", "components.names"},
    "planning": {"stacks.presets", "stacks.durations", "engines.graph", "engines.work", "app.data.shards"},
}
"""Room -> what of ours it may import besides itself; tests/ and benchmarks/ may import everything."""

PARTS = "components.parts"
SPOKEN_BY_ALL = {"components.names", "components.policy", "components.protection"}
"""What boxes and parts alike are written in: the only files of components/ that hold no box."""
STARTED_BY_PULUMI = {"components.__main__"}
"""Pulumi starts the folder of a package, whose code is in components/package/."""

FREE = {"tests", "benchmarks"}
ROOMS = {name.removesuffix(".py") for name in ALLOWED} | FREE
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "lib", "misc"}


def within(module, allowed):
    return any(module == room or module.startswith(f"{room}.") for room in allowed)


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_a_room_imports_only_what_the_table_allows(room):
    wrong = [
        f"{path} imports {module}; allowed: {', '.join(sorted(ALLOWED[room])) or 'nothing of ours'}"
        for path in python_files()
        if path.parts[0] == room
        for module in imports_of(path)
        if module.split(".")[0] in ROOMS and not within(module, ALLOWED[room] | {room})
    ]
    assert wrong == []


def test_a_part_imports_no_box():
    wrong = [
        f"{path} imports {module}; allowed: {', '.join(sorted(SPOKEN_BY_ALL))} and other parts"
        for path in python_files()
        if path.is_relative_to("components/parts")
        for module in imports_of(path)
        if within(module, {"components"}) and not within(module, SPOKEN_BY_ALL | {PARTS})
    ]
    assert wrong == []


def test_what_test_files_share_stands_in_no_test_file():
    wrong = [
        f"{path} imports {module}; fix: move it to a file of its own beside the tests"
        for path in python_files()
        for module in imports_of(path)
        if any(part.startswith("test_") for part in module.split("."))
    ]
    assert wrong == []


def test_only_boxes_and_tests_import_parts():
    wrong = [
        f"{path} imports {module}; fix: import it from the box, which lists it in __all__"
        for path in python_files()
        if path.parts[0] not in {"components", "tests"}
        for module in imports_of(path)
        if within(module, {PARTS})
    ]
    assert wrong == []


def test_beside_the_boxes_stands_only_what_boxes_and_parts_are_written_in():
    boxes = {box.__module__ for box in component_classes().values()}
    files = {f"components.{path.stem}" for path in python_files() if path.parent == Path("components")}
    assert files - boxes == SPOKEN_BY_ALL | STARTED_BY_PULUMI | {"components.__init__"}


def test_components_ask_aws_through_pulumi_alone():
    silent = sys.stdlib_module_names - {"http", "socket", "ssl", "subprocess", "urllib"}
    wrong = [
        f"{path} imports {module}; allowed: Pulumi's SDKs and what of Python reaches nobody"
        for path in python_files()
        if path.parts[0] == "components"
        for module in imports_of(path)
        if module.split(".")[0] not in {"components", "pulumi", "pulumi_aws", "pulumi_random", *silent}
    ]
    assert wrong == []


def test_every_python_file_stands_in_a_room():
    strays = [str(path) for path in python_files() if path.parts[0] not in {*ALLOWED, *FREE}]
    assert strays == []


def test_no_file_is_a_room_without_a_name():
    dust = [str(path) for path in python_files() if {part.removesuffix(".py") for part in path.parts} & BANNED_NAMES]
    assert dust == []


def test_every_file_opens_with_the_sentence_that_says_its_job():
    silent = [
        str(path)
        for path in python_files()
        if not ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_help_and_status_import_nothing_heavy():
    verbs = [str(path) for path in python_files() if path.parts[0] == "verbs"]
    light = ["cli.py", *verbs, "engines/running.py", "engines/stack_file.py", "engines/refusals.py", "engines/graph.py"]
    heavy = {"pulumi", "pulumi_aws", "boto3", "botocore", "moto"}
    found = [
        f"{name} imports {module}"
        for name in light
        for module in imports_of(Path(name))
        if module.split(".")[0] in heavy
    ]
    assert found == []
