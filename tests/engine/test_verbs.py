"""Our own verbs under Pulumi's engine: deployed, switched in place as the preview said, and destroyed."""

import json

import pytest

from tests.end_to_end.checkouts import clean_environment, make_checkout
from tests.end_to_end.terminals import at_a_terminal
from tests.engine.workers import let_leave
from tests.stories import SWITCHING

SHELL = {"PULUMI_SKIP_CHECKPOINTS": "true", "PG_BIN": "/nowhere"}
"""No servers behind the account: those that `up` starts are test_serve.py's."""
FIRST, THERE, AS_BEFORE, MORE, BACK, LOSING = (command for command in SWITCHING if command.startswith("up "))
PREVIEW, MORE_PREVIEWED, BACK_PREVIEWED, DRAINING = (each for each in SWITCHING if each.startswith("preview "))
SHARD = "customers-shard-01"


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each command answered with --json; before the way back, a customer is on the shard that goes."""
    checkout = make_checkout(tmp_path_factory.mktemp("verbs"))
    answers = {}
    for command in SWITCHING:
        if command == BACK_PREVIEWED:
            put_customer(checkout.client("dynamodb"))
        reactions = {"waiting for the new servers of ": lambda: let_leave(checkout.client("autoscaling")) or ""}
        words = checkout.command(*command.split(), "--json")
        said = at_a_terminal(words, {**clean_environment(), **SHELL}, reactions, apart=True)
        assert said.code == 0, said
        answers[command] = json.loads(said.answer)
        answers["status", command] = checkout.json("status")
    return answers


def put_customer(tables):
    [name] = [each for each in tables.list_tables()["TableNames"] if SHARD in each]
    keys = tables.describe_table(TableName=name)["Table"]["KeySchema"]
    tables.put_item(TableName=name, Item={key["AttributeName"]: {"S": "eve"} for key in keys})


def lost(answer):
    return {(each["name"], each["change"], each["empty"]) for each in answer["data"] if not each["copy"]}


def nothing_but(answer, **counts):
    return {**dict.fromkeys(answer["changes"], 0), "same": answer["changes"]["same"], **counts}


def test_the_account_says_which_engine_deploys_to_it(answers):
    status = answers["status", FIRST]
    assert (status["engine"], status["resources"]) == ("pulumi", answers[FIRST]["changes"]["create"])


def test_up_again_goes_on_in_the_same_account(answers):
    assert answers[THERE]["endpoint"] == answers[FIRST]["endpoint"]


def test_up_again_with_nothing_new_changes_nothing(answers):
    assert answers[AS_BEFORE]["changes"] == nothing_but(answers[AS_BEFORE])


@pytest.mark.parametrize(("up", "preview"), [(THERE, PREVIEW), (MORE, MORE_PREVIEWED), (BACK, BACK_PREVIEWED)])
def test_an_update_changes_what_its_preview_said(answers, up, preview):
    assert answers[up]["changes"] == answers[preview]["changes"]


def test_a_switch_deletes_what_its_preview_said(answers):
    assert sorted(answers[THERE]["deleted"]) == sorted(answers[PREVIEW]["deleted"])


def test_a_switch_of_the_scaling_replaces_nothing(answers):
    assert answers[THERE]["replaced"] == []


def test_a_switch_to_horizontal_loses_no_data(answers):
    assert lost(answers[PREVIEW]) == set()


def test_another_number_of_servers_changes_every_fleet_in_place(answers):
    assert answers[MORE]["changes"] == nothing_but(answers[MORE], update=answers[MORE]["changes"]["update"])
    assert answers[MORE]["changes"]["update"] > 0


def test_refresh_finds_the_account_as_it_was_made(answers):
    assert answers["refresh"]["changes"] == nothing_but(answers["refresh"])


@pytest.mark.parametrize("command", [BACK_PREVIEWED, BACK])
def test_the_way_back_keeps_a_shard_that_holds_items_and_says_so(answers, command):
    kept = [sentence.partition(". ")[0] for sentence in answers[command]["kept"]]
    assert (kept, lost(answers[command])) == ([f"Table {SHARD} still holds items"], set())


def test_a_shard_that_the_settings_let_drain_stays_as_well(answers):
    assert lost(answers[DRAINING]) == set()


def test_a_shard_that_is_named_goes_with_what_is_in_it(answers):
    assert lost(answers[LOSING]) == {(SHARD, "delete", False)}


def test_down_destroys_all_that_stood(answers):
    stood = answers["status", LOSING]["resources"]
    assert answers["down"]["changes"] == {**dict.fromkeys(answers["down"]["changes"], 0), "delete": stood}


def test_down_ends_the_account(answers):
    assert answers["status", "down"] == {"running": False}
