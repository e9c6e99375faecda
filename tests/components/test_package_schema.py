"""What other languages are told of the boxes is what the classes say, and is checked in."""

import dataclasses
import inspect
import json
import tomllib

import pytest
from pulumi.provider.experimental.util import camel_case

from components.package import schema
from components.package.provider import BOXES, VERSION
from engines.stack_file import ROOT
from tests.guards.component_classes import component_classes

CHECKED_IN = json.loads(schema.FILE.read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_schema_that_is_checked_in_is_the_one_that_the_classes_make():
    assert schema.FILE.read_text(encoding="utf-8") == schema.text()


def test_every_box_is_in_the_package():
    assert {box.__name__: box for box in BOXES} == component_classes()


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box.__name__)
def test_what_has_no_default_is_required_and_nothing_else(box):
    fields = dataclasses.fields(inspect.get_annotations(box.__init__)["args"])
    missing = dataclasses.MISSING
    needed = {camel_case(each.name) for each in fields if each.default is each.default_factory is missing}
    assert set(CHECKED_IN["resources"][f"bigpicture:index:{box.__name__}"]["requiredInputs"]) == needed


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box.__name__)
def test_every_output_is_handed_to_other_languages(box):
    outputs = CHECKED_IN["resources"][f"bigpicture:index:{box.__name__}"]["properties"]
    assert set(outputs) == {camel_case(name) for name in inspect.get_annotations(box)}


def test_a_field_is_described_as_in_its_class():
    disposable = CHECKED_IN["types"]["bigpicture:index:Protection"]["properties"]["disposable"]
    text = "Destroy may take the data along: buckets are emptied, no final snapshot is made. Only for sandboxes."
    assert disposable["description"] == text


def test_the_package_asks_for_what_the_project_asks_for():
    asked = (ROOT / "components" / "requirements.txt").read_text(encoding="utf-8").split()
    pulumis = [each for each in PROJECT["dependencies"] if each.startswith("pulumi")]
    assert asked == [each for each in pulumis if not each.startswith("pulumi-policy")]  # which policies/ alone imports


def test_the_package_has_the_version_of_the_project():
    assert PROJECT["version"] == VERSION
