"""A worker that its group scales in: it finds out by itself, and ends the group's wait when its work is done."""

import asyncio

import pytest

from app.data.aws import Aws
from app.queue.instance import Instance
from app.queue.leaving import Leaving
from tests.app.metadata import metadata
from tests.components.fleets import group_named
from tests.components.worker_fleets import program
from tests.deploying import deploy

STATE = "autoscaling/target-lifecycle-state"


@pytest.fixture(scope="module")
def account():
    deployed = deploy(program)
    with pytest.MonkeyPatch.context() as here:
        here.setenv("AWS_ENDPOINT_URL", deployed.account.serve())
        here.setenv("AWS_ACCESS_KEY_ID", "offline")
        here.setenv("AWS_SECRET_ACCESS_KEY", "offline")
        yield deployed


def states(account):
    return {row["InstanceId"]: row["LifecycleState"] for row in group_named(account, "both")["Instances"]}


def told(account, texts, disabled="false"):
    """Have a worker with such metadata say that it is done; returns whether it knew that it is to leave."""

    async def done(endpoint):
        environment = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": endpoint, "AWS_EC2_METADATA_DISABLED": disabled}
        leaving = Leaving(Aws(account.account.region), Instance(environment))
        await leaving.done()
        return leaving.asked

    with metadata(texts) as endpoint:
        return asyncio.run(done(endpoint))


def test_a_worker_that_is_scaled_in_ends_the_wait_of_its_group(account):
    name = group_named(account, "both")["AutoScalingGroupName"]
    scaling = account.client("autoscaling")
    scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=3)
    scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    [leaves] = [server for server, state in states(account).items() if state == "Terminating:Wait"]
    assert (told(account, {"instance-id": leaves, STATE: "Terminated"}), leaves in states(account)) == (True, False)


@pytest.mark.parametrize("state", [{STATE: "InService"}, {}])
def test_a_worker_that_stays_says_nothing(account, state):
    assert told(account, {"instance-id": "i-0123456789abcdef0", **state}) is False


def test_a_machine_that_is_no_instance_asks_nobody(account):
    assert told(account, {STATE: "Terminated"}, disabled="true") is False


def test_an_instance_that_no_group_knows_ends_nothing(account):
    before = states(account)
    assert (told(account, {"instance-id": "i-0123456789abcdef0", STATE: "Terminated"}), states(account)) == (
        True,
        before,
    )


def test_metadata_that_is_silent_ends_no_process():
    leaving = Leaving(Aws("eu-west-1"), Instance({"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"}))
    asyncio.run(leaving.done())
    assert leaving.asked is False
