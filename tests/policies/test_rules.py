"""Each rule finds what breaks it, in exactly its words, and is silent about what stands right at its limit."""

from collections import Counter

import pytest

from policies.checker import mandatory
from policies.rules import all_rules
from tests.policies.fragments import findings, fragments, recorded
from tests.policies.messages import whole
from tests.policies.unknowns import TAKEN_TOGETHER, hidden, invented, seen

FRAGMENTS = list(fragments())
BREAKING = [each for each in FRAGMENTS if each.messages]
GOOD = [each for each in FRAGMENTS if not each.messages]


@pytest.mark.parametrize("fragment", BREAKING, ids=str)
def test_a_broken_rule_says_what_got_allowed_and_fix(fragment):
    found = [each for each in findings(fragment.program) if each.rule.id == fragment.rule]
    assert [str(each) for each in found] == [whole(each, fragment.rule) for each in fragment.messages]


@pytest.mark.parametrize("fragment", GOOD, ids=str)
def test_what_stands_right_at_a_limit_breaks_nothing(fragment):
    found = findings(fragment.program)
    forbidding = [str(each) for each in mandatory(found)]
    assert (forbidding, [str(each) for each in found if each.rule.id == fragment.rule]) == ([], [])


@pytest.fixture(scope="module")
def known():
    """All that the fragments have in some place."""
    return seen(recorded(each.program) for each in FRAGMENTS)


@pytest.mark.parametrize(
    "rule", [each for each in all_rules() if each.id not in TAKEN_TOGETHER], ids=lambda rule: rule.id
)
def test_an_unknown_hides_only_what_depends_on_it(rule, known):
    broken = [recorded(each.program) for each in BREAKING if each.rule == rule.id]
    assert [silenced for stack in broken for silenced in hidden(stack, rule, known)] == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_an_unknown_is_never_the_reason_of_a_finding(rule, known):
    about = [recorded(each.program) for each in FRAGMENTS if each.rule == rule.id]
    assert [new for stack in about for new in invented(stack, rule, known)] == []


def test_every_rule_that_weighs_values_together_is_one():
    assert TAKEN_TOGETHER.keys() <= {rule.id for rule in all_rules()}


def test_every_rule_is_broken_by_a_fragment_and_every_fragment_has_its_rule():
    rules = Counter(rule.id for rule in all_rules())
    assert set(rules) == {each.rule for each in BREAKING}
    assert {each.rule for each in GOOD} <= set(rules)


def test_no_two_rules_share_an_id():
    assert [id_ for id_, count in Counter(rule.id for rule in all_rules()).items() if count > 1] == []


def test_every_rule_gives_its_reason_in_one_sentence_its_source_and_its_fix():
    def is_whole(rule):
        one = rule.reason.endswith(".") and "\n" not in rule.reason
        return one and rule.source.startswith("https://") and rule.fix and not rule.fix.endswith(".")

    assert [rule.id for rule in all_rules() if not is_whole(rule)] == []
