"""The story of a sandbox, command by command as the documentation tells it, with the offline account in AWS's place."""

import re

import pytest

from stacks.needs import VCPUS
from tests.end_to_end.checkouts import clean_environment, make_used_checkout
from tests.end_to_end.terminals import at_a_terminal
from tests.engine.workers import let_leave
from tests.stories import SANDBOX

SAID = 'aws:allowedAccountIds: ["123456789012"]\n  bigpicture:expires_at: 2099-12-31\n'
SHELL = {"PULUMI_SKIP_CHECKPOINTS": "true", "NO_COLOR": "1", "COLUMNS": "200"}
UP, HORIZONTAL, VERTICAL = (command for command in SANDBOX if command.startswith("up "))
DOWN, FOR_SCRIPTS = (command for command in SANDBOX if command.startswith("down "))
COUNTS = re.compile(r"^(?:would be )?(\d+ (?:created|deleted|updated|unchanged).*) in [\d.]+ s$", re.MULTILINE)
LEFTOVERS = "leftovers --stack sandbox"


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """What each command said, in a list: one of them comes twice."""
    checkout = make_used_checkout(tmp_path_factory.mktemp("sandbox"))
    with (checkout.folder / "stacks" / "Pulumi.sandbox.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  {SAID}")
    variables = checkout.json("env", "--start")
    grow_quota(checkout.client("service-quotas"))
    reactions = {
        "Deploy stack sandbox to AWS? [y/N]: ": lambda: "y",
        "Its name: ": lambda: "sandbox",
        "waiting for the new servers of ": lambda: let_leave(checkout.client("autoscaling")) or "",
    }
    said = {command: [] for command in SANDBOX}
    for command in SANDBOX:
        environment = {**clean_environment(), **variables, **SHELL}
        said[command].append(at_a_terminal(checkout.command(*command.split()), environment, reactions))
    yield said
    checkout.run("down", "--now")


def grow_quota(quotas):
    """Ask for the processors that many small servers need, as the preflight advises."""
    quotas.request_service_quota_increase(ServiceCode=VCPUS.service, QuotaCode=VCPUS.code, DesiredValue=64)


def changes(text):
    """The last line of counts: what a command did, or would do."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", COUNTS.findall(text)[-1])}


def test_every_command_ends_well_but_the_one_that_finds_what_stands(story):
    codes = [(command, each.code) for command in dict.fromkeys(SANDBOX) for each in story[command] if each.code]
    assert codes == [(LEFTOVERS, 1)], story


def test_doctor_finds_the_account_that_the_stack_file_names(story):
    found = re.findall(r"^ok +(account|expires_at|zones) ", story["doctor --stack sandbox"][0].text, re.MULTILINE)
    assert sorted(found) == ["account", "expires_at", "zones"]


def test_up_shows_what_it_would_do_and_asks_before_it_does_it(story):
    shown, asked, did = story[UP][0].text.partition("Deploy stack sandbox to AWS? [y/N]: y\n")
    assert (changes(shown), bool(asked)) == (changes(did), True)


def test_pulumi_is_led_to_the_state_of_the_stack(story):
    assert "export PULUMI_BACKEND_URL=" in story["env --stack sandbox"][0].text


@pytest.mark.parametrize("up", [HORIZONTAL, VERTICAL])
def test_a_switch_shows_what_preview_shows_and_does_it(story, up):
    previewed, shown = story[up.replace("up", "preview")][0].text, story[up][0].text
    assert changes(previewed) == changes(shown.partition("Deploy stack ")[0]) == changes(shown)


def test_the_way_back_says_how_many_updates_it_takes_and_keeps_nothing_that_is_empty(story):
    text = story[VERTICAL][0].text
    assert (bool(re.search(r"This takes \d updates", text)), "kept: " in text) == (True, False), text


def test_what_stands_there_is_listed(story):
    assert re.search(r"^sandbox +us-east-1 ", story[LEFTOVERS][0].text, re.MULTILINE)


def test_down_asks_for_the_name_and_destroys_all_of_it(story):
    stood, text = changes(story[VERTICAL][0].text), story[DOWN][0].text
    left = sum(stood.get(word, 0) for word in ("created", "updated", "replaced", "unchanged"))
    assert ("Its name: sandbox" in text, changes(text)) == (True, {"deleted": left})


def test_what_is_destroyed_already_is_no_fault_for_scripts(story):
    assert "nothing to do" in story[FOR_SCRIPTS][0].text


def test_then_nothing_is_left(story):
    assert story[LEFTOVERS][1].text == "nothing is left\n"
