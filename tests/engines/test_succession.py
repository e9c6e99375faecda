"""A fleet that goes stays until those that take over from it answer behind the load balancer."""

from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from engines.graph import Graph, Resource
from engines.rollout import GROUP, RolloutError
from engines.succession import successors, unanswering, wait_for_successors


def group(name, *targets):
    inputs = {"minSize": 2.0, "targetGroupArns": list(targets)}
    return Resource(urn=name, type=GROUP, name=name, parent="", custom=True, id=f"{name}-1", inputs=inputs, outputs={})


@dataclass
class Targets:
    """An account whose groups have two servers each; of the target groups' answers each is used once, the last kept."""

    states: list[tuple[str, ...]]

    def client(self, service, region=None):  # noqa: ARG002  the account's own signature
        return self

    def describe_auto_scaling_groups(self, AutoScalingGroupNames):  # noqa: ARG002, N803  the API's spelling
        servers = [{"InstanceId": id_, "LifecycleState": "InService"} for id_ in ("i-1", "i-2")]
        return {"AutoScalingGroups": [{"Instances": servers}]}

    def describe_target_health(self, TargetGroupArn):  # noqa: ARG002, N803  the API's spelling
        states = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        rows = [{"Target": {"Id": f"i-{n}"}, "TargetHealth": {"State": each}} for n, each in enumerate(states, 1)]
        return {"TargetHealthDescriptions": rows}


def test_a_fleet_takes_over_from_one_that_goes_when_both_have_a_target_group():
    groups = [group("all", "a", "b"), group("one", "a"), group("other", "c"), group("workers")]
    found = successors(Graph(project="p", stack="s", resources=groups), {"all", "workers"})
    assert [each.name for each in found] == ["one"]


@pytest.mark.parametrize(
    ("states", "silent"),
    [([("healthy", "healthy")], []), ([("healthy", "initial")], ["web"]), ([("healthy",)], ["web"])],
)
def test_a_fleet_answers_when_its_least_number_is_healthy(states, silent):
    assert sorted(unanswering(Targets(states), [group("web", "a")])) == silent


def test_a_server_answers_when_each_of_its_target_groups_finds_it_healthy():
    account = Targets([("healthy", "healthy"), ("unhealthy", "healthy")])
    assert sorted(unanswering(account, [group("web", "a", "b")])) == ["web"]


def test_it_waits_until_the_fleet_answers():
    account = Targets([("initial", "initial"), ("healthy", "initial"), ("healthy", "healthy")])
    wait_for_successors(account, [group("web", "a")], pause_s=0)
    assert account.states == [("healthy", "healthy")]


def test_it_says_of_each_group_how_many_answer_whenever_that_changes():
    said = []
    states = [("initial", "initial"), ("initial", "initial"), ("healthy", "initial"), ("healthy", "healthy")]
    wait_for_successors(Targets(states), [group("web", "a")], said.append, pause_s=0)
    assert said == [f"waiting for web-1: {number} of 2 servers answer" for number in (0, 1)]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "Describe"), "AccessDenied; .*:DescribeTargetHealth, with"),
        (ClientError({"Error": {"Code": "ExpiredToken"}}, "Describe"), "nobody knows whether .* web-1 .*ExpiredToken"),
        (KeyboardInterrupt(), "stopped by Ctrl-C while web-1 comes up. The fleet that it takes over from"),
    ],
)
def test_a_wait_that_cannot_go_on_is_one_sentence_with_what_stays(error, said):
    class Refusing(Targets):
        def describe_target_health(self, TargetGroupArn):  # noqa: ARG002, N803  the API's spelling
            raise error

    with pytest.raises(RolloutError, match=f"{said}.* stays. Fix: the same command goes on"):
        wait_for_successors(Refusing([]), [group("web", "a")])


def test_a_fleet_that_never_answers_keeps_the_one_before_it():
    with pytest.raises(RolloutError, match="web-1 has fewer healthy servers than its least number"):
        wait_for_successors(Targets([("unhealthy",)]), [group("web", "a")], pause_s=0, patience_s=0)
