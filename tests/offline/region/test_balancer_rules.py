"""A request meets the first rule whose conditions all hold, compared as Elastic Load Balancing compares."""

import time

import pytest

from offline.region.balancer.health import HEALTHY, INITIAL, UNHEALTHY, Pool, Watched, is_good
from offline.region.balancer.matching import Asked, drawn, location, met
from offline.region.balancer.reading import _rule
from offline.region.balancer.table import Action, Check, Condition, Group, Listener, Rule, Target

GOOD = Action(groups={"good": 1})
NONE = Action(status=404)
CHECK = Check(path="/", interval_s=10, timeout_s=5, healthy_after=2, unhealthy_after=3, codes="200")


def listener(*conditions):
    rules = (Rule(conditions=conditions, action=GOOD), Rule(conditions=(), action=NONE))
    return Listener(port=80, protocol="HTTP", rules=rules)


def action(of, request):
    """What becomes of a request."""
    return met(of, request).action


def asked(path="/", method="GET", **headers):
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Asked(method=method, path=path, query="a=1&Size=XL&*=2", headers=given, source="127.0.0.9")


@pytest.mark.parametrize(
    ("pattern", "path", "met"),
    [
        ("/orders", "/orders", True),
        ("/orders", "/orders/1", False),
        ("/orders/*", "/orders/1/lines", True),
        ("/orders/*", "/orders", False),
        ("/orders", "/Orders", False),
        ("/item-?", "/item-7", True),
        ("/item-?", "/item-77", False),
        ("/a.c", "/abc", False),
    ],
)
def test_a_path_is_compared_with_its_case_and_two_wildcards(pattern, path, met):
    condition = Condition(field="path-pattern", values=(pattern,))
    assert action(listener(condition), asked(path)) == (GOOD if met else NONE)


def test_a_header_may_have_any_of_its_values_whatever_their_case():
    condition = Condition(field="http-header", header="X-Origin-Verify", values=("One", "Two"))
    answers = [action(listener(condition), asked(x_origin_verify=value)) for value in ("two", "three")]
    assert [*answers, action(listener(condition), asked())] == [GOOD, NONE, NONE]


def test_all_conditions_of_a_rule_must_hold():
    both = (Condition(field="path-pattern", values=("/a",)), Condition(field="http-request-method", values=("PUT",)))
    assert [action(listener(*both), asked("/a", method)) for method in ("PUT", "GET")] == [GOOD, NONE]


def test_a_host_is_compared_without_its_port_and_its_case():
    condition = Condition(field="host-header", values=("*.example.com",))
    assert action(listener(condition), asked(host="Shop.Example.com:8080")) == GOOD


@pytest.mark.parametrize(
    ("key", "value", "met"),
    [
        ("a", "1", True),
        ("a", "2", False),
        ("size", "x?", True),
        ("", "xl", True),
        ("", "size", False),
        ("s*", "*", True),
        (r"\*", "2", True),
        (r"\*", "1", False),
    ],
)
def test_a_query_has_a_pair_whatever_its_case(key, value, met):
    condition = Condition(field="query-string", values=("never", value), keys=("never", key))
    assert action(listener(condition), asked()) == (GOOD if met else NONE)


@pytest.mark.parametrize(
    ("blocks", "met"),
    [
        (["10.0.0.0/8", "127.0.0.0/24"], True),
        (["127.0.0.9/32"], True),
        (["127.0.1.0/24", "::/0"], False),
    ],
)
def test_a_source_is_who_connects(blocks, met):
    condition = Condition(field="source-ip", values=tuple(blocks))
    assert action(listener(condition), asked(x_forwarded_for="10.0.0.1")) == (GOOD if met else NONE)


@pytest.mark.parametrize(
    ("groups", "chosen"),
    [
        ({"a": 1, "b": 3}, ["a", "b", "b", "b"]),
        ({"a": 0, "b": 1}, ["b", "b", "b", "b"]),
        ({"a": 1, "b": 0}, ["a", "a", "a", "a"]),
        ({"a": 0, "b": 0}, ["", "", "", ""]),
    ],
)
def test_a_group_gets_its_weights_share_of_requests(groups, chosen):
    assert [drawn(groups, point) for point in (0.0, 0.25, 0.5, 0.999)] == chosen


def test_a_rule_of_the_account_keeps_its_sources_pairs_and_weights():
    pairs = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a", "Value": "b"}, {"Value": "c"}]}}
    sources = {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}
    groups = [{"TargetGroupArn": "blue", "Weight": 9}, {"TargetGroupArn": "green"}]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    described = {"Conditions": [pairs, sources], "Actions": [forward], "IsDefault": False, "Priority": "7"}
    assert _rule(described) == Rule(
        priority=7,
        conditions=(
            Condition(field="query-string", values=("b", "c"), keys=("a", "")),
            Condition(field="source-ip", values=("10.0.0.0/8",)),
        ),
        action=Action(groups={"blue": 9, "green": 1}),
    )


def test_a_redirect_keeps_what_it_does_not_change():
    text = "HTTPS://#{host}:443/#{path}?#{query}"
    assert location(text, listener(), asked("/a/b", host="shop.dev")) == "https://shop.dev/a/b?a=1&Size=XL&*=2"


@pytest.mark.parametrize(("codes", "good"), [("200", [200]), ("200,204", [200, 204]), ("200-203", [200, 203])])
def test_a_matcher_names_codes_and_ranges(codes, good):
    assert [code for code in (200, 203, 204, 404) if is_good(code, codes)] == good


def watched(name="a", state=INITIAL):
    target = Target(id=name, address="127.0.0.1", port=1)
    return Watched(target, Group(arn="g", check=CHECK, targets=(target,)), state)


def learned(one, *answers):
    for answer in answers:
        one.learn(good=answer)
    return one.state


def test_a_new_target_is_healthy_after_its_first_good_answer():
    assert learned(watched(), True) == HEALTHY


def test_a_target_changes_its_state_after_as_many_answers_in_a_row_as_its_group_says():
    one = watched(state=HEALTHY)
    assert [learned(one, False, False, True, False, False), learned(one, False)] == [HEALTHY, UNHEALTHY]
    assert [learned(one, True), learned(one, True)] == [UNHEALTHY, HEALTHY]


@pytest.mark.parametrize(
    ("states", "able"),
    [
        ((HEALTHY, UNHEALTHY, HEALTHY), {"0", "2"}),
        ((UNHEALTHY, UNHEALTHY, INITIAL), {"0", "1"}),
        ((INITIAL, INITIAL, INITIAL), {None}),
    ],
)
def test_requests_go_to_the_healthy_targets_in_turn_and_to_all_when_none_is(states, able):
    known = {str(number): watched(str(number), state) for number, state in enumerate(states)}
    pool = Pool(watched().group, known)
    chosen = [pool.next() for _ in range(6)]
    assert {each and each.target.id for each in chosen} == able


def test_a_new_targets_share_grows_while_it_starts_slowly():
    slow = Group(arn="web", check=CHECK, targets=(), slow_start_s=1e6)
    pool = Pool(slow)
    for name, age in (("old", 1e6), ("new", 1e6 / 4)):
        made = Watched(Target(id=name, address="127.0.0.1", port=80), slow, HEALTHY, since=time.monotonic() - age)
        pool.watched[name] = made
    chosen = [pool.next() for _ in range(50)]
    assert sum(each is pool.watched["new"] for each in chosen) == 10
