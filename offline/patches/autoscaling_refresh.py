"""Instance refreshes, which moto lacks: all at once, or by and by where something drives them."""

from typing import Any

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from offline.patches.autoscaling import group_named
from offline.patches.autoscaling_instances import record, take_out
from offline.patches.overlay import Answer, Call, Refusal, answers, checks, memory_of

GOING_ON = ("Pending", "InProgress", "RollbackInProgress")
OLD, BEFORE, DRIVEN = "instances to refresh", "templates before a refresh", "refreshes are driven"
"""By group: ids of the instances that a refresh replaces, and the launch template to which a rollback returns."""
# as AWS says them: https://github.com/hashicorp/terraform-provider-aws/issues/29830, and
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html for the second
NOTHING_TO_GO_BACK_FROM = (
    "The request isn't valid. The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter"
    " is empty. Set AutoRollback to false or specify a desired configuration and try again."
)
BEING_CHANGED = (
    "An active instance refresh with a desired configuration exists. All configuration options derived from the"
    " desired configuration are not available for update while the instance refresh is active."
)


def drive(backend: Any) -> None:
    """From now on only begin a refresh: whoever calls this carries it out, as servers get healthy."""
    memory_of(backend, DRIVEN)["yes"] = True


def current(backend: Any, group: str) -> dict[str, Any] | None:
    """The refresh that a group is in."""
    newest = next(iter(memory_of(backend, "refreshes").get(group, [])), None)
    return newest if newest and newest["Status"] in GOING_ON else None


def end(group: Any, status: str, reason: str = "") -> None:
    """Let the group's refresh be over."""
    refresh = current(group.autoscaling_backend, group.name)
    if refresh:
        refresh |= {"Status": status, "EndTime": utcnow(), **({"StatusReason": reason} if reason else {})}
        record(group, f"Instance refresh {refresh['InstanceRefreshId']} ended: {status}")


def roll_back(group: Any, reason: str) -> None:
    """Bring the template of before back, and replace what was launched of the new one."""
    backend = group.autoscaling_backend
    refresh = current(backend, group.name)
    if refresh is None:
        return
    new = [state.instance.id for state in group.active_instances()]
    kept = memory_of(backend, OLD)[group.name]
    _take_over(group, {"LaunchTemplate": memory_of(backend, BEFORE)[group.name]})
    memory_of(backend, OLD)[group.name] = [each for each in new if each not in kept]
    refresh |= {"Status": "RollbackInProgress", "StatusReason": reason}


@answers("autoscaling", "StartInstanceRefresh")
def start_refresh(call: Call) -> Answer:
    """New servers come before the old ones leave."""
    group = group_named(call)
    if current(call.backend, group.name):
        raise Refusal("InstanceRefreshInProgress", "An Instance Refresh is already in progress and blocks this call.")
    wanted = call.params.get("DesiredConfiguration", {})
    if call.params.get("Preferences", {}).get("AutoRollback") and not _goes_back(group, wanted):
        raise Refusal("ValidationError", NOTHING_TO_GO_BACK_FROM)
    call.memory(BEFORE)[group.name] = _template_of(group)
    _take_over(group, wanted)
    old = [state for state in group.active_instances() if not _matches(call, group, state)]
    call.memory(OLD)[group.name] = [state.instance.id for state in old]
    refresh = _refresh(call, group.name, len(old))
    call.memory("refreshes").setdefault(group.name, []).insert(0, refresh)
    if not call.memory(DRIVEN):
        group.replace_autoscaling_group_instances(len(old), group.get_propagated_tags())
        call.backend.update_attached_target_groups(group.name)
        for state in old:
            take_out(group, state)
        refresh |= {"PercentageComplete": 100, "InstancesToUpdate": 0}
        end(group, "Successful")
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def _goes_back(group: Any, wanted: dict[str, Any]) -> bool:
    """Whether a refresh can be rolled back: it brings something, and the group has a numbered version of a template.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
    """
    numbered = group.ec2_launch_template is not None and not str(group.launch_template_version).startswith("$")
    return bool(wanted) and numbered


@checks("autoscaling", "UpdateAutoScalingGroup")
def what_a_refresh_brings_stays(call: Call) -> None:
    """What servers are made of is not changed while a refresh brings another."""
    refresh = current(call.backend, call.params["AutoScalingGroupName"])
    if refresh and refresh.get("DesiredConfiguration") and {"LaunchTemplate", "MixedInstancesPolicy"} & {*call.params}:
        raise Refusal("ValidationError", BEING_CHANGED)


def _template_of(group: Any) -> dict[str, str]:
    if group.ec2_launch_template is None:
        return {}
    return {"LaunchTemplateId": group.ec2_launch_template.id, "Version": str(group.launch_template_version)}


def _take_over(group: Any, wanted: dict[str, Any]) -> None:
    """The configuration that a refresh brings becomes the group's own."""
    if wanted:
        group.update(
            availability_zones=[],
            desired_capacity=None,
            max_size=None,
            min_size=None,
            launch_config_name="",
            launch_template=wanted.get("LaunchTemplate", {}),
            vpc_zone_identifier="",
            health_check_period=None,
            health_check_type=None,
            mixed_instances_policy=wanted.get("MixedInstancesPolicy"),
        )


def _matches(call: Call, group: Any, state: Any) -> bool:
    if not call.params.get("Preferences", {}).get("SkipMatching") or group.ec2_launch_template is None:
        return False
    version = group.ec2_launch_template.get_version(group.launch_template_version)
    return call.memory("launched versions").get(state.instance.id) == version.number


def _refresh(call: Call, group: str, old: int) -> dict[str, Any]:
    kept = ("Strategy", "Preferences", "DesiredConfiguration")
    return {
        "InstanceRefreshId": str(mock_random.uuid4()),
        "AutoScalingGroupName": group,
        "Status": "Pending",
        "StartTime": utcnow(),
        "PercentageComplete": 0,
        "InstancesToUpdate": old,
        **{name: call.params[name] for name in kept if name in call.params},
    }


@answers("autoscaling", "DescribeInstanceRefreshes")
def describe_refreshes(call: Call) -> Answer:
    """Newest first, as AWS shows them."""
    ids, rows = call.params.get("InstanceRefreshIds"), call.memory("refreshes").get(group_named(call).name, [])
    return {"InstanceRefreshes": [row for row in rows if not ids or row["InstanceRefreshId"] in ids]}


def _active(call: Call) -> tuple[Any, dict[str, Any]]:
    group = group_named(call)
    refresh = current(call.backend, group.name)
    if refresh is None:
        raise Refusal("ActiveInstanceRefreshNotFound", f"No in progress or pending refresh in {group.name}")
    return group, refresh


@answers("autoscaling", "CancelInstanceRefresh")
def cancel_refresh(call: Call) -> Answer:
    """What was replaced stays replaced."""
    group, refresh = _active(call)
    end(group, "Cancelled", "Cancelled due to user request.")
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


@answers("autoscaling", "RollbackInstanceRefresh")
def rollback_refresh(call: Call) -> Answer:
    """What was replaced is replaced again, by servers of the template of before."""
    group, refresh = _active(call)
    if not _goes_back(group, refresh.get("DesiredConfiguration", {})):
        raise Refusal("IrreversibleInstanceRefresh", "The instance refresh has no desired configuration.")
    roll_back(group, "Rollback due to user request.")
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}
