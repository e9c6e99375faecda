"""Find the fleets that still run old servers, and wait until none does where an update takes away what those use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from engines.cloud import FAILED, LOGIN, reason
from engines.graph import Graph, Resource
from engines.refusals import Refusal
from engines.stack_file import command
from policies.handover import GROUP, TEMPLATE

if TYPE_CHECKING:  # `draining` asks this module which servers may still write to a shard
    from engines.draining import Account

T = TypeVar("T")
GROUPS = "autoscaling:DescribeAutoScalingGroups"
GOING_ON = {"Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"}
PAUSE_S, SOON_S = 15, 1
"""Between two looks: the longest, and the first; servers without work to finish, as offline ones, are soon gone."""
PATIENCE_S = 2 * 3600
"""Servers come in two halves with a pause, each with its boot, its health checks and the drain of the one before."""
BACK = ": AWS went back to what the group was set to when its refresh began"
MEANING = {
    "Failed": ": new servers did not get healthy, and old ones were left",
    "RollbackSuccessful": f"{BACK}, which with Pulumi is the new version",
    "RollbackFailed": f"{BACK}, and did not get there",
}
BROKEN = "mend what the new servers run, which their log tells, or have them run what ran before"
AGAIN = (
    "begin it again (aws autoscaling start-instance-refresh --auto-scaling-group-name), which an update does only where"
    " it changes the servers"
)
MENDING = {
    "Failed": f"{BROKEN}; if the cause lay elsewhere, {AGAIN}",
    "Cancelled": AGAIN,
    "RollbackSuccessful": BROKEN,
    "RollbackFailed": "look at the group's activities: servers of either version, or too few, run; mend what ends them",
}
"""Of a refresh's status: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html. The
provider sets the group to the new version before it: https://github.com/hashicorp/terraform-provider-aws/issues/34189."""
KEPT = "What old servers use stays. Fix: the same command goes on from there"


class RolloutError(Refusal):
    """A fleet's old servers were not replaced, so that what they use must stay."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far a group is with its new servers."""

    status: str
    """Of the newest instance refresh, however old; empty where there never was one."""
    why: str
    versions: frozenset[str]
    """Of the launch template, as which its servers were started."""
    percent: int = 0
    """How much of the refresh is done, 0 to 100."""
    leaving: int = 0
    """Servers that a lifecycle hook lets finish their work: a refresh is over when the new ones are warm."""

    @property
    def progress(self) -> str:
        """What may be said of a refresh while it goes on."""
        if not self.is_replacing:
            return f"old ones that finish their work: {self.leaving}"
        return f"{self.status}, {self.percent} %"

    @property
    def is_replacing(self) -> bool:
        """Whether a refresh goes on."""
        return self.status in GOING_ON

    @property
    def goes_on(self) -> bool:
        """Whether it changes by itself which servers there are."""
        return self.is_replacing or self.leaving > 0


def groups_with_old_servers(account: Account, deployed: Graph) -> frozenset[str]:
    """URNs of the groups whose servers are being replaced, or are not of the newest version that the state knows of.

    The account is asked: a refresh outlasts the run that started it, and one that fails leaves old servers.
    """
    newest = {each.id: _version(each.outputs.get("latestVersion")) for each in deployed.of_type(TEMPLATE)}
    found: set[str] = set()
    for group in _refreshed(deployed):
        wanted = {_version(group.inputs["launchTemplate"].get("version")), newest.get(_template(group), "")} - {""}
        rollout = _rollout(account, group.id)
        if rollout.is_replacing or any(rollout.versions - {each} for each in wanted):
            found.add(group.urn)
    return frozenset(found)


def wait_for_new_servers(
    account: Account,
    deployed: Graph,
    say: Callable[[str], None] = lambda _sentence: None,
    *,
    pause_s: float = PAUSE_S,
    patience_s: float = PATIENCE_S,
) -> None:
    """Return when each server is of its group's version; *say* takes what changes meanwhile, group by group.

    RolloutError where that does not come, is stopped by Ctrl-C, or takes longer than *patience_s* in all.
    """
    deadline = time.monotonic() + patience_s
    for group in _refreshed(deployed):
        rollout = _ended(account, group.id, deadline, say, pause_s)
        wanted = _version(group.inputs["launchTemplate"].get("version"))
        old = rollout.versions - {wanted} if wanted else frozenset()
        if old:
            raise RolloutError(
                f"{group.id} runs servers of version {', '.join(sorted(old))} of its launch template, and its instance"
                f" refresh is {rollout.status or 'none'} ({rollout.why}){MEANING.get(rollout.status, '')}; allowed:"
                f" version {wanted} alone, before what old servers use is taken away. Fix:"
                f" {command('refresh', deployed.stack)}, {MENDING.get(rollout.status, 'mend the servers')},"
                " then this again"
            )


