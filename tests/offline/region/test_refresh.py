"""An instance refresh goes on as new servers get healthy, pauses where it is told to, and goes back if they do not."""

import pytest

from offline.account import open_account
from offline.region.scaling.groups import Scaling
from offline.region.scaling.readings import Observed
from tests.offline.region.standing_clock import Clock
from tests.offline.servers import fleet, group, ids, registered, server

PREFERENCES = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200, "InstanceWarmup": 60, "SkipMatching": True}
SECOND = {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "2"}}


class Rollout:
    """A fleet of four behind a target group, a second version of its template, and a refresh that brings it."""

    def __init__(self, account, **preferences):
        self.account, self.clock = account, Clock()
        self.arn = fleet(account, 4, HealthCheckType="ELB", HealthCheckGracePeriod=0)
        self.before, self.scaling = ids(account), Scaling(account, self.clock)
        account.client("ec2").create_launch_template_version(
            LaunchTemplateName="web", LaunchTemplateData=server(account)
        )
        self.begin(**preferences)

    def begin(self, **preferences):
        """Begin a refresh that brings the second version."""
        self.account.client("autoscaling").start_instance_refresh(
            AutoScalingGroupName="web", DesiredConfiguration=SECOND, Preferences={**PREFERENCES, **preferences}
        )

    def step(self, seconds=0, new="healthy"):
        """Let time pass; old servers are healthy and new ones are as is said. Returns how many old and new serve."""
        self.clock.now += seconds
        states = {name: "healthy" if name in self.before else new for name in ids(self.account)}
        self.scaling.step(Observed(health={self.arn: states}))
        old = len([name for name in ids(self.account) if name in self.before])
        return old, len(ids(self.account)) - old

    def status(self):
        refreshes = self.account.client("autoscaling").describe_instance_refreshes(AutoScalingGroupName="web")
        return refreshes["InstanceRefreshes"][0]["Status"]


@pytest.fixture
def account():
    opened = open_account("us-east-1", "refresh")
    yield opened
    opened.close()


def test_new_servers_come_before_old_ones_leave(account):
    rollout = Rollout(account)
    assert [rollout.step(), rollout.step(), rollout.step(59), rollout.step(1)] == [(4, 4), (4, 4), (4, 4), (0, 4)]


def test_old_servers_stay_for_as_long_as_the_new_ones_are_not_healthy(account):
    rollout = Rollout(account)
    assert [rollout.step(), rollout.step(600, new="initial"), rollout.step(600, new="initial")] == [(4, 4)] * 3


def test_a_refresh_says_how_far_it_is(account):
    rollout = Rollout(account)
    begun = rollout.status()
    rollout.step()
    goes_on = rollout.status()
    for _ in range(3):
        rollout.step(60)
    assert (begun, goes_on, rollout.status()) == ("Pending", "InProgress", "Successful")


def test_a_refresh_pauses_at_its_checkpoint(account):
    rollout = Rollout(account, CheckpointPercentages=[50, 100], CheckpointDelay=300)
    seen = [rollout.step(seconds) for seconds in (0, 0, 60, 0, 299, 1, 0, 60)]
    assert seen == [(4, 2), (4, 2), (2, 2), (2, 2), (2, 2), (2, 4), (2, 4), (0, 4)]


def test_a_refresh_whose_new_server_gets_sick_goes_back_to_the_template_of_before(account):
    rollout = Rollout(account, AutoRollback=True)
    rollout.step()
    rollout.step(1, new="unhealthy")
    rolled_back = rollout.status()
    for _ in range(3):
        rollout.step(60)
    versions = {each["LaunchTemplate"]["Version"] for each in group(account)["Instances"]}
    assert (rolled_back, rollout.status(), versions) == ("RollbackInProgress", "RollbackSuccessful", {"1"})


def test_a_group_that_was_set_to_the_new_template_first_goes_back_to_that_very_one(account):
    rollout = Rollout(account)
    scaling = account.client("autoscaling")
    scaling.cancel_instance_refresh(AutoScalingGroupName="web")
    scaling.update_auto_scaling_group(AutoScalingGroupName="web", **SECOND)
    rollout.begin(AutoRollback=True)
    scaling.rollback_instance_refresh(AutoScalingGroupName="web")
    assert group(account)["LaunchTemplate"]["Version"] == "2"


def test_a_refresh_that_brings_nothing_of_its_own_is_not_rolled_back(account):
    Rollout(account)
    scaling = account.client("autoscaling")
    scaling.cancel_instance_refresh(AutoScalingGroupName="web")
    scaling.start_instance_refresh(AutoScalingGroupName="web")
    with pytest.raises(scaling.exceptions.IrreversibleInstanceRefreshFault):
        scaling.rollback_instance_refresh(AutoScalingGroupName="web")


def test_what_servers_are_made_of_stays_while_a_refresh_brings_another(account):
    scaling = Rollout(account).account.client("autoscaling")
    with pytest.raises(scaling.exceptions.ClientError, match="An active instance refresh with a desired configuration"):
        scaling.update_auto_scaling_group(AutoScalingGroupName="web", **SECOND)


def test_a_refresh_that_may_not_go_back_fails_where_it_stands(account):
    rollout = Rollout(account)
    rollout.step()
    rollout.step(1, new="unhealthy")
    assert rollout.status() == "Failed"


def test_a_refresh_whose_new_server_powers_itself_off_fails_and_ends_no_old_one(account):
    rollout = Rollout(account)
    rollout.step()
    new = next(name for name in ids(account) if name not in rollout.before)
    rollout.scaling.step(Observed(lost=frozenset({new})))
    assert (rollout.status(), {*rollout.before} <= {*ids(account)}) == ("Failed", True)


def test_a_second_refresh_is_refused_while_one_goes_on(account):
    scaling = Rollout(account).account.client("autoscaling")
    with pytest.raises(scaling.exceptions.InstanceRefreshInProgressFault):
        scaling.start_instance_refresh(AutoScalingGroupName="web")


def test_a_cancelled_refresh_replaces_nothing_more(account):
    rollout = Rollout(account)
    account.client("autoscaling").cancel_instance_refresh(AutoScalingGroupName="web")
    assert (rollout.step(60), rollout.status()) == ((4, 0), "Cancelled")


def test_who_serves_is_registered_and_who_was_replaced_is_not(account):
    rollout = Rollout(account)
    for seconds in (0, 0, 60):
        rollout.step(seconds)
    assert sorted(registered(account, rollout.arn)) == sorted(ids(account))
