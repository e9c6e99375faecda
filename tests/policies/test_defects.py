"""Every known bad input, of moto's blind spots and of peers, is found in a fragment of its own, or cannot be said."""

import contextlib
import csv
import inspect
from collections import Counter
from pathlib import Path

import pulumi_aws as aws
import pytest

from engines.embedded import deploy
from offline.account import open_account
from tests.policies.fragments import REGION, fragments

BREAKING = {(each.program.__name__, each.rule): each.program for each in fragments() if each.messages}
"""tests/policies/test_rules.py runs each of these and holds its messages."""
with Path(__file__).with_name("defects.tsv").open(encoding="utf-8", newline="") as file:
    DEFECTS = list(csv.DictReader(file, delimiter="\t"))
LISTED = [each for each in DEFECTS if each["where"] not in ("peer", "account")]
"""The 163 that were written down by name, of 248 that went through when 386 bad inputs were tried on moto 5.2.5."""
ACCOUNT = [each for each in DEFECTS if each["where"] == "account"]
"""Further fragments that moto took, when each that breaks a mandatory rule was deployed to the offline account: they
stand for the 85 that were counted and not written down."""
SAID = [each for each in DEFECTS if not each["answer"].startswith("- ")]


def test_every_bad_input_is_a_fragment_that_its_rule_finds():
    assert [each["what"] for each in SAID if (each["fragment"], each["answer"]) not in BREAKING] == []


def test_every_bad_input_has_a_fragment_of_its_own():
    assert [name for name, count in Counter(each["fragment"] for each in SAID).items() if count > 1] == []


def test_every_bad_input_of_the_measurement_is_listed_once():
    measured = [(each["where"], each["what"]) for each in LISTED]
    assert (len(measured), len(set(measured))) == (163, 163)


def test_no_fewer_bad_inputs_are_known_than_the_measurement_found():
    cannot_be_said = [each for each in LISTED if each["answer"].startswith("- ")]
    assert (len(cannot_be_said), len(LISTED) - len(cannot_be_said), len(ACCOUNT)) == (30, 133, 160)
    assert len(LISTED) + len(ACCOUNT) >= 248


def only(defect):
    """The program of its fragment, whatever that returns."""
    program = BREAKING[defect["fragment"], defect["answer"]]

    def run():
        program()

    return run


@pytest.mark.parametrize("defect", ACCOUNT[::35], ids=lambda each: each["what"])
def test_the_account_takes_what_only_a_rule_refuses(defect):
    with contextlib.closing(open_account(REGION, seed="defects")) as account:
        made = deploy(only(defect), account, project="defects", stack="one", config={"aws:region": REGION})
    assert made.graph.resources


def test_no_more_than_a_fifth_is_excused():
    assert (len(DEFECTS) - len(SAID)) * 5 <= len(DEFECTS)


@pytest.mark.parametrize(
    ("class_", "argument"), [(aws.lb.LoadBalancer, "scheme"), (aws.sqs.Queue, "colour"), (aws.sns.Topic, "colour")]
)
def test_what_no_program_can_say_is_no_argument(class_, argument):
    assert argument not in inspect.signature(class_._internal_init).parameters
