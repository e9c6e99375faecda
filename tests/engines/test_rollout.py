"""What old servers use is taken away when all servers of a fleet are new, and stays when its refresh has failed."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from botocore.exceptions import ClientError

from engines.draining import Shards, holds
from engines.graph import STACK_TYPE, Graph, Resource
from engines.rollout import GROUP, TEMPLATE, RolloutError, groups_with_old_servers, growing, wait_for_new_servers

SHARD_URN = "urn:pulumi:s::p::bigpicture:data:ShardedTable$aws:dynamodb/table:Table::customers-shard-01"


def made(type_, name, urn="", outputs=None, **inputs):
    return Resource(urn=urn or name, type=type_, name=name, parent="", custom=True, id=f"{name}-1", inputs=inputs,
                    outputs=outputs or {})  # fmt: skip


def state(version="2", **more):
    """A fleet as the state knows it: of this version of a template whose newest is 2."""
    wanted = {"id": "server-1", "version": version}
    group = {"instanceRefresh": {"strategy": "Rolling"}, "launchTemplate": wanted} | more
    template = made(TEMPLATE, "server", outputs={"latestVersion": 2})
    return Graph(project="p", stack="s", resources=[template, made(GROUP, "fleet", "", {}, **group)])


@dataclass
class Scaling:
    """An account whose one group has a refresh that goes through *statuses*, and servers of *versions*."""

    statuses: list[str]
    versions: list[str] = field(default_factory=lambda: ["2", "2"])
    asked: list[str] = field(default_factory=list)
    leaving: int = 0
    """How often the account still answers that an old server, a worker with a job, leaves."""

    def client(self, service, region=None):  # noqa: ARG002  the account's own signature
        return self

    def describe_auto_scaling_groups(self, AutoScalingGroupNames):  # noqa: N803  the API's spelling
        servers: list[Any] = [
            {"LaunchTemplate": {"LaunchTemplateId": "server-1", "Version": each}} for each in self.versions
        ]
        if self.leaving:
            self.leaving -= 1
            servers.append({"LaunchTemplate": {"Version": "1"}, "LifecycleState": "Terminating:Wait"})
        return {"AutoScalingGroups": [{"AutoScalingGroupName": AutoScalingGroupNames[0], "Instances": servers}]}

    def describe_instance_refreshes(self, **asked):
        self.asked.append(asked["AutoScalingGroupName"])
        return {"InstanceRefreshes": [{"Status": self.statuses.pop(0)}] if self.statuses else []}

    def scan(self, **_asked):
        return {"Items": []}


def test_it_looks_again_after_a_second_then_twice_as_long_until_the_pause_is_the_longest():
    assert list(islice(growing(15), 6)) == [1, 2, 4, 8, 15, 15]


def test_it_waits_until_the_refresh_has_ended():
    account = Scaling(["Pending", "InProgress", "Successful"])
    wait_for_new_servers(account, state(), pause_s=0)
    assert account.asked == ["fleet-1"] * 3


def test_it_waits_for_an_old_server_that_finishes_its_work_after_the_refresh():
    said = []
    wait_for_new_servers(Scaling([], leaving=2), state(), said.append, pause_s=0)
    assert said == ["waiting for the new servers of fleet-1: old ones that finish their work: 1"]


def test_an_old_server_that_finishes_its_work_is_an_old_server():
    assert groups_with_old_servers(Scaling([], leaving=1), state()) == {"fleet"}


def test_a_fleet_that_never_was_refreshed_has_new_servers():
    account = Scaling([])
    wait_for_new_servers(account, state(), pause_s=0)
    assert account.asked == ["fleet-1"]


def test_it_says_of_each_group_how_far_it_is_whenever_that_changes():
    said = []
    wait_for_new_servers(
        Scaling(["Pending", "InProgress", "InProgress", "Successful"]), state(), said.append, pause_s=0
    )
    waiting = "waiting for the new servers of fleet-1: "
    assert said == [f"{waiting}Pending, 0 %", f"{waiting}InProgress, 0 %"]


def test_a_refresh_that_still_goes_on_after_the_longest_wait_is_not_called_failed():
    with pytest.raises(
        RolloutError, match=r"fleet-1 still gets new servers .InProgress, 0 %.* the same command goes on"
    ):
        wait_for_new_servers(Scaling(["InProgress"]), state(), patience_s=-1)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ClientError({"Error": {"Code": "ExpiredToken"}}, "Describe"), "nobody knows .* fleet-1 .*: ExpiredToken; .*"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "Describe"), "AccessDenied; .* DescribeInstanceRefreshes"),
        (KeyboardInterrupt(), "stopped by Ctrl-C while fleet-1 gets new servers"),
    ],
)
def test_a_wait_that_cannot_go_on_says_what_stays(error, said):
    class Refusing(Scaling):
        def describe_instance_refreshes(self, **_asked):
            raise error

    with pytest.raises(RolloutError, match=f"{said}.* What old servers use stays. Fix: the same command goes on"):
        wait_for_new_servers(Refusing([]), state())


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"])
def test_a_refresh_that_failed_keeps_what_the_old_servers_use(status):
    with pytest.raises(RolloutError, match=f"runs servers of version 1 of .* refresh is {status} "):
        wait_for_new_servers(Scaling([status], ["1", "2"]), state(), pause_s=0)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Failed", r"and old ones were left; .* refresh --stack s, mend what .* or have them run .* begin it again"),
        ("Cancelled", r"refresh --stack s, begin it again \(aws autoscaling start-instance-refresh"),
        ("RollbackSuccessful", r"which with Pulumi is the new version; .* refresh --stack s, mend what the new"),
        ("RollbackFailed", r"and did not get there; .* s, look at the group's activities"),
    ],
)
def test_a_refresh_that_failed_is_explained_with_what_to_mend(status, said):
    with pytest.raises(RolloutError, match=said):
        wait_for_new_servers(Scaling([status], ["1", "2"]), state(), pause_s=0)


def test_a_refresh_that_was_cancelled_long_ago_keeps_nothing_when_all_servers_are_new():
    account = Scaling(["Cancelled"])
    wait_for_new_servers(account, state(), pause_s=0)
    assert account.asked == ["fleet-1"]


@pytest.mark.parametrize(
    ("status", "versions", "deployed", "old"),
    [
        ("Successful", ["2", "2"], state(), []),
        ("InProgress", ["2", "2"], state(), ["fleet"]),
        ("RollbackSuccessful", ["1", "1"], state(), ["fleet"]),
        ("RollbackSuccessful", ["1", "1"], state("1"), ["fleet"]),
    ],
)
def test_a_group_has_old_servers_while_it_is_refreshed_or_any_is_not_of_the_newest_version(
    status, versions, deployed, old
):
    assert sorted(groups_with_old_servers(Scaling([status], versions), deployed)) == old


def test_a_table_of_which_more_is_to_be_read_may_hold_items():
    class Paged(Scaling):
        def scan(self, **_asked):
            return {"Items": [], "LastEvaluatedKey": {"id": {"S": "a"}}}

    assert holds(Paged([]), "t") == "was read in part only, and may hold items"


@pytest.mark.parametrize(("status", "now"), [("Successful", 0), ("InProgress", 1)])
def test_an_empty_shard_that_the_map_names_stays_while_old_servers_may_write_to_it(status, now):
    graph = state()
    mapped = made(STACK_TYPE, "s", outputs={"shard_map": {"draining": ["shard-01"]}})
    graph.resources += [mapped, made("aws:dynamodb/table:Table", "customers-shard-01", SHARD_URN)]
    assert Shards(wanted=1).look(graph, Scaling([status])).now == now