@dataclass(frozen=True, slots=True)
class Words(Generic[T]):
    """What is said of something that is waited for."""

    goes_on: Callable[[T], str]
    """How far it is; empty when the wait is over."""
    too_long: Callable[[T], str]
    stopped: str


def wait_while(
    look: Callable[[], T], words: Words[T], say: Callable[[str], None], *, deadline: float, pause_s: float
) -> T:
    """What *look* answers when the wait is over; *say* takes what changes meanwhile.

    RolloutError where it is not over at *deadline*, by the monotonic clock, and for Ctrl-C.
    """
    told, pauses = "", growing(pause_s)
    try:
        while now := words.goes_on(found := look()):
            if time.monotonic() >= deadline:
                raise RolloutError(words.too_long(found))
            if now != told:
                told = now
                say(told)
            time.sleep(next(pauses))
    except KeyboardInterrupt as error:
        raise RolloutError(words.stopped) from error
    return found


def growing(longest_s: float) -> Iterator[float]:
    """How long to wait between two looks, in seconds: each time twice as long, until it is *longest_s*."""
    pause_s: float = SOON_S
    while True:
        yield min(pause_s, longest_s)
        pause_s = min(2 * pause_s, longest_s)


def _ended(account: Account, group: str, deadline: float, say: Callable[[str], None], pause_s: float) -> Rollout:
    """How far a group is when no refresh goes on."""
    words: Words[Rollout] = Words(
        goes_on=lambda now: f"waiting for the new servers of {group}: {now.progress}" if now.goes_on else "",
        too_long=lambda now: f"{group} still gets new servers ({now.progress}) after a long wait. {KEPT}",
        stopped=f"stopped by Ctrl-C while {group} gets new servers. {KEPT}",
    )
    return wait_while(lambda: _rollout(account, group), words, say, deadline=deadline, pause_s=pause_s)


def _refreshed(deployed: Graph) -> Iterator[Resource]:
    """The groups whose servers follow the template; those of any other stay as they are, whatever is taken away."""
    return (each for each in deployed.of_type(GROUP) if "instanceRefresh" in each.inputs and _template(each))


def _template(group: Resource) -> str:
    return (group.inputs.get("launchTemplate") or {}).get("id", "")


def _version(number: object) -> str:
    """A template's version as Auto Scaling spells it; empty for `$Latest` and the like, which name none."""
    digits = str(number).removesuffix(".0")
    return digits if digits.isdigit() else ""


def _rollout(account: Account, group: str) -> Rollout:
    """What the account says of a group; RolloutError where it cannot be asked."""
    try:
        return _asked(account.client("autoscaling"), group)
    except FAILED as error:
        raise unknown(f"{group} has new servers", f"{GROUPS} and DescribeInstanceRefreshes", error) from error


def unknown(what: str, calls: str, error: Exception) -> RolloutError:
    """The refusal to go on where the account does not answer *calls*, so that nobody knows whether *what*."""
    return RolloutError(
        f"nobody knows whether {what}: {reason(error)}; allowed: an answer to {calls}, with valid credentials"
        f" ({LOGIN}). {KEPT}"
    )


def _asked(scaling: Any, group: str) -> Rollout:
    """How far a group is; one that is gone has no servers."""
    found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    if not found:
        return Rollout("", "", frozenset())
    servers = [each.get("LaunchTemplate", {}).get("Version", "unknown") for each in found[0]["Instances"]]
    leaving = sum(each.get("LifecycleState", "").startswith("Terminating") for each in found[0]["Instances"])
    newest = next(iter(_refreshes(scaling, group)), {})
    why, percent = newest.get("StatusReason", "no reason given"), newest.get("PercentageComplete", 0)
    return Rollout(newest.get("Status", ""), why, frozenset(servers), percent, leaving)


def _refreshes(scaling: Any, group: str) -> list[dict[str, Any]]:
    """AWS answers with the newest first."""
    return scaling.describe_instance_refreshes(AutoScalingGroupName=group, MaxRecords=1)["InstanceRefreshes"]
