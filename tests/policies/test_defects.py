"""Every known bad input, of moto's blind spots and of peers, is found by a rule, or it is said why it cannot be."""

import csv
from pathlib import Path

import pytest

from tests.policies.fragments import fragments

BREAKING = {each.rule for each in fragments() if each.messages}
with Path(__file__).with_name("defects.tsv").open(encoding="utf-8", newline="") as file:
    DEFECTS = list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: f"{each['where']}: {each['what']}")
def test_a_bad_input_is_found_by_a_rule_or_excused(defect):
    assert defect["answer"].startswith("- ") or defect["answer"] in BREAKING


def test_no_more_than_a_fifth_is_excused():
    excused = [each for each in DEFECTS if each["answer"].startswith("- ")]
    assert len(excused) * 5 <= len(DEFECTS)
