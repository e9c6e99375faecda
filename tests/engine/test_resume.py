"""A sequence that is gone on with by a new run takes nothing away while servers of the old kind run."""

import os
import signal
from types import SimpleNamespace

import pytest

from engines.agreement import AgreementError
from engines.refusals import EngineError
from engines.rollout import RolloutError
from engines.switching import Site, carry_out, plan
from tests.engine.small import SERVERS, small

PROGRAM = (
    """import base64

import pulumi
import pulumi_aws as aws

told = aws.sqs.Queue("letters").url if {queue} else pulumi.Output.from_input("nothing")
aws.sqs.Queue("parcels")
"""
    + SERVERS
)


class Refreshing:
    """The account, which says of the newest instance refresh what a test wants: offline each ends as it begins."""

    def __init__(self, account, status):
        self.account, self.status = account, status

    def client(self, service, region=None):
        return _Refreshing(self.account.client(service, region), self.status)


class _Refreshing:
    def __init__(self, client, status):
        self.client, self.status = client, status

    def __getattr__(self, name):
        return getattr(self.client, name)

    def describe_instance_refreshes(self, **asked):
        found = self.client.describe_instance_refreshes(**asked)["InstanceRefreshes"]
        return {"InstanceRefreshes": [{**found[0], "Status": self.status}, *found[1:]]}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Update 1 of 2, and no more; then its refresh goes on, is rolled back, and is known to have been rolled back."""
    with small(tmp_path_factory.mktemp("resume"), 0) as project:
        project.write(PROGRAM.format(queue=True))
        project.engine.up()
        project.write(PROGRAM.format(queue=False))
        stopped = stopped_while_it_ends_well(project)
        yield SimpleNamespace(stopped=stopped, going_on=deleted(project, "InProgress"), **rolled_back(project))


def stopped_while_it_ends_well(project):
    """Ctrl-C in the first update of two, which the engine does not hear of; what is said, and what is asked then."""
    site, asked = Site(project.engine, project.gate.account), []
    planned, signals = plan(site), iter([signal.SIGINT])

    def interrupt(_event):
        for each in signals:
            os.kill(os.getpid(), each)

    site.engine.progress = interrupt
    with pytest.raises(EngineError) as refused:
        carry_out(site, planned, tell=lambda number, _step: asked.append(number))
    return str(refused.value).partition(";")[0], asked, letters(project)


def rolled_back(project):
    """What an operator does by hand when a refresh fails: the group has its old version again, and its servers too."""
    scaling = project.gate.account.client("autoscaling")
    [group] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    before = {"LaunchTemplateId": group["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
    name = group["AutoScalingGroupName"]
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, LaunchTemplate=before)
    scaling.start_instance_refresh(AutoScalingGroupName=name)
    site, unseen = site_of(project, "RollbackSuccessful"), deleted(project, "RollbackSuccessful")
    with pytest.raises(RolloutError) as refused:
        carry_out(site, plan(site))
    kept = letters(project)
    project.engine.refresh()
    seen, otherwise = deleted(project, "RollbackSuccessful"), program_changes_meanwhile(project)
    site = site_of(project, "Successful")
    carry_out(site, plan(site))
    return {"unseen": unseen, "refused": str(refused.value), "kept": kept, "seen": seen, "otherwise": otherwise,
            "left": letters(project)}  # fmt: skip


def program_changes_meanwhile(project):
    """What is said when the second update would delete more than was shown, since somebody saved another program."""
    site, program = site_of(project, "Successful"), PROGRAM.format(queue=False)

    def run(call):
        done = call()
        project.write(program.replace('aws.sqs.Queue("parcels")', ""))
        return done

    with pytest.raises(AgreementError) as refused:
        carry_out(site, plan(site), run=run)
    project.write(program)
    return str(refused.value)


def letters(project):
    """How many queues stand of those that go."""
    return sum("letters" in url for url in project.queues())


def site_of(project, status):
    return Site(project.engine, Refreshing(project.gate.account, status))


def deleted(project, status):
    """The names of what each update of the plan deletes."""
    steps = plan(site_of(project, status)).foreseen.steps
    return [[urn.rpartition("::")[2] for urn in step.deleted] for step in steps]


def test_ctrl_c_in_an_update_that_ends_well_keeps_the_next_one_from_beginning(story):
    assert story.stopped == ("stopped by Ctrl-C", [0], 1)


def test_while_the_refresh_goes_on_nothing_that_old_servers_use_goes_in_the_first_update(story):
    assert story.going_on == [[], ["letters"]]


def test_after_a_rollback_nothing_goes_in_the_first_update_though_the_state_knows_nothing_of_it(story):
    assert story.unseen == [[], ["letters"]]


def test_after_a_rollback_the_sequence_ends_before_it_takes_anything_away(story):
    assert "runs servers of version 1 of its launch template" in story.refused
    assert story.kept == 1


def test_a_later_update_that_would_delete_more_than_was_shown_ends_the_sequence(story):
    assert story.otherwise.startswith("the next update would also replace or delete parcels; allowed: what was shown")


def test_after_a_rollback_that_the_state_knows_of_the_servers_are_replaced_before_anything_goes(story):
    assert story.seen == [[], ["letters"]]


def test_what_old_servers_used_goes_when_all_are_new(story):
    assert story.left == 0
