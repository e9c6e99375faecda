"""The Tab key finds the program by its path, and the words that fit."""

from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from cli import main
from terminal.completion import script, words


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_program_is_asked_by_its_path(shell):
    text = script(main, shell, Path("/opt/my folder/bigpicture"))
    assert " '/opt/my folder/bigpicture')" in text


def test_zsh_completes_though_the_program_is_not_on_path():
    assert "$+commands" not in script(main, "zsh", Path("/opt/bigpicture"))


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("stack", {"offline", "production", "sandbox"}),
        ("scaling", {"vertical", "horizontal"}),
        ("size", {"small", "medium", "large"}),
        ("environment", {"sandbox", "production"}),
        ("knob", {"table_shards", "waf"}),
        ("setting", {"domain=", "table_shards="}),
    ],
)
def test_the_words_are_those_that_are_allowed(kind, some):
    assert some <= set(words(kind))


@pytest.mark.parametrize(
    ("typed", "begun", "found"),
    [
        (["up", "--scaling"], "v", ["vertical"]),
        (["up", "--size"], "v", []),
        (["preview", "--set"], "v", ["vpc_cidr=", "valkey_version="]),
        (["presets"], "table_", ["table_shards"]),
    ],
)
def test_each_place_is_completed_with_its_own_kind(typed, begun, found):
    completer = BashComplete(main, {}, "bigpicture", "_BIGPICTURE_COMPLETE")
    assert {item.value for item in completer.get_completions(typed, begun)} == set(found)
