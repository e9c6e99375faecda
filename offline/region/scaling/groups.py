"""Decide for each Auto Scaling group of the account, as the service does: its size, and which servers are replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from offline.account import Account
from offline.patches import autoscaling_refresh
from offline.patches.autoscaling_instances import IN_SERVICE, launch_more, record, take_out
from offline.patches.overlay import backend_of
from offline.region.scaling.policies import tracked
from offline.region.scaling.readings import Observed, Readings
from offline.region.scaling.refreshes import Refreshes
from offline.region.scaling.tracking import Size, wanted

HEALTHY = "healthy"
Clock = Callable[[], float]
"""Seconds; time.monotonic, or a test's own, which need not wait."""


class Scaling:
    """The service over all groups; `step` is called about once a second, and brings the account forward."""

    def __init__(self, account: Account, clock: Clock) -> None:
        """From now on an instance refresh takes its time."""
        self._account = account
        self._clock = clock
        self._backend = backend_of("autoscaling", account.account_id, account.region)
        self._readings = Readings(account, clock())
        self._since: dict[str, float] = {}
        self._refreshes = Refreshes(self._backend)
        autoscaling_refresh.drive(self._backend)

    def step(self, seen: Observed) -> None:
        """Replace what is lost or unhealthy, carry refreshes on, and once a minute follow the scaling policies."""
        now = self._clock()
        described = self._described()
        self._note_ages(described, now)
        minute = self._readings.take(now, seen, described)
        for shown in described:
            group = self._backend.autoscaling_groups[shown["AutoScalingGroupName"]]
            self._replace(group, shown, seen, now)
            self._refreshes.step(group, self._warm(shown, seen, now), now)
            if minute:
                self._resize(shown, seen, now)

    def _described(self) -> list[dict[str, Any]]:
        pages = self._account.client("autoscaling").get_paginator("describe_auto_scaling_groups").paginate()
        return [*pages.search("AutoScalingGroups[]")]

    def _note_ages(self, described: list[dict[str, Any]], now: float) -> None:
        held = [each["InstanceId"] for group in described for each in group["Instances"]]
        self._since = {name: self._since.get(name, now) for name in held}

    def _replace(self, group: Any, shown: Mapping[str, Any], seen: Observed, now: float) -> None:
        """Replace who failed a health check; one that is in its grace period only when its machine is gone."""
        for state in group.active_instances():
            name = state.instance.id
            why = _trouble(state, shown, seen)
            young = now - self._since.get(name, now) < shown["HealthCheckGracePeriod"]
            if not why or (young and name not in seen.lost):
                continue
            record(group, f"Taking {name} out of service: {why}")
            state.health_status = "Unhealthy"
            take_out(group, state)
            launch_more(group, 1)
            self._refreshes.failed(group, name, why)

    def _warm(self, shown: Mapping[str, Any], seen: Observed, now: float) -> Callable[[str, float], bool]:
        """Whether an instance serves well, for so many seconds at least."""

        def is_warm(name: str, seconds: float) -> bool:
            states = [seen.health.get(arn, {}).get(name, "") for arn in shown["TargetGroupARNs"]]
            well = name not in seen.lost and all(each == HEALTHY for each in states)
            return well and now - self._since.get(name, now) >= seconds

        return is_warm

    def _resize(self, shown: Mapping[str, Any], seen: Observed, now: float) -> None:
        warm, serving = self._warm(shown, seen, now), _in_service(shown)

        def warm_for(seconds: float) -> int:
            return sum(warm(each, seconds) for each in serving)

        policies = tracked(self._account, shown, self._readings, warm_for)
        if not policies:
            return
        size = Size(desired=shown["DesiredCapacity"], minimum=shown["MinSize"], maximum=shown["MaxSize"])
        if (to := wanted(size, policies)) != size.desired:
            asked = {"AutoScalingGroupName": shown["AutoScalingGroupName"], "DesiredCapacity": to}
            self._account.client("autoscaling").set_desired_capacity(**asked, HonorCooldown=False)


def _in_service(shown: Mapping[str, Any]) -> list[str]:
    return [each["InstanceId"] for each in shown["Instances"] if each["LifecycleState"] == IN_SERVICE]


def _trouble(state: Any, shown: Mapping[str, Any], seen: Observed) -> str:
    """What speaks against an instance; empty for a healthy one."""
    name = state.instance.id
    if name in seen.lost:
        return "an instance status check failed"
    if state.health_status == "Unhealthy":
        return "it was set to Unhealthy"
    states = [seen.health.get(arn, {}).get(name) for arn in shown["TargetGroupARNs"]]
    return "an ELB health check failed" if shown["HealthCheckType"] == "ELB" and "unhealthy" in states else ""
