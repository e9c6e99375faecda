"""A worker that is scaled in goes when its job is done, shown on the account."""

from tests.components.fleets import group_named
from tests.components.worker_fleets import hook, program
from tests.deploying import deploy


def test_a_scaled_in_worker_waits_until_it_has_said_that_its_job_is_done():
    account = deploy(program)
    scaling, held = account.client("autoscaling"), hook(account, "both")
    name = held["AutoScalingGroupName"]
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=1, DesiredCapacity=1)
    [waiting] = [
        row for row in group_named(account, "both")["Instances"] if row["LifecycleState"] == "Terminating:Wait"
    ]
    scaling.complete_lifecycle_action(
        AutoScalingGroupName=name,
        LifecycleHookName=held["LifecycleHookName"],
        InstanceId=waiting["InstanceId"],
        LifecycleActionResult="CONTINUE",
    )
    left = [row["InstanceId"] for row in group_named(account, "both")["Instances"]]
    assert (len(left), waiting["InstanceId"] in left) == (1, False)
