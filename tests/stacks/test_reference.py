"""What is written about the settings is what the settings are."""

from pathlib import Path

from ruamel.yaml import YAML

from stacks.reference import pulumi_yaml, settings_page
from stacks.settings import own_fields, parse, preset_fields

ROOT = Path(__file__).resolve().parent.parent.parent


def test_pulumi_yaml_declares_the_settings_as_they_are():
    assert (ROOT / "Pulumi.yaml").read_text(encoding="utf-8") == pulumi_yaml()


def test_the_settings_page_is_current():
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page()


def test_pulumi_yaml_declares_every_setting_once():
    declared = YAML().load(pulumi_yaml())["config"]
    assert set(declared) == {*own_fields(), *preset_fields()}


def test_the_defaults_that_pulumi_fills_in_change_nothing():
    declared = YAML().load(pulumi_yaml())["config"]
    filled_in = {name: "[]" if entry["type"] == "array" else str(entry["default"]) for name, entry in declared.items()}
    assert parse(filled_in, stack="test", region="us-east-1") == parse({}, stack="test", region="us-east-1")
