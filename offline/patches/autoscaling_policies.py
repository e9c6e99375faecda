"""Scaling policies and lifecycle hooks, kept as they were given."""

from typing import Any

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from offline.patches.autoscaling import group_named
from offline.patches.autoscaling_instances import WAITING, terminate
from offline.patches.overlay import Answer, Call, Refusal, amends, answers, checks

LONGEST_WAIT_S = 172_800
"""A hook holds an instance for 48 hours, or 100 heartbeats, whichever is less."""


@answers("autoscaling", "PutScalingPolicy")
def put_policy(call: Call) -> Answer:
    """Moto keys policies by name alone, so two groups' policies of one name overwrite each other; `Enabled` is lost."""
    group, params = group_named(call), call.params
    kept, key = call.memory("policies"), (group.name, params["PolicyName"])
    arn = f"arn:aws:autoscaling:{call.region}:{call.account_id}:scalingPolicy:{mock_random.uuid4()}"
    before = kept.get(key, {"PolicyARN": f"{arn}:autoScalingGroupName/{group.name}:policyName/{params['PolicyName']}"})
    policy = {"PolicyType": "SimpleScaling", "Enabled": True, "Alarms": [], **params, "PolicyARN": before["PolicyARN"]}
    tracking = policy.get("TargetTrackingConfiguration")
    if tracking is not None:
        policy["TargetTrackingConfiguration"] = {"DisableScaleIn": False, **tracking}
    kept[key] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": []}


@answers("autoscaling", "DescribePolicies")
def describe_policies(call: Call) -> Answer:
    """Filter by group, name (or ARN) and type."""
    group, names = call.params.get("AutoScalingGroupName"), call.params.get("PolicyNames")
    types = call.params.get("PolicyTypes")
    return {
        "ScalingPolicies": [
            policy
            for (group_name, name), policy in call.memory("policies").items()
            if group in (None, group_name)
            and (not names or name in names or policy["PolicyARN"] in names)
            and (not types or policy["PolicyType"] in types)
        ]
    }


@answers("autoscaling", "DeletePolicy")
def delete_policy(call: Call) -> Answer:
    """By name within its group, or by ARN."""
    kept, wanted = call.memory("policies"), call.params["PolicyName"]
    group = call.params.get("AutoScalingGroupName")
    found = [
        key
        for key, policy in kept.items()
        if wanted == policy["PolicyARN"] or (wanted == key[1] and group in (None, key[0]))
    ]
    if not found:
        raise Refusal("ValidationError", f"Policy not found: {wanted}")
    del kept[found[0]]
    return {}


@answers("autoscaling", "ExecutePolicy")
def execute_policy(call: Call) -> Answer:
    """Of simple scaling only, as in moto; here within the group's bounds."""
    group, wanted = group_named(call), call.params["PolicyName"]
    policies = call.memory("policies")
    policy = next((row for key, row in policies.items() if wanted in (key[1], row["PolicyARN"])), None)
    if policy is None or policy["PolicyType"] != "SimpleScaling":
        raise Refusal("ValidationError", f"No simple scaling policy {wanted}")
    step, now = policy["ScalingAdjustment"], group.desired_capacity
    changed = {"ExactCapacity": step, "ChangeInCapacity": now + step}.get(policy["AdjustmentType"])
    wanted = now + round(now * step / 100) if changed is None else changed
    call.backend.set_desired_capacity(group.name, min(max(wanted, group.min_size), group.max_size))
    return {}


def _put_hook(call: Call, group: str, row: dict[str, Any]) -> None:
    timeout = row.get("HeartbeatTimeout", 3600)
    hook = {"DefaultResult": "ABANDON", **row, "AutoScalingGroupName": group, "HeartbeatTimeout": timeout}
    hook["GlobalTimeout"] = min(LONGEST_WAIT_S, 100 * timeout)
    call.memory("lifecycle hooks")[group, row["LifecycleHookName"]] = hook


