"""What old servers use is taken away when a fleet's instance refresh has ended, and stays when it has failed."""

from dataclasses import dataclass, field

import pytest

from engines.graph import Graph, Resource
from engines.rollout import GROUP, RolloutError, wait_for_new_servers

FLEET = Graph(project="p", stack="s", resources=[Resource(urn="u", type=GROUP, name="fleet", parent="", custom=True,
                                                          id="fleet-1")])  # fmt: skip


@dataclass
class Scaling:
    """An account whose one group has a refresh that goes through *statuses*."""

    statuses: list[str]
    asked: list[str] = field(default_factory=list)

    def client(self, service, region=None):  # noqa: ARG002  the account's own signature
        assert service == "autoscaling"
        return self

    def describe_instance_refreshes(self, **asked):
        self.asked.append(asked["AutoScalingGroupName"])
        return {"InstanceRefreshes": [{"Status": self.statuses.pop(0)}] if self.statuses else []}


def test_it_waits_until_the_refresh_has_ended():
    account = Scaling(["Pending", "InProgress", "Successful"])
    wait_for_new_servers(account, FLEET, pause_s=0)
    assert account.asked == ["fleet-1"] * 3


def test_a_fleet_that_never_was_refreshed_has_new_servers():
    account = Scaling([])
    wait_for_new_servers(account, FLEET, pause_s=0)
    assert account.asked == ["fleet-1"]


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"])
def test_a_refresh_that_failed_keeps_what_the_old_servers_use(status):
    with pytest.raises(RolloutError, match=f"the instance refresh of fleet-1 is {status} "):
        wait_for_new_servers(Scaling([status]), FLEET, pause_s=0)
