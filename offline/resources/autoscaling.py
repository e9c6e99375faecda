"""Carry Auto Scaling groups into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from offline.handler import Aws, Handler, Properties, changed, fields, given, standing
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
SERVING = ("InService", "Healthy")
DEFAULT_WAIT = "10m"
UNSET: dict[str, Any] = {
    "capacityRebalance": False,
    "defaultInstanceWarmup": -1,
    "maxInstanceLifetime": 0,
    "protectFromScaleIn": False,
    "terminationPolicies": ["Default"],
}
"""What takes a setting back that is no longer asked for; AWS keeps the others as they are."""
NO_MAINTENANCE = {"minHealthyPercentage": -1, "maxHealthyPercentage": -1}
"""What takes the maintenance policy away (Auto Scaling API, InstanceMaintenancePolicy)."""


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
    looks on; the service holds neither. Servers are there at once, so that one look tells how a wait would end.
    """

    token = "aws:autoscaling/group:Group"
    emulates = frozenset(SETTINGS) | fields(
        "name launchTemplate vpcZoneIdentifiers instanceMaintenancePolicy tags enabledMetrics metricsGranularity"
    )
    records = fields("instanceRefresh waitForCapacityTimeout waitForElbCapacity minElbCapacity forceDelete")
    recalls = fields("desiredCapacity")

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
        with standing(name):
            _remeasure(aws, name, {}, inputs)
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

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Change the group; with `instanceRefresh` a change of what servers are made of replaces them by and by."""
        plain = {wire: api for wire, api in SETTINGS.items() if wire != "targetGroupArns"}
        wanted = {api: new.get(wire, UNSET.get(wire)) for wire, api in plain.items() if changed(old, new, wire)}
        policy = new.get("instanceMaintenancePolicy", NO_MAINTENANCE)
        if changed(old, new, "instanceMaintenancePolicy"):
            wanted["InstanceMaintenancePolicy"] = to_api(policy)
        if changed(old, new, "launchTemplate"):
            wanted["LaunchTemplate"] = _template(new["launchTemplate"])
        aws("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=id_,
            **given(**wanted),
            VPCZoneIdentifier=",".join(new["vpcZoneIdentifiers"]),
        )
        _retarget(aws, id_, old, new)
        _retag(aws, id_, old, new)
        _remeasure(aws, id_, old, new)
        if new.get("instanceRefresh") and changed(old, new, "launchTemplate", "vpcZoneIdentifiers"):
            _refresh(aws, id_, new)
        if changed(old, new, "minSize") or ("desiredCapacity" in new and changed(old, new, "desiredCapacity")):
            with standing(id_):
                _demand_exactly(aws, id_, old, new)


def _demand_exactly(aws: Aws, group: str, old: Properties, new: Properties) -> None:
    """Refuse as the provider does when its wait is over: on update it wants neither fewer servers nor more.

    Of the desired number it knows what the state does: https://github.com/hashicorp/terraform-provider-aws/issues/26230
    """
    wanted = max(new["minSize"], new.get("desiredCapacity", old.get("desiredCapacity", 0)))
    [found] = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    held = sum((each["LifecycleState"], each["HealthStatus"]) == SERVING for each in found["Instances"])
    limit = new.get("waitForCapacityTimeout", DEFAULT_WAIT)
    if held != wanted and limit.strip("0smh"):
        raise ValueError(
            f"waiting for Auto Scaling Group ({group}) capacity satisfied: timeout while waiting for state to become"
            f" 'ok' (last state: 'want exactly {wanted} healthy instance(s) in Auto Scaling Group, have {held}',"
            f" timeout: {limit})"
        )


def _refresh(aws: Aws, group: str, new: Properties) -> None:
    """Start as the provider does: in place of one that goes on, and saying what it brings only where it may go back."""
    refresh, scaling = new["instanceRefresh"], aws("autoscaling")
    preferences = _preferences(refresh.get("preferences") or {})
    with suppress(scaling.exceptions.ActiveInstanceRefreshNotFoundFault):
        scaling.cancel_instance_refresh(AutoScalingGroupName=group)
    brought = {"LaunchTemplate": _template(new["launchTemplate"])} if preferences.get("AutoRollback") else None
    scaling.start_instance_refresh(
        AutoScalingGroupName=group,
        Strategy=refresh["strategy"],
        Preferences=preferences,
        **given(DesiredConfiguration=brought),
    )


def _preferences(block: Properties) -> dict[str, Any]:
    """As the API has them; the provider spells three numbers as text."""
    numbers = {name: int(block[name]) for name in ("instanceWarmup", "checkpointDelay", "bakeTime") if block.get(name)}
    return to_api({**block, **numbers})


def _retarget(aws: Aws, group: str, old: Properties, new: Properties) -> None:
    """New target groups first, so that servers are never in none."""
    held, wanted = set(old.get("targetGroupArns") or ()), set(new.get("targetGroupArns") or ())
    if wanted - held:
        aws("autoscaling").attach_load_balancer_target_groups(
            AutoScalingGroupName=group, TargetGroupARNs=sorted(wanted - held)
        )
    if held - wanted:
        aws("autoscaling").detach_load_balancer_target_groups(
            AutoScalingGroupName=group, TargetGroupARNs=sorted(held - wanted)
        )


def _retag(aws: Aws, group: str, old: Properties, new: Properties) -> None:
    held, wanted = _tags(old.get("tags", []), group), _tags(new.get("tags", []), group)
    keys = {row["Key"] for row in wanted}
    if added := [row for row in wanted if row not in held]:
        aws("autoscaling").create_or_update_tags(Tags=added)
    if gone := [row for row in held if row["Key"] not in keys]:
        aws("autoscaling").delete_tags(Tags=gone)


def _remeasure(aws: Aws, group: str, old: Properties, new: Properties) -> None:
    held, wanted = set(old.get("enabledMetrics") or ()), set(new.get("enabledMetrics") or ())
    if held - wanted:
        aws("autoscaling").disable_metrics_collection(AutoScalingGroupName=group, Metrics=sorted(held - wanted))
    if wanted - held:
        every = new.get("metricsGranularity", MINUTE)
        aws("autoscaling").enable_metrics_collection(
            AutoScalingGroupName=group, Metrics=sorted(wanted - held), Granularity=every
        )


def _template_told(held: Mapping[str, str], state: Mapping[str, Any]) -> Properties:
    """By id or by name, as the program has it."""
    told = {"id": held["LaunchTemplateId"], "name": held["LaunchTemplateName"], "version": held.get("Version")}
    asked = state.get("launchTemplate", told)
    return {key: value for key, value in told.items() if key in asked}


HANDLERS: tuple[Handler, ...] = (Group(),)
INVOKES: dict[str, Any] = {}
