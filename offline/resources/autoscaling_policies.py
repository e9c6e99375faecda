"""Carry the scaling policies and lifecycle hooks of Auto Scaling groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from offline.handler import Aws, Handler, Properties, Put, fields, given, import_id
from offline.spelling import to_api, to_wire


class Policy(Put):
    """`aws.autoscaling.Policy` that tracks a target; its id is its name."""

    token = "aws:autoscaling/policy:Policy"
    emulates = fields(
        "name autoscalingGroupName policyType enabled estimatedInstanceWarmup targetTrackingConfiguration"
    )
    defaults: ClassVar[Mapping[str, Any]] = {"enabled": True}

    def create(self, aws: Aws, inputs: Properties) -> str:
        tracking = inputs.get("targetTrackingConfiguration")
        aws("autoscaling").put_scaling_policy(
            PolicyName=inputs["name"],
            AutoScalingGroupName=inputs["autoscalingGroupName"],
            **given(
                PolicyType=inputs.get("policyType"),
                Enabled=inputs.get("enabled"),
                EstimatedInstanceWarmup=inputs.get("estimatedInstanceWarmup"),
                TargetTrackingConfiguration=tracking and to_api(tracking),
            ),
        )
        return inputs["name"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = state["autoscalingGroupName"]
        found = aws("autoscaling").describe_policies(AutoScalingGroupName=group, PolicyNames=[id_])["ScalingPolicies"]
        if not found:
            return None
        [policy] = found
        return {
            "name": policy["PolicyName"],
            "autoscalingGroupName": policy["AutoScalingGroupName"],
            "policyType": policy["PolicyType"],
            "enabled": policy["Enabled"],
            "estimatedInstanceWarmup": policy.get("EstimatedInstanceWarmup"),
            "targetTrackingConfiguration": to_wire(policy.get("TargetTrackingConfiguration")),
            "arn": policy["PolicyARN"],
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("autoscaling").delete_policy(PolicyName=id_, AutoScalingGroupName=state["autoscalingGroupName"])

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        return _in_group(self.token, id_)


def _in_group(token: str, id_: str) -> tuple[str, Properties]:
    group, name = import_id(token, id_, "group/name")
    return name, {"autoscalingGroupName": group}


HOOK = {
    "autoscalingGroupName": "AutoScalingGroupName",
    "defaultResult": "DefaultResult",
    "heartbeatTimeout": "HeartbeatTimeout",
    "lifecycleTransition": "LifecycleTransition",
    "name": "LifecycleHookName",
    "notificationMetadata": "NotificationMetadata",
    "notificationTargetArn": "NotificationTargetARN",
    "roleArn": "RoleARN",
}


class LifecycleHook(Put):
    """`aws.autoscaling.LifecycleHook`; its id is its name."""

    token = "aws:autoscaling/lifecycleHook:LifecycleHook"
    emulates = frozenset(HOOK)

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("autoscaling").put_lifecycle_hook(**{api: inputs[wire] for wire, api in HOOK.items() if wire in inputs})
        return inputs["name"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        try:
            [hook] = aws("autoscaling").describe_lifecycle_hooks(
                AutoScalingGroupName=state["autoscalingGroupName"], LifecycleHookNames=[id_]
            )["LifecycleHooks"]
        except (ClientError, ValueError):
            return None
        return {wire: hook[api] for wire, api in HOOK.items() if api in hook}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("autoscaling").delete_lifecycle_hook(
            LifecycleHookName=id_, AutoScalingGroupName=state["autoscalingGroupName"]
        )

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        return _in_group(self.token, id_)


HANDLERS: tuple[Handler, ...] = (Policy(), LifecycleHook())
INVOKES: dict[str, Any] = {}
