"""What servers and the tests of pages need of a machine is told with version and place, or with what is missing."""

import json
import re
import sys

import pytest
from click.testing import CliRunner

from cli import main
from terminal.browser import FIX


def told(**environment):
    """Subject -> what `doctor` says of it under these variables."""
    findings = json.loads(CliRunner().invoke(main, ["doctor", "--json"], env=environment).stdout)
    return {each["subject"]: each for each in findings}


@pytest.fixture(scope="module")
def found():
    return told()


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("PostgreSQL", r"18\.\d+ at /.*/postgres"), ("Valkey", r"9\.1\.\d+ at /.*/valkey-server")],
)
def test_a_program_is_told_with_its_version_and_place(found, subject, shown):
    assert re.fullmatch(shown, found[subject]["found"])


def test_the_browser_is_the_one_that_was_chosen():
    assert told(BIGPICTURE_BROWSER=sys.executable)["browser"]["found"].endswith(f" at {sys.executable}")


@pytest.fixture(scope="module")
def missing(tmp_path_factory):
    broken = tmp_path_factory.mktemp("broken") / "valkey-server"
    broken.write_bytes(b"\0")
    broken.chmod(0o755)
    return told(PG_BIN="/nowhere", VALKEY_BIN=str(broken), BIGPICTURE_BROWSER="/nowhere/chromium")


@pytest.mark.parametrize(
    ("subject", "fix"),
    [
        ("PostgreSQL", "apt install postgresql, then PG_BIN=/usr/lib/postgresql/<version>/bin"),
        ("Valkey", "install another for this machine"),
        ("browser", FIX.removeprefix("Fix: ")),
    ],
)
def test_what_is_missing_or_does_not_run_is_a_note_with_the_fix(missing, subject, fix):
    assert (missing[subject]["ok"], missing[subject]["fix"]) == (True, fix)
