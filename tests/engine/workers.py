"""Stand in for the workers of an account without servers: say of each that leaves that its work is done."""

from typing import Any

WAITING = "Terminating:Wait"


def let_leave(scaling: Any) -> None:
    """Complete the lifecycle hook of every server that waits for its end; *scaling* is the account's client."""
    for group in scaling.describe_auto_scaling_groups()["AutoScalingGroups"]:
        leaving = [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == WAITING]
        hooks = scaling.describe_lifecycle_hooks(AutoScalingGroupName=group["AutoScalingGroupName"])["LifecycleHooks"]
        for server in leaving:
            for hook in hooks:
                scaling.complete_lifecycle_action(
                    AutoScalingGroupName=group["AutoScalingGroupName"],
                    LifecycleHookName=hook["LifecycleHookName"],
                    InstanceId=server,
                    LifecycleActionResult="CONTINUE",
                )
