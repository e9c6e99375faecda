"""Wait until the servers of every fleet are new, where an update goes on with what the old ones use."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from engines.draining import Account
from engines.graph import Graph
from engines.refusals import Refusal

GROUP = "aws:autoscaling/group:Group"
GOING_ON = {"Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking"}
ENDED_WELL = {"Successful"}
PAUSE_S = 15
PATIENCE_S = 2 * 3600
"""Servers come in two halves with a pause, each with its boot, its health checks and the drain of the one before."""


class RolloutError(Refusal):
    """A fleet's old servers were not replaced, so that what they use must stay."""


def wait_for_new_servers(account: Account, deployed: Graph, pause_s: float = PAUSE_S) -> None:
    """Return when no instance refresh goes on; RolloutError where the last one failed or takes over two hours."""
    scaling = account.client("autoscaling")
    deadline = time.monotonic() + PATIENCE_S
    for group in (each.id for each in deployed.of_type(GROUP)):
        while found := next(_latest(scaling, group), None):
            if found["Status"] in ENDED_WELL:
                break
            if found["Status"] not in GOING_ON or time.monotonic() > deadline:
                why = found.get("StatusReason", "no reason given")
                raise RolloutError(
                    f"the instance refresh of {group} is {found['Status']} ({why}); allowed: Successful, before what"
                    " old servers use is taken away. Fix: ./bigpicture refresh, mend the servers, then this again"
                )
            time.sleep(pause_s)


def _latest(scaling: Any, group: str) -> Iterator[dict[str, Any]]:
    """The newest refresh of a group; AWS answers with the newest first."""
    yield from scaling.describe_instance_refreshes(AutoScalingGroupName=group, MaxRecords=1)["InstanceRefreshes"]
