"""Build how the store's parts talk behind the customer's back: one topic of events and one queue per kind of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from app.contract import QUEUES
from components.event_bus import EventBus, EventBusArgs
from components.subscription import Subscription, SubscriptionArgs
from components.work_queue import WorkQueue, WorkQueueArgs
from stacks.grants import EVENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class Messaging:
    """The topic, and the queues by kind of work."""

    bus: EventBus
    queues: Mapping[str, WorkQueue]


def messaging(alarm_topic_arn: pulumi.Output[str]) -> Messaging:
    """The topic, every queue with its dead-letter queue, and a filtered subscription per queue that hears events."""
    bus = EventBus("events", EventBusArgs(alarm_topic_arn=alarm_topic_arn))
    queues = {
        kind: WorkQueue(
            f"work-{kind}",
            WorkQueueArgs(
                max_job_s=seconds,
                topic_arns=[bus.arn] if kind in EVENTS else [],
                alarm_topic_arn=alarm_topic_arn,
            ),
        )
        for kind, seconds in QUEUES.items()
    }
    for kind, types in EVENTS.items():
        queue = queues[kind]
        Subscription(
            f"events-to-{kind}",
            SubscriptionArgs(
                topic_arn=bus.arn,
                queue_arn=queue.arn,
                filter_policy={"type": list(types)},
                alarm_topic_arn=alarm_topic_arn,
            ),
        )
    return Messaging(bus=bus, queues=queues)
