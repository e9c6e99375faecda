"""The story of a sandbox, command by command as docs/sandbox.md tells it, with the offline account in AWS's place."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.checkouts import clean_environment, make_checkout

SAID = 'aws:allowedAccountIds: ["123456789012"]\n  bigpicture:expires_at: 2099-12-31\n'


@dataclass(frozen=True, slots=True)
class Answers:
    """What each command answered: exit code, and its JSON."""

    doctor: tuple[int, Any]
    up: tuple[int, Any]
    preview: tuple[int, Any]
    standing: tuple[int, Any]
    down: tuple[int, Any]
    left: tuple[int, Any]


def answered(checkout, variables, *words):
    done = subprocess.run(
        checkout.command(*words, "--json"),
        capture_output=True,
        text=True,
        env={**clean_environment(), **variables, "PULUMI_SKIP_CHECKPOINTS": "true"},
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    checkout = make_checkout(tmp_path_factory.mktemp("sandbox"))
    with (checkout.folder / "stacks" / "Pulumi.sandbox.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  {SAID}")
    variables = checkout.json("env", "--start")
    yield Answers(
        answered(checkout, variables, "doctor", "--stack", "sandbox"),
        answered(checkout, variables, "up", "--stack", "sandbox", "--yes"),
        answered(checkout, variables, "preview", "--stack", "sandbox"),
        answered(checkout, variables, "leftovers", "--stack", "sandbox"),
        answered(checkout, variables, "down", "--stack", "sandbox", "--yes-destroy", "sandbox"),
        answered(checkout, variables, "leftovers", "--stack", "sandbox"),
    )
    checkout.run("down", "--now")


def test_doctor_finds_the_account_that_the_stack_file_names(answers):
    found = {each["subject"]: each["ok"] for each in answers.doctor[1]}
    assert (found["account"], found["expires_at"], found["zones"]) == (True, True, True)


def test_up_makes_the_stack_there(answers):
    code, outcome = answers.up
    assert (code, outcome["changes"]["create"] > 100, outcome["changes"]["delete"]) == (0, True, 0)


def test_what_stands_says_what_it_was_deployed_as(answers):
    assert answers.up[1]["outputs"]["deployed_as"] == {"scaling": "vertical", "size": "small", "environment": "sandbox"}


def test_a_preview_of_what_stands_finds_nothing_to_do(answers):
    changes = answers.up[1]["changes"]
    assert answers.preview[1]["changes"] == {**dict.fromkeys(changes, 0), "same": changes["create"]}


def test_what_stands_there_is_listed(answers):
    code, found = answers.standing
    assert (code, {each["stack"] for each in found}) == (1, {"sandbox"})


def test_down_destroys_all_of_it(answers):
    assert answers.down[1]["changes"]["delete"] == answers.up[1]["changes"]["create"]


def test_then_nothing_is_left(answers):
    assert answers.left == (0, [])
