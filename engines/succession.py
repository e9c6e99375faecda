"""Find the fleets that take over from others that go, and wait until they answer behind the load balancer."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable

from engines.cloud import FAILED
from engines.draining import Account
from engines.graph import Graph, Resource
from engines.rollout import GROUPS, PAUSE_S, Words, unknown, wait_while
from policies.handover import GROUP

PATIENCE_S = 1800
"""Two boots of five minutes each, the health checks after them, and as long again."""
STAYS = "The fleet that it takes over from stays. Fix: the same command goes on from there"


def successors(deployed: Graph, going: Collection[str]) -> list[Resource]:
    """The groups that stand, stay, and share target groups with one of those that go, by URN.

    The provider waits for healthy targets where it makes a group, and never again: one that an update left behind
    half-made stands in the state like any other (aws.autoscaling.Group, `minElbCapacity`).
    """
    groups = deployed.of_type(GROUP)
    shared = {arn for each in groups if each.urn in going for arn in _targets(each)}
    return [each for each in groups if each.urn not in going and shared & _targets(each)]


def unanswering(account: Account, groups: Iterable[Resource]) -> frozenset[str]:
    """URNs of those of *groups* of which fewer servers than their least number answer."""
    return frozenset(each.urn for each in groups if _answering(account, each) < int(each.inputs["minSize"]))


def wait_for_successors(
    account: Account,
    groups: list[Resource],
    say: Callable[[str], None] = lambda _sentence: None,
    *,
    pause_s: float = PAUSE_S,
    patience_s: float = PATIENCE_S,
) -> None:
    """Return when all of *groups* answer; *say* takes what changes meanwhile, group by group.

    RolloutError where that does not come, is stopped by Ctrl-C, or takes longer than *patience_s* in all.
    """
    deadline = time.monotonic() + patience_s
    for group in groups:
        _wait_for(account, group, deadline, say, pause_s)


def _wait_for(account: Account, group: Resource, deadline: float, say: Callable[[str], None], pause_s: float) -> None:
    least = int(group.inputs["minSize"])
    words: Words[int] = Words(
        goes_on=lambda now: f"waiting for {group.id}: {now} of {least} servers answer" if now < least else "",
        too_long=lambda now: (
            f"{group.id} has fewer healthy servers than its least number, {now} of {least}; allowed: that"
            " many, before the fleet goes that it takes over from. Fix: look at the group's activities and the"
            " servers' log, mend them, then this again"
        ),
        stopped=f"stopped by Ctrl-C while {group.id} comes up. {STAYS}",
    )
    wait_while(lambda: _answering(account, group), words, say, deadline=deadline, pause_s=pause_s)


def _answering(account: Account, group: Resource) -> int:
    """How many servers answer; RolloutError where the account cannot be asked."""
    try:
        return _healthy(account, group)
    except FAILED as error:
        calls = f"{GROUPS} and elasticloadbalancing:DescribeTargetHealth"
        raise unknown(f"the servers of {group.id} answer", calls, error) from error


def _healthy(account: Account, group: Resource) -> int:
    """How many servers are in service and healthy in each target group, which is how the provider counts them."""
    found = account.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group.id])
    servers = [each for row in found["AutoScalingGroups"] for each in row["Instances"]]
    serving = {each["InstanceId"] for each in servers if each["LifecycleState"] == "InService"}
    for arn in _targets(group):
        health = account.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        serving &= {row["Target"]["Id"] for row in health if row["TargetHealth"]["State"] == "healthy"}
    return len(serving)


def _targets(group: Resource) -> set[str]:
    return set(group.inputs.get("targetGroupArns") or ())
