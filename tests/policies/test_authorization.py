"""Actions are matched with ARNs as IAM matches them, and AWS's reference is the one that was asked for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.authorization import Action, actions, arn_pattern

TEXT = st.text("ab/", max_size=8)


def works_on(pattern, resource):
    return Action(name="x:Y", access_level="Read", arns=(f"arn:aws:x:::{pattern}",), keys=frozenset()).works_on(
        f"arn:aws:x:::{resource}"
    )


@given(st.text("ab/*", max_size=8), TEXT)
def test_a_resource_without_wildcards_is_matched_as_a_regular_expression_would(pattern, resource):
    expected = re.fullmatch(pattern.replace("*", ".*"), resource) is not None
    assert works_on(pattern, resource) == expected


@given(TEXT, st.data())
def test_two_patterns_of_one_text_meet(text, data):
    def widened():
        start, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
        return f"{text[:start]}*{text[end:]}"

    assert works_on(widened(), widened())


@pytest.mark.parametrize(
    ("resource", "expected"),
    [("b", True), ("b*", True), ("b/*", False), ("*", True), ("?", True), ("${aws:PrincipalTag/team}", True)],
)
def test_a_bucket_ends_where_its_objects_begin(resource, expected):
    [action] = actions("s3:ListBucket")
    assert action.works_on(f"arn:aws:s3:::{resource}") == expected


def test_an_action_that_came_in_2025_is_known():
    assert [each.name for each in actions("s3tables:getTableBucket")] == ["s3tables:GetTableBucket"]


@pytest.mark.parametrize(
    ("service", "kind", "end"),
    [("logs", "logGroup", ":log-group:${LogGroupName}"), ("lambda", "function", ":function:${FunctionName}")],
)
def test_a_kind_is_found_however_it_is_spelt(service, kind, end):
    assert (arn_pattern(service, kind) or "").endswith(end)