@answers("autoscaling", "PutLifecycleHook")
def put_hook(call: Call) -> Answer:
    """Moto shows a constant role, target and global timeout; a hook that exists is changed, not replaced."""
    group = group_named(call).name
    before = call.memory("lifecycle hooks").get((group, call.params["LifecycleHookName"]), {})
    if not before and "LifecycleTransition" not in call.params:
        raise Refusal("ValidationError", "LifecycleTransition is required for a new lifecycle hook.")
    _put_hook(call, group, {**before, **call.params})
    return {}


@amends("autoscaling", "CreateAutoScalingGroup")
def initial_hooks(call: Call, _: Answer) -> None:
    """Moto ignores the hooks that a group is created with."""
    for row in call.params.get("LifecycleHookSpecificationList", []):
        _put_hook(call, call.params["AutoScalingGroupName"], row)


@answers("autoscaling", "DescribeLifecycleHooks")
def describe_hooks(call: Call) -> Answer:
    """Show the hooks of one group."""
    group, names = group_named(call).name, call.params.get("LifecycleHookNames")
    rows = call.memory("lifecycle hooks").items()
    return {"LifecycleHooks": [row for (owner, name), row in rows if owner == group and (not names or name in names)]}


@answers("autoscaling", "DeleteLifecycleHook")
def delete_hook(call: Call) -> Answer:
    """Instances that it held back go on to their end."""
    group, name = group_named(call), call.params["LifecycleHookName"]
    if call.memory("lifecycle hooks").pop((group.name, name), None) is None:
        raise Refusal("ValidationError", f"No Lifecycle Hook found with name: {name}")
    for state in [state for state in group.instance_states if state.lifecycle_state == WAITING]:
        _release(call, group, state, name)
    return {}


def _release(call: Call, group: Any, state: Any, hook: str) -> None:
    waits = call.memory("waits").get(state.instance.id, {})
    waits.pop(hook, None)
    if not waits:
        terminate(group, state)


def _waiting(call: Call) -> tuple[Any, Any]:
    """The instance that the request means, by id or by token."""
    group, hook, token = group_named(call), call.params["LifecycleHookName"], call.params.get("LifecycleActionToken")
    for state in group.instance_states:
        wait = call.memory("waits").get(state.instance.id, {}).get(hook)
        if wait and (state.instance.id == call.params.get("InstanceId") or wait["token"] == token):
            return group, state
    raise Refusal(
        "ValidationError", f"No active Lifecycle Action found with instance ID {call.params.get('InstanceId')}"
    )


@answers("autoscaling", "CompleteLifecycleAction")
def complete_action(call: Call) -> Answer:
    """Missing in moto. CONTINUE and ABANDON both end a terminating instance; ABANDON waits for no other hook."""
    group, state = _waiting(call)
    if call.params["LifecycleActionResult"] == "ABANDON":
        terminate(group, state)
    else:
        _release(call, group, state, call.params["LifecycleHookName"])
    return {}


@answers("autoscaling", "RecordLifecycleActionHeartbeat")
def record_heartbeat(call: Call) -> Answer:
    """Missing in moto. The wait starts anew."""
    group, state = _waiting(call)
    hook = call.params["LifecycleHookName"]
    timeout = call.memory("lifecycle hooks")[group.name, hook]["HeartbeatTimeout"]
    call.memory("waits")[state.instance.id][hook]["until"] = utcnow().timestamp() + timeout
    return {}


@checks("autoscaling", "DescribeAutoScalingGroups", "DescribeAutoScalingInstances")
def waits_end(call: Call) -> None:
    """A wait whose heartbeat is overdue ends the next time that anyone looks."""
    now = utcnow().timestamp()
    for group in call.backend.autoscaling_groups.values():
        for state in [state for state in group.instance_states if state.lifecycle_state == WAITING]:
            for hook, wait in list(call.memory("waits").get(state.instance.id, {}).items()):
                if wait["until"] <= now:
                    _release(call, group, state, hook)
