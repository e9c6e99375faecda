"""SQS: moto 5.2.5 drops a queue's policy, hides RedriveAllowPolicy, and hands messages to consumers that have died."""

import select
import socket
from typing import Any

from moto.sqs.models import Queue, SQSBackend
from werkzeug.exceptions import ClientDisconnected

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


@replaces(SQSBackend, "receive_message")
def who_has_gone_before_begins_no_wait(original: Any, backend: SQSBackend, *args: Any, **kwargs: Any) -> Any:
    """Take nothing for a consumer that died before its question was read."""
    _refuse_the_dead()
    return original(backend, *args, **kwargs)


@replaces(Queue, "wait_for_messages")
def who_has_gone_waits_no_more(original: Any, queue: Queue, timeout: int) -> None:
    """End the wait of a consumer that died meanwhile: moto would hand it the next message, hidden from all others."""
    original(queue, timeout)
    _refuse_the_dead()


def _refuse_the_dead() -> None:
    """Raise for a request whose connection its sender has closed; a call within this process has none."""
    from flask import has_request_context, request  # noqa: PLC0415  70 ms that an account which serves nobody saves

    caller: socket.socket | None = request.environ.get("werkzeug.socket") if has_request_context() else None
    if caller and select.select([caller], [], [], 0)[0] and not caller.recv(1, socket.MSG_PEEK):
        raise ClientDisconnected
