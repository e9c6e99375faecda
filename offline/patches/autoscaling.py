"""Auto Scaling groups as AWS shows them: settings that moto 5.2.5 forgets, and requests that AWS refuses."""

import copy
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from offline.patches.keep import Keep, keeps
from offline.patches.overlay import Answer, Call, Refusal, amends, answers, checks, memory_of
from offline.patches.swap import replaces

MIXED = "mixed_instances_policy"
# fmt: off
GROUP_METRICS = (
    "GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
    "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances", "GroupInServiceCapacity",
    "GroupPendingCapacity", "GroupStandbyCapacity", "GroupTerminatingCapacity", "GroupTotalCapacity",
    "WarmPoolDesiredCapacity", "WarmPoolWarmedCapacity", "WarmPoolPendingCapacity", "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity", "WarmPoolMinSize", "GroupAndWarmPoolDesiredCapacity", "GroupAndWarmPoolTotalCapacity",
)
# fmt: on

# moto keeps none of these; AWS's own default of the grace period is 0 (moto: 300).
keeps(
    Keep(
        service="autoscaling",
        creates="CreateAutoScalingGroup",
        modifies=("UpdateAutoScalingGroup",),
        key="AutoScalingGroupName",
        settings=(
            "AvailabilityZoneDistribution",
            "CapacityRebalance",
            "Context",
            "DefaultCooldown",
            "DefaultInstanceWarmup",
            "DesiredCapacityType",
            "HealthCheckGracePeriod",
            "InstanceMaintenancePolicy",
            "MaxInstanceLifetime",
            "PlacementGroup",
            "TerminationPolicies",
        ),
        defaults={"HealthCheckGracePeriod": 0},
        shown_by={"DescribeAutoScalingGroups": "AutoScalingGroups"},
    )
)


def group_named(call: Call) -> Any:
    """Return moto's group of the request, or refuse as AWS does."""
    name = call.params["AutoScalingGroupName"]
    if name not in call.backend.autoscaling_groups:
        raise Refusal("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")
    return call.backend.autoscaling_groups[name]


@checks("autoscaling", "CreateAutoScalingGroup")
def names_are_unique(call: Call) -> None:
    """Moto replaces the group of the same name and forgets its instances."""
    name = call.params["AutoScalingGroupName"]
    if name in call.backend.autoscaling_groups:
        raise Refusal("AlreadyExists", f"AutoScalingGroup by this name already exists - {name}")


@checks("autoscaling", "CreateAutoScalingGroup", "UpdateAutoScalingGroup", "SetDesiredCapacity")
def capacity_is_within_bounds(call: Call) -> None:
    """Moto launches as many as it is asked for, whatever the maximum."""
    group = call.backend.autoscaling_groups.get(call.params["AutoScalingGroupName"])
    low = call.params.get("MinSize", group.min_size if group else 0)
    high = call.params.get("MaxSize", group.max_size if group else 0)
    wanted = call.params.get("DesiredCapacity", low)
    if not low <= wanted <= high:
        raise Refusal(
            "ValidationError", f"Desired capacity:{wanted} must be between {low} and {high}, min and max size"
        )


@checks("autoscaling", "DeleteAutoScalingGroup")
def a_group_with_instances_stays(call: Call) -> None:
    """Moto deletes it without ForceDelete too."""
    if group_named(call).instance_states and not call.params.get("ForceDelete"):
        message = "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s)"
        raise Refusal("ResourceInUse", f"{message} still in the group.")


@replaces(AutoScalingBackend, "delete_auto_scaling_group")
def a_group_takes_its_belongings_along(original: Any, backend: AutoScalingBackend, group_name: str) -> None:
    """Hooks go first: a forced deletion waits for none of them. Policies and activities go with the group."""
    for kind in ("lifecycle hooks", "policies"):
        kept = memory_of(backend, kind)
        for key in [key for key in kept if key[0] == group_name]:
            del kept[key]
    original(backend, group_name)


@replaces(FakeAutoScalingGroup, "update")
def an_update_keeps_the_mixed_instances(original: Any, group: FakeAutoScalingGroup, *args: Any, **changes: Any) -> None:
    """Moto forgets the mixed-instances policy whenever an update does not repeat it."""
    kept = copy.deepcopy(group.mixed_instances_policy)
    if kept and not any(changes.get(name) for name in ("launch_template", "launch_config_name", MIXED)):
        kept["LaunchTemplate"]["LaunchTemplateSpecification"].pop("LaunchTemplateName", None)  # moto takes id or name
        changes[MIXED] = kept
    original(group, *args, **changes)


@amends("autoscaling", "UpdateAutoScalingGroup")
def scale_in_obeys_the_new_termination_policies(call: Call, _: Answer) -> None:
    """Moto reads them at creation only."""
    if "TerminationPolicies" in call.params:
        group_named(call).termination_policies = call.params["TerminationPolicies"]


@replaces(FakeAutoScalingGroup, "enable_metrics_collection")
def metrics_add_up(_: Any, group: FakeAutoScalingGroup, metrics: list[str] | None) -> None:
    """Without names all are enabled (moto: none); further names join those that are enabled (moto: replace them)."""
    chosen = {*group.metrics, *(metrics or GROUP_METRICS)}
    group.metrics = [metric for metric in GROUP_METRICS if metric in chosen]


@answers("autoscaling", "DisableMetricsCollection")
def disable_metrics(call: Call) -> Answer:
    """Missing in moto."""
    group, named = group_named(call), call.params.get("Metrics") or GROUP_METRICS
    group.metrics = [metric for metric in group.metrics if metric not in named]
    return {}


@amends("autoscaling", "DescribeAutoScalingGroups", "DescribeAutoScalingInstances")
def show_launched_versions(call: Call, answer: Answer) -> None:
    """Each instance shows the template version that it was launched with (moto: the template's default version)."""
    versions = call.memory("launched versions")
    groups = answer.get("AutoScalingGroups", [{"Instances": answer.get("AutoScalingInstances", [])}])
    for instance in [instance for group in groups for instance in group.get("Instances", [])]:
        if instance["InstanceId"] in versions and "LaunchTemplate" in instance:
            instance["LaunchTemplate"]["Version"] = str(versions[instance["InstanceId"]])


@answers("autoscaling", "DescribeScalingActivities")
def describe_activities(call: Call) -> Answer:
    """Moto's list is always empty; newest first, as AWS shows them."""
    by_group, name = call.memory("activities"), call.params.get("AutoScalingGroupName")
    chosen = by_group.get(name, []) if name else [row for rows in by_group.values() for row in rows]
    return {"Activities": chosen[: call.params.get("MaxRecords", 100)]}
