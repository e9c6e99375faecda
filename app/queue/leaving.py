"""Tell the Auto Scaling group that a server it wants gone has finished its work, so that it need not wait longer."""

import asyncio
import logging

from botocore.exceptions import ClientError

from app import log
from app.data.aws import Aws
from app.data.outage import Unavailable, reason_of
from app.queue.instance import Instance

LOOK_S = 5.0
"""Seconds between two looks: how much later than possible a server stops taking messages."""
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"


class Leaving:
    """Whether this server is being scaled in. The group's lifecycle hook holds it for as long as it works."""

    def __init__(self, aws: Aws, instance: Instance) -> None:
        """Ask *instance*, and tell the group through *aws*."""
        self._aws = aws
        self._instance = instance
        self.asked = False
        """True from the first look on that found it."""

    async def watch(self) -> None:
        """Look until it is so, or until cancelled; a process that systemd starts anew looks before it takes work."""
        while not self.asked:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once; who does not answer has not asked."""
        try:
            leaving = not self.asked and await self._instance.is_leaving()
        except OSError as fault:
            log.event("instance metadata silent", level=logging.WARNING, reason=reason_of(fault))
        else:
            if leaving:
                self.asked = True
                log.event("scaled in")

    async def done(self) -> None:
        """Complete the group's terminating hooks, if it asked. When that fails, the hook's own time-out does."""
        await self.look()
        if not self.asked:
            return
        try:
            await self._complete(await self._instance.name())
        except (OSError, Unavailable, ClientError) as fault:
            log.event("lifecycle action not completed", level=logging.WARNING, reason=reason_of(fault))

    async def _complete(self, instance: str) -> None:
        answer = await self._aws.call("autoscaling", "describe_auto_scaling_instances", InstanceIds=[instance])
        for group in {each["AutoScalingGroupName"] for each in answer["AutoScalingInstances"]}:
            hooks = await self._aws.call("autoscaling", "describe_lifecycle_hooks", AutoScalingGroupName=group)
            for hook in hooks["LifecycleHooks"]:
                if hook["LifecycleTransition"] == TERMINATING:
                    await self._aws.call(
                        "autoscaling",
                        "complete_lifecycle_action",
                        AutoScalingGroupName=group,
                        LifecycleHookName=hook["LifecycleHookName"],
                        InstanceId=instance,
                        LifecycleActionResult="CONTINUE",
                    )
                    log.event("lifecycle action completed", instance=instance, hook=hook["LifecycleHookName"])
