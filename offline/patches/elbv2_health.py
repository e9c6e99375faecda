"""How targets are: healthy once registered, as moto has it, unless something runs them and says otherwise."""

from collections.abc import Mapping
from typing import Any

from offline.patches.overlay import Answer, Call, amends, memory_of

OBSERVED = "observed health"


def observe(backend: Any, states: Mapping[str, Mapping[str, str]]) -> None:
    """From now on show what was seen: target group's ARN -> target -> initial, healthy or unhealthy."""
    memory_of(backend, OBSERVED).update(states)


@amends("elbv2", "DescribeTargetHealth")
def show_what_was_seen(call: Call, answer: Answer) -> None:
    """A target that nobody has asked yet is initial."""
    states = call.memory(OBSERVED).get(call.params["TargetGroupArn"])
    if states is None:
        return
    for row in answer["TargetHealthDescriptions"]:
        row["TargetHealth"] = {"State": states.get(row["Target"]["Id"], "initial")}
