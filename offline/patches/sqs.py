"""SQS: moto 5.2.5 drops a queue's policy with each change of another attribute, and hides RedriveAllowPolicy."""

from typing import Any

from moto.sqs.models import Queue, SQSBackend

from offline.patches.swap import replaces

ADMITTED = "RedriveAllowPolicy"


@replaces(Queue, "_set_attributes")
def policy_outlives_other_changes(
    original: Any, queue: Queue, attributes: dict[str, Any], now: float | None = None
) -> None:
    """Change the attributes that are given and no other: moto takes a missing Policy for an empty one."""
    kept = {"Policy": queue.policy} if "Policy" not in attributes and hasattr(queue, "_policy_json") else {}
    original(queue, {**kept, **attributes}, now)


@replaces(SQSBackend, "get_queue_attributes")
def redrive_permission_is_shown(
    original: Any, backend: SQSBackend, queue_name: str, attribute_names: list[str]
) -> dict[str, Any]:
    """Show who may use this dead-letter queue; moto keeps what it is told, but calls the attribute unknown."""
    shown = original(backend, queue_name, [name for name in attribute_names if name != ADMITTED])
    admitted = getattr(backend.get_queue(queue_name), "redrive_allow_policy", None)
    if admitted and {"All", ADMITTED} & set(attribute_names):
        return {**shown, ADMITTED: admitted}
    return shown
