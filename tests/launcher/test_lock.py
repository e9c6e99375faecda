"""The lock is complete, hashed, free of addresses, and still what pyproject.toml asks for."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.launcher.checkouts import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINNED = re.findall(r"^(\S+)==([^\s;]+)(.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+)", LOCK, re.MULTILINE)


APP_LOCK = (ROOT / "app" / "requirements.lock").read_text()


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: to run, and in every group."""
    groups = [text for group in PROJECT["dependency-groups"].values() for text in group]
    return [Requirement(text) for text in PROJECT["project"]["dependencies"] + groups]


def test_every_line_of_the_lock_is_one_version_with_its_hashes():
    assert len(PINNED) == len(re.findall(r"^[^\s#]", LOCK, re.MULTILINE))


def test_the_lock_names_no_index_and_no_folder():
    assert re.findall(r"://|--index|--find-links|-e ", LOCK) == []


def test_the_lock_satisfies_every_declared_dependency():
    versions = {name: version for name, version, _ in PINNED}
    assert [
        str(requirement)
        for requirement in declared()
        if versions.get(canonicalize_name(requirement.name), "0") not in requirement.specifier
    ] == []


def test_a_server_gets_the_very_versions_that_this_environment_has():
    here = {name: version for name, version, _ in PINNED}
    there = dict(re.findall(r"^(\S+)==(\S+)", APP_LOCK, re.MULTILINE))
    assert {name: here.get(name) for name in there} == there


def test_a_server_gets_every_library_that_the_app_asks_for():
    there = set(re.findall(r"^(\S+)==", APP_LOCK, re.MULTILINE))
    asked = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependency-groups"]["app"]}
    assert asked - there == set()


def test_every_declared_dependency_has_a_lower_bound():
    assert [str(each) for each in declared() if not {part.operator for part in each.specifier} & {">=", "=="}] == []
