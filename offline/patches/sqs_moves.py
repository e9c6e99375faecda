"""SQS: sending a dead-letter queue's messages back to where they came from, which moto 5.2.5 lacks."""

from typing import Any

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from offline.patches.overlay import Answer, Call, Refusal, answers


def _queue(call: Call, arn: str) -> Any:
    name = arn.rpartition(":")[2]
    if name not in call.backend.queues:
        raise Refusal("ResourceNotFoundException", f"The resource that you specified for {arn} doesn't exist.")
    return call.backend.queues[name]


@answers("sqs", "StartMessageMoveTask")
def move_messages(call: Call) -> Answer:
    """Moves every visible message at once, to the destination or to the queue whose dead letters they are."""
    source = _queue(call, call.params["SourceArn"])
    feeders = [queue for queue in call.backend.queues.values() if queue.dead_letter_queue is source]
    if not feeders:
        raise Refusal("InvalidParameterValueException", "Source queue must be configured as a Dead Letter Queue.")
    target = _queue(call, call.params["DestinationArn"]) if "DestinationArn" in call.params else feeders[0]
    moved, held = list(source.messages), vars(source)["_messages"]
    for message in moved:
        held.remove(message)
        source.pending_messages.discard(message)
        call.backend.send_message(
            target.name,
            message.body,
            message.message_attributes,
            deduplication_id=message.deduplication_id,
            group_id=message.group_id,
            validate_group_id=False,
        )
    task = {
        "TaskHandle": mock_random.get_random_string(64),
        "Status": "COMPLETED",
        "SourceArn": call.params["SourceArn"],
        "ApproximateNumberOfMessagesMoved": len(moved),
        "ApproximateNumberOfMessagesToMove": len(moved),
        "StartedTimestamp": int(utcnow().timestamp() * 1000),
    }
    call.memory("moves").setdefault(call.params["SourceArn"], []).insert(0, task)
    return {"TaskHandle": task["TaskHandle"]}


@answers("sqs", "ListMessageMoveTasks")
def list_moves(call: Call) -> Answer:
    """Newest first; a finished task shows no handle, as on AWS."""
    tasks = call.memory("moves").get(call.params["SourceArn"], [])[: call.params.get("MaxResults", 1)]
    return {"Results": [{name: value for name, value in task.items() if name != "TaskHandle"} for task in tasks]}
