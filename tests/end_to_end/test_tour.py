"""The commands that need no state, one after the other as the README shows them: each answers what it says there."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from engines.binary import require
from tests.end_to_end.checkouts import clean_environment, make_used_checkout
from tests.package_index import make_index, variables
from tests.stories import TOUR

SHELL = {"COLUMNS": "200", "PG_BIN": "/nowhere"}
"""Wide tables, and no servers behind the account: those that `up` starts are test_serve.py's."""
FOR_EXAMPLE = {"ID": "queue-name"}
"""What stands in the place of a placeholder."""
SAYS = {
    "engine": r"Pulumi 3\.\d+\.\d+ at /",
    "engine install": r"Pulumi 3\.\d+\.\d+ at /",
    "doctor": "stack production +horizontal, medium, production",
    "completion bash": "_BIGPICTURE_COMPLETE",
    "presets": r"monthly_budget_usd +\d+",
    "presets monthly_budget_usd": r"production +horizontal +\d+ +\d+ +\d+",
    "build": r"/[0-9a-f]{64}\.tar\nsha256 [0-9a-f]{64}, ",
    "preview --stack production": r"(?s)(?=.*payment_gateway is none: ).*`up` would create \d{3} resources\. Nothing",
    "check": r"rules: 0 mandatory and \d+ advisory findings",
    "check --stack production": r"rules: 0 mandatory and \d+ advisory findings",
    "rules": "queue-name",
    "rules ID": "queue-name",
    "coverage": r"\d+ of \d+ properties of \d+ resource types are emulated",
    "up": "The account answers at http://127.0.0.1:",
    "status": "stack offline in us-east-1, pid ",
    "outputs": r"worker_fleets\.shipping +worker-shipping-",
    "resources": r" sgr-[0-9a-f]{17}",
    "resources --json": '"type": "aws:dynamodb/table:Table"',
    "env": "export AWS_ENDPOINT_URL=http://127.0.0.1:",
    "up --scaling vertical": "app-all",
    "up --set table_shards=4": "The account answers at http://127.0.0.1:",
    "down": "ended the offline account of stack offline",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour")
    checkout = make_used_checkout(folder / "checkout")
    make_index(folder, checkout.folder / "app" / "requirements.lock")
    path = f"{Path(require().path).parent}:{os.environ['PATH']}"  # a cache of its own has no engine
    environment = {**clean_environment(), **variables(folder), "PATH": path, **SHELL}
    yield {command: answer(checkout, command, environment) for command in TOUR}
    checkout.run("down")


def answer(checkout, command, environment):
    words = [FOR_EXAMPLE.get(word, word) for word in command.split()]
    return subprocess.run(checkout.command(*words), capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("command", TOUR)
def test_a_command_of_the_tour_ends_well_and_says_what_was_asked(answers, command):
    said = answers[command]
    assert (said.returncode, bool(re.search(SAYS[command], said.stdout + said.stderr))) == (0, True), said
