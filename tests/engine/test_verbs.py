"""Our own verbs under Pulumi's engine: deployed, switched in place as the preview said, and destroyed."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.checkouts import make_checkout


@dataclass(frozen=True, slots=True)
class Answers:
    """What each command answered with --json, in the order in which they ran."""

    first: Any
    status: Any
    preview: Any
    switched: Any
    back: Any
    down: Any
    after: Any


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    checkout = make_checkout(tmp_path_factory.mktemp("verbs"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_SKIP_CHECKPOINTS", "true")
        return Answers(
            checkout.json("up", "--engine", "pulumi", "--scaling", "vertical", "--no-serve"),
            checkout.json("status"),
            checkout.json("preview", "--scaling", "horizontal"),
            checkout.json("up", "--scaling", "horizontal", "--no-serve"),
            checkout.json_of_any_exit("preview", "--scaling", "vertical"),
            checkout.json("down"),
            checkout.json("status"),
        )


def test_the_account_says_which_engine_deploys_to_it(answers):
    assert (answers.status["engine"], answers.status["resources"]) == ("pulumi", answers.first["changes"]["create"])


def test_up_again_goes_on_in_the_same_account(answers):
    assert answers.switched["endpoint"] == answers.first["endpoint"]


def test_a_switch_changes_what_its_preview_said(answers):
    assert answers.switched["changes"] == answers.preview["changes"]


def test_a_switch_deletes_what_its_preview_said(answers):
    assert sorted(answers.switched["deleted"]) == sorted(answers.preview["deleted"])


def test_a_switch_of_the_scaling_replaces_nothing(answers):
    assert answers.switched["replaced"] == []


def test_a_switch_to_horizontal_loses_no_data(answers):
    assert answers.preview["data"] == []


def test_the_way_back_loses_only_shards_that_are_empty(answers):
    lost = {(each["name"], each["empty"]) for each in answers.back["data"] if not each["copy"]}
    assert lost == {("customers-shard-01", True)}


def test_down_destroys_all_that_stood(answers):
    changes = answers.switched["changes"]
    stood = changes["create"] + changes["update"] + changes["same"]
    assert answers.down["changes"] == {**dict.fromkeys(changes, 0), "delete": stood}


def test_down_ends_the_account(answers):
    assert answers.after == {"running": False}
