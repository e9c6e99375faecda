"""What is written exists: every path, link, command, option and setting that the documentation mentions."""

import posixpath
import re

import pytest

from cli import main
from stacks.settings import own_fields, preset_fields
from tests.guards.documentation import PAGES, ROOT, commands, first_block, links, name_of, text_of, words

NAMES = [name_of(page) for page in PAGES]
PATH = re.compile(r"(?!\d|/|\./|\.bigpicture/)[\w.*<>-]+(/[\w.*<>-]*)+|[\w.<>-]+\.(py|md|toml|yaml|lock|tsv)")
"""A folder before a slash, or a file by its ending. What begins with a slash is a URL's; use makes .bigpicture/."""


def in_repository(path):
    """A path with a placeholder, `stacks/Pulumi.<stack>.yaml`, stands for at least one file."""
    return any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


@pytest.mark.parametrize("page", NAMES)
def test_every_path_that_is_mentioned_exists(page):
    assert [word for word in words(page) if PATH.fullmatch(word) and not in_repository(word)] == []


@pytest.mark.parametrize("page", NAMES)
def test_every_link_between_pages_resolves(page):
    folder = posixpath.dirname(page)
    assert [link for link in links(page) if not (ROOT / folder / link).exists()] == []


@pytest.mark.parametrize("page", NAMES)
def test_every_command_that_is_mentioned_exists(page):
    verbs = [words[0] for words in commands(page) if not words[0].startswith("-")]
    assert [verb for verb in verbs if verb not in main.commands] == []


def options_of(verb):
    """The options of a command and of what it groups; of the whole program for `--help` and the like."""
    with main.make_context("bigpicture", [], resilient_parsing=True) as context:
        command = main.commands.get(verb)
        family = [command, *getattr(command, "commands", {}).values()] if command else [main]
        parameters = [parameter for each in family for parameter in each.get_params(context)]
        return {option for each in parameters for option in (*each.opts, *each.secondary_opts)}


@pytest.mark.parametrize("page", NAMES)
def test_every_option_that_is_mentioned_is_one_of_its_command(page):
    unknown = [
        f"{used[0]} {word}"
        for used in commands(page)
        if used[0] != "test"  # hands its options on to pytest
        for word in used
        if word.startswith("-") and word.partition("=")[0] not in options_of(used[0])
    ]
    assert unknown == []


@pytest.mark.parametrize("page", [name for name in NAMES if not name.startswith("docs/decisions/")])
def test_an_option_that_stands_alone_is_one_of_some_command(page):
    known = set().union(*(options_of(verb) for verb in main.commands))
    assert {word.partition("=")[0] for word in words(page) if word.startswith("--")} <= known


@pytest.mark.parametrize("page", NAMES)
def test_every_setting_that_is_set_in_an_example_is_a_setting(page):
    named = re.findall(r"--set (\w+)=", text_of(page))
    assert set(named) <= {*own_fields(), *preset_fields()}


def test_every_command_is_mentioned():
    assert {used[0] for page in NAMES for used in commands(page)} >= set(main.commands)


def test_the_first_screen_holds_just_the_two_commands():
    lines = [line.partition("#")[0].strip() for line in first_block("README.md").splitlines()]
    assert lines == ["./bigpicture up", "./bigpicture test"]
