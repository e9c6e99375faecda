"""Let every fleet of a deployed store call as its servers would, and write down what it was allowed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from app.contract import QUEUES
from stacks.grants import SERVICE_NEEDS, WORKER_NEEDS, needs_of
from stacks.presets import app_fleets, worker_fleets
from tests.deploying import Deployed
from tests.permissions.uses import Call, Clients, outcome
from tests.stores import fleets, template

WORDS = (
    "artifacts", "pictures", "documents", "tables", "publish", "database", "sessions", "calls", "gateway",
    *(f"send-{kind}" for kind in QUEUES), *(f"consume-{kind}" for kind in QUEUES),
)  # fmt: skip
"""Every word of `stacks/grants.py`."""


def needs(scaling: str) -> dict[str, frozenset[str]]:
    """Fleet -> what its members need: for a fleet of all, the union of what each needs, and nothing else."""
    apps = {f"app-{name}": needs_of(SERVICE_NEEDS, members) for name, members in app_fleets(scaling).items()}
    workers = {f"worker-{name}": needs_of(WORKER_NEEDS, members) for name, members in worker_fleets(scaling).items()}
    return {**apps, **workers}


def role_of(store: Deployed, fleet: str) -> str:
    """The ARN of the role that a server of the fleet has by its instance profile."""
    profile = template(store, fleet)["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    [role] = store.client("iam").get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
    return role["Arn"]


def server_of(store: Deployed, fleet: str) -> Clients:
    """Clients that call as a server of the fleet."""
    return partial(store.account.client, role=role_of(store, fleet))


def outcomes(calls: Mapping[str, Call], clients: Clients) -> dict[str, str]:
    """What became of each call."""
    return {name: outcome(call, clients) for name, call in calls.items()}


def leaving(store: Deployed, fleet: str) -> dict[str, Call]:
    """What a worker of *fleet* tells its group, once its group has grown and shrunk again."""
    scaling, name = store.client("autoscaling"), fleets(store)[fleet]["AutoScalingGroupName"]
    [hook] = scaling.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
    size = fleets(store)[fleet]["DesiredCapacity"]
    for servers in (size + 1, size):
        scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=servers)
    leaves = [each for each in fleets(store)[fleet]["Instances"] if each["LifecycleState"] != "InService"]
    told = {
        "AutoScalingGroupName": name,
        "LifecycleHookName": hook["LifecycleHookName"],
        "InstanceId": leaves[0]["InstanceId"],
    }
    return {
        "heartbeat": lambda of: of("autoscaling").record_lifecycle_action_heartbeat(**told),
        "complete": lambda of: of("autoscaling").complete_lifecycle_action(**told, LifecycleActionResult="CONTINUE"),
    }


def finding(store: Deployed, fleet: str) -> dict[str, Call]:
    """What a worker of *fleet* asks before it leaves."""
    group = fleets(store)[fleet]
    servers = [each["InstanceId"] for each in group["Instances"]]
    return {
        "group": lambda of: of("autoscaling").describe_auto_scaling_instances(InstanceIds=servers),
        "hook": lambda of: of("autoscaling").describe_lifecycle_hooks(
            AutoScalingGroupName=group["AutoScalingGroupName"]
        ),
    }


def unknown_words() -> set[str]:
    """Words of `stacks/grants.py` for which no use is known here."""
    return set().union(*SERVICE_NEEDS.values(), *WORKER_NEEDS.values()) - set(WORDS)
