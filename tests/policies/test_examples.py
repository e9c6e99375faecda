"""Whole programs as documentation shows them get no mandatory finding, and no advice but what is listed."""

from collections import Counter

import pytest

from policies.checker import mandatory
from tests.policies.examples import examples
from tests.policies.fragments import findings

EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_documented_way_of_doing_it_is_no_finding(example):
    found = findings(example.program)
    assert ([str(each) for each in mandatory(found)], tuple(sorted(each.rule.id for each in found))) == (
        [],
        example.advised,
    )


def test_there_are_a_hundred_examples_of_different_names():
    names = Counter(str(each) for each in EXAMPLES)
    assert (len(names) >= 100, max(names.values())) == (True, 1)


def test_most_examples_get_no_finding_at_all():
    assert sum(not each.advised for each in EXAMPLES) * 2 > len(EXAMPLES)
