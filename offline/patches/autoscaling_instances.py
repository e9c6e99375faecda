"""Which instances an Auto Scaling group launches and terminates: where, with what, in which order.

Measured on moto 5.2.5: all instances start in the group's first subnet, without the launch template's instance profile,
metadata options or volume tags, with a second root volume, and as the template's default version; scale-in takes the
first ones whatever their zone, shuffles the rest, and leaves them healthy in the target group; the replacement of an
instance terminated by hand joins no target group; no activity is recorded.
"""

from collections import Counter
from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.core.utils import utcnow
from moto.ec2.utils import convert_tag_spec
from moto.moto_api._internal import mock_random

from offline.patches.overlay import memory_of
from offline.patches.swap import replaces

ROOT_VOLUME_GB = 8
IN_SERVICE, WAITING = "InService", "Terminating:Wait"


@replaces(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def launch(original: Any, group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """Launch each instance in the subnet that has the fewest, as its launch template says."""
    if group.ec2_launch_template is None:
        original(group, count_needed, propagated_tags)
        return
    for _ in range(count_needed):
        _launch_one(group, propagated_tags)


def _launch_one(group: Any, propagated_tags: dict[str, str]) -> None:
    version = group.ec2_launch_template.get_version(group.launch_template_version)
    data, ec2 = version.data, group.autoscaling_backend.ec2_backend
    interface = (data.get("NetworkInterfaces") or [{}])[0]
    tags = convert_tag_spec(data.get("TagSpecifications", []))
    tags["instance"] = {**tags.get("instance", {}), **propagated_tags, ASG_NAME_TAG: group.name}
    reservation = ec2.run_instances(
        group.image_id,
        1,
        version.user_data,
        version.security_groups,
        instance_type=_instance_type(group),
        is_instance_type_default=False,
        region_name=group.region,
        subnet_id=_emptiest_subnet(group),
        placement=None if group.vpc_zone_identifier else group.availability_zones[0],
        launch_template={"LaunchTemplateId": group.ec2_launch_template.id, "Version": str(version.number)},
        security_group_ids=list(interface.get("Groups", [])),
        associate_public_ip=interface.get("AssociatePublicIpAddress"),
        block_device_mappings=_volumes(ec2, group.image_id, data.get("BlockDeviceMappings", [])),
        metadata_options=data.get("MetadataOptions", {}),
        monitoring_state="enabled" if data.get("Monitoring", {}).get("Enabled") else "disabled",
        ebs_optimized=data.get("EbsOptimized", False),
        key_name=data.get("KeyName"),
        tags=tags,
    )
    [instance] = reservation.instances
    _give_profile(ec2, instance.id, data.get("IamInstanceProfile", {}))
    instance.autoscaling_group = group
    state = InstanceState(instance, protected_from_scale_in=group.new_instances_protected_from_scale_in)
    group.instance_states.append(state)
    memory_of(group.autoscaling_backend, "launched versions")[instance.id] = version.number
    record(group, f"Launching a new EC2 instance: {instance.id}")


def _instance_type(group: Any) -> str:
    """The first override of a mixed-instances policy, else the template's own type."""
    policy = group.mixed_instances_policy or {}
    overrides = policy.get("LaunchTemplate", {}).get("Overrides") or [{}]
    return overrides[0].get("InstanceType") or group.instance_type


def _emptiest_subnet(group: Any) -> str | None:
    if not group.vpc_zone_identifier:
        return None
    used = Counter(state.instance.subnet_id for state in group.instance_states if state.lifecycle_state == IN_SERVICE)
    return min(group.vpc_zone_identifier.split(","), key=lambda subnet: used[subnet])


def _volumes(ec2: Any, image_id: str, mappings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The image's root volume and the template's; a mapping of the image's root device changes it, another adds one."""
    [image] = ec2.describe_images(ami_ids=[image_id])
    root = {"DeviceName": image.root_device_name, "Ebs": {"VolumeType": "gp2", "DeleteOnTermination": True}}
    by_device = {row["DeviceName"]: {**row, "Ebs": {**row.get("Ebs", {})}} for row in [root, *mappings]}
    for row in by_device.values():
        row["Ebs"].setdefault("VolumeSize", ROOT_VOLUME_GB)
        row["Ebs"].setdefault("DeleteOnTermination", True)
    return list(by_device.values())


def _give_profile(ec2: Any, instance_id: str, profile: dict[str, str]) -> None:
    if profile:
        ec2.associate_iam_instance_profile(
            instance_id=instance_id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )


@replaces(FakeAutoScalingGroup, "set_desired_capacity")
def scale(original: Any, group: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    """Scale in as the termination policy says; scaling out stays moto's."""
    wanted = (group.min_size if new_capacity is None else new_capacity) or 0
    surplus = len(group.active_instances()) - wanted
    if surplus <= 0:
        original(group, new_capacity)
        return
    group.desired_capacity = wanted
    for _ in range(surplus):
        candidates = [state for state in group.active_instances() if not state.protected_from_scale_in]
        if candidates:
            take_out(group, _victim(group, candidates))
    if group.name in group.autoscaling_backend.autoscaling_groups:
        group.autoscaling_backend.update_attached_elbs(group.name)


def _victim(group: Any, candidates: list[InstanceState]) -> InstanceState:
    """The zone with the most instances gives one up; within it the group's first policy decides, then age.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
    """
    zones = Counter(state.availability_zone for state in group.active_instances())
    fullest = max(sorted({str(state.availability_zone) for state in candidates}), key=lambda zone: zones[zone])
    in_zone = [state for state in candidates if state.availability_zone == fullest]
    policy = group.termination_policies[0]
    if policy == "NewestInstance":
        return in_zone[-1]
    if policy in ("Default", "OldestLaunchTemplate"):
        versions = memory_of(group.autoscaling_backend, "launched versions")
        return min(in_zone, key=lambda state: versions.get(state.instance.id, 0))
    return in_zone[0]


def launch_more(group: Any, count: int) -> None:
    """Launch *count* instances beyond those that the group has, and register them as it does."""
    group.replace_autoscaling_group_instances(count, group.get_propagated_tags())
    group.autoscaling_backend.update_attached_target_groups(group.name)


def take_out(group: Any, state: InstanceState) -> None:
    """Take an instance from its target groups; then terminate it, unless a lifecycle hook holds it back."""
    _leave_target_groups(group, state.instance.id)
    hooks = memory_of(group.autoscaling_backend, "lifecycle hooks")
    held_by = {
        name: row["HeartbeatTimeout"]
        for (group_name, name), row in hooks.items()
        if group_name == group.name and row["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    }
    if held_by:
        state.lifecycle_state = WAITING
        now = utcnow().timestamp()
        waits = {name: {"token": str(mock_random.uuid4()), "until": now + timeout} for name, timeout in held_by.items()}
        memory_of(group.autoscaling_backend, "waits")[state.instance.id] = waits
    else:
        terminate(group, state)


def terminate(group: Any, state: InstanceState) -> None:
    """End an instance of the group for good."""
    memory_of(group.autoscaling_backend, "waits").pop(state.instance.id, None)
    group.instance_states.remove(state)
    group.autoscaling_backend.ec2_backend.terminate_instances([state.instance.id])
    record(group, f"Terminating EC2 instance: {state.instance.id}")


def _leave_target_groups(group: Any, instance_id: str) -> None:
    known = group.autoscaling_backend.elbv2_backend.target_groups
    for arn in group.target_group_arns:
        if arn in known and instance_id in known[arn].targets:
            known[arn].deregister([{"Id": instance_id, "Port": known[arn].port}])


@replaces(AutoScalingBackend, "update_attached_target_groups")
def register_those_in_service(_: Any, backend: AutoScalingBackend, group_name: str) -> None:
    """Register in the order of launch; moto goes through a set, and registers those that wait for their end as well."""
    group = backend.autoscaling_groups[group_name]
    for arn in group.target_group_arns:
        [target_group] = backend.elbv2_backend.describe_target_groups(None, [arn], None)
        targets = [{"Id": state.instance.id, "Port": target_group.port} for state in group.active_instances()]
        backend.elbv2_backend.register_targets(arn, targets)


@replaces(AutoScalingBackend, "notify_terminate_instances")
def replace_terminated(original: Any, backend: AutoScalingBackend, instance_ids: list[str]) -> None:
    """The replacement of an instance that was terminated by hand joins the target groups, as at any launch."""
    original(backend, instance_ids)
    for name in backend.autoscaling_groups:
        backend.update_attached_target_groups(name)


def record(group: Any, description: str) -> None:
    """Add what happened to the group's scaling activities."""
    now = utcnow()
    activity = {
        "ActivityId": str(mock_random.uuid4()),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "Description": description,
        "Cause": f"At {now:%Y-%m-%dT%H:%M:%SZ} the group's capacity was brought to {group.desired_capacity}.",
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        "Progress": 100,
    }
    memory_of(group.autoscaling_backend, "activities").setdefault(group.name, []).insert(0, activity)
