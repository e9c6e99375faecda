"""Carry Auto Scaling groups, their policies and lifecycle hooks into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from offline.handler import Aws, Handler, Properties, fields, given
from offline.spelling import to_api, to_wire

SETTINGS = {
    "capacityRebalance": "CapacityRebalance",
    "defaultCooldown": "DefaultCooldown",
    "defaultInstanceWarmup": "DefaultInstanceWarmup",
    "desiredCapacity": "DesiredCapacity",
    "healthCheckGracePeriod": "HealthCheckGracePeriod",
    "healthCheckType": "HealthCheckType",
    "maxInstanceLifetime": "MaxInstanceLifetime",
    "maxSize": "MaxSize",
    "minSize": "MinSize",
    "protectFromScaleIn": "NewInstancesProtectedFromScaleIn",
    "targetGroupArns": "TargetGroupARNs",
    "terminationPolicies": "TerminationPolicies",
}
MINUTE = "1Minute"


def _template(block: Mapping[str, str]) -> dict[str, str]:
    return given(LaunchTemplateId=block.get("id"), LaunchTemplateName=block.get("name"), Version=block.get("version"))


def _tags(rows: list[Properties], group: str) -> list[dict[str, Any]]:
    return [{**to_api(row), "ResourceId": group, "ResourceType": "auto-scaling-group"} for row in rows]


def _tags_told(rows: list[dict[str, Any]]) -> list[Properties]:
    return [
        {"key": row["Key"], "value": row["Value"], "propagateAtLaunch": row["PropagateAtLaunch"]}
        for row in rows
        if not row["Key"].startswith("aws:")
    ]


class Group(Handler):
    """`aws.autoscaling.Group`; its id is its name.

    `instanceRefresh` says what the AWS provider starts when the group changes, and the waiting settings how long it
    looks on; the service holds neither.
    """

    token = "aws:autoscaling/group:Group"
    emulates = frozenset(SETTINGS) | fields(
        "name launchTemplate vpcZoneIdentifiers instanceMaintenancePolicy tags enabledMetrics metricsGranularity"
    )
    records = fields("instanceRefresh waitForCapacityTimeout waitForElbCapacity minElbCapacity forceDelete")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name = inputs["name"]
        policy = inputs.get("instanceMaintenancePolicy")
        aws("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            **{api: inputs[wire] for wire, api in SETTINGS.items() if wire in inputs},
            **given(InstanceMaintenancePolicy=policy and to_api(policy)),
            LaunchTemplate=_template(inputs["launchTemplate"]),
            VPCZoneIdentifier=",".join(inputs["vpcZoneIdentifiers"]),
            Tags=_tags(inputs.get("tags", []), name),
        )
        if inputs.get("enabledMetrics"):
            aws("autoscaling").enable_metrics_collection(
                AutoScalingGroupName=name,
                Metrics=inputs["enabledMetrics"],
                Granularity=inputs.get("metricsGranularity", MINUTE),
            )
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        found = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[id_])["AutoScalingGroups"]
        if not found:
            return None
        [group] = found
        metrics = group.get("EnabledMetrics", [])
        return {
            **{wire: group[api] for wire, api in SETTINGS.items() if api in group},
            "name": group["AutoScalingGroupName"],
            "arn": group["AutoScalingGroupARN"],
            "availabilityZones": sorted(set(group["AvailabilityZones"])),
            "vpcZoneIdentifiers": group["VPCZoneIdentifier"].split(","),
            "launchTemplate": _template_told(group["LaunchTemplate"], state),
            "instanceMaintenancePolicy": to_wire(group.get("InstanceMaintenancePolicy")),
            "tags": _tags_told(group.get("Tags", [])),
            "enabledMetrics": [row["Metric"] for row in metrics],
            "metricsGranularity": metrics[0]["Granularity"] if metrics else MINUTE,
            "serviceLinkedRoleArn": group.get("ServiceLinkedRoleARN"),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Empty the group first, as the AWS provider does; with `forceDelete` its servers go with it."""
        force = bool(state.get("forceDelete"))
        if not force:
            aws("autoscaling").update_auto_scaling_group(
                AutoScalingGroupName=id_, MinSize=0, MaxSize=0, DesiredCapacity=0
            )
        aws("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=id_, ForceDelete=force)


def _template_told(held: Mapping[str, str], state: Mapping[str, Any]) -> Properties:
    """By id or by name, as the program has it."""
    told = {"id": held["LaunchTemplateId"], "name": held["LaunchTemplateName"], "version": held.get("Version")}
    asked = state.get("launchTemplate", told)
    return {key: value for key, value in told.items() if key in asked}


class Policy(Handler):
    """`aws.autoscaling.Policy` that tracks a target; its id is its name."""

    token = "aws:autoscaling/policy:Policy"
    emulates = fields(
        "name autoscalingGroupName policyType enabled estimatedInstanceWarmup targetTrackingConfiguration"
    )

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


class LifecycleHook(Handler):
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


HANDLERS: tuple[Handler, ...] = (Group(), Policy(), LifecycleHook())
INVOKES: dict[str, Any] = {}
