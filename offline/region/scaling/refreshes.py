"""Carry out the instance refreshes that the account began, as their new servers get healthy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from offline.patches import autoscaling_refresh
from offline.patches.autoscaling_instances import launch_more, take_out
from offline.patches.overlay import memory_of
from offline.region.scaling.refreshing import Progress, limit, step

Warm = Callable[[str, float], bool]
"""Whether an instance serves well, for so many seconds at least."""


@dataclass(slots=True)
class _Pause:
    """Where one refresh, or its way back, stands among its checkpoints."""

    refresh: str
    passed: int = 0
    until: float = 0.0


class Refreshes:
    """Every refresh that goes on, by group."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._pauses: dict[str, _Pause] = {}

    def step(self, group: Any, warm: Warm, now: float) -> None:
        """Launch, take out, pause or end, whatever is next for the group's refresh."""
        refresh = autoscaling_refresh.current(self._backend, group.name)
        if refresh is None:
            return
        preferences = refresh.get("Preferences", {})
        if refresh["Status"] == "Pending":
            refresh["Status"] = "InProgress"
        pause = self._pause(group.name, f"{refresh['InstanceRefreshId']} {refresh['Status']}")
        if now < pause.until:
            return
        next_ = step(self._progress(group, refresh, warm, pause.passed), preferences)
        if next_.checkpoint:
            pause.passed, pause.until = pause.passed + 1, now + preferences.get("CheckpointDelay", 3600)
        self._carry_out(group, next_.launch, next_.leave)
        self._tell(group, refresh, done=next_.done)

    def failed(self, group: Any, instance: str, why: str) -> None:
        """A server was replaced for bad health: with one that the refresh launched, it has failed."""
        refresh = autoscaling_refresh.current(self._backend, group.name)
        if refresh is None or instance in self._old(group) or refresh["Status"] == "RollbackInProgress":
            return
        reason = f"{instance}: {why}"
        if refresh.get("Preferences", {}).get("AutoRollback"):
            autoscaling_refresh.roll_back(group, reason)
        else:
            autoscaling_refresh.end(group, "Failed", reason)

    def _pause(self, group: str, refresh: str) -> _Pause:
        if group not in self._pauses or self._pauses[group].refresh != refresh:
            self._pauses[group] = _Pause(refresh)
        return self._pauses[group]

    def _old(self, group: Any) -> list[str]:
        return memory_of(self._backend, autoscaling_refresh.OLD).get(group.name, [])

    def _progress(self, group: Any, refresh: dict[str, Any], warm: Warm, passed: int) -> Progress:
        ids = [state.instance.id for state in group.active_instances()]
        old, preferences = set(self._old(group)), refresh.get("Preferences", {})
        young = [each for each in ids if each not in old]
        return Progress(
            desired=group.desired_capacity,
            total=len(old),
            old=len(ids) - len(young),
            young=len(young),
            warm=sum(warm(each, preferences.get("InstanceWarmup", 0)) for each in young),
            limit=limit(len(old), passed, preferences),
        )

    def _carry_out(self, group: Any, launch: int, leave: int) -> None:
        if launch:
            launch_more(group, launch)
        old = self._old(group)
        for state in [state for state in group.active_instances() if state.instance.id in old][:leave]:
            take_out(group, state)

    def _tell(self, group: Any, refresh: dict[str, Any], *, done: bool) -> None:
        old = self._old(group)
        left = sum(state.instance.id in old for state in group.active_instances())
        refresh |= {
            "InstancesToUpdate": left,
            "PercentageComplete": 100 * (len(old) - left) // len(old) if old else 100,
        }
        if done:
            rolled = refresh["Status"] == "RollbackInProgress"
            autoscaling_refresh.end(group, "RollbackSuccessful" if rolled else "Successful")
