"""Build a subscription: the events of a topic that one queue asks for, and a place for those it could not be given."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.parts.dead_letters import make_dead_letter_queue
from components.parts.queue_policy import make_queue_policy

MAX_FILTER_KEYS = 5
MAX_FILTER_COMBINATIONS = 150
"""SNS Developer Guide, "Filter policy constraints": the product of the numbers of values."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionArgs:
    """Which events go from a topic to a queue."""

    topic_arn: pulumi.Input[str]
    queue_arn: pulumi.Input[str]
    """A queue whose policy lets the topic deliver (`WorkQueueArgs.topic_arns`), or every event is lost in silence."""
    filter_policy: Mapping[str, Sequence[str]] | None = None
    """Message attribute -> its values that pass, case-sensitive; an event needs one value of each. None: all events.
    A change takes up to 15 minutes. An event that is filtered out reaches no dead-letter queue."""
    keeps_undeliverable: bool = True
    """Keep events that SNS could not hand to the queue in a dead-letter queue of the subscription's own, for 14 days.
    Without it they are lost at once: SNS retries no refusal, such as a missing queue or a wrong policy."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        if self.filter_policy is None:
            return
        values = [len(allowed) for allowed in self.filter_policy.values()]
        if not 1 <= len(values) <= MAX_FILTER_KEYS or not 1 <= math.prod(values) <= MAX_FILTER_COMBINATIONS:
            raise ValueError(
                f"filter_policy has {len(values)} keys and {math.prod(values)} combinations; allowed: 1 to"
                f" {MAX_FILTER_KEYS} keys and 1 to {MAX_FILTER_COMBINATIONS} combinations (SNS Developer Guide, Filter"
                " policy constraints). Fix: filter_policy, or None for every event"
            )


class Subscription(pulumi.ComponentResource):
    """A queue's ear on a topic: the body arrives as published, with its attributes (at most 10, or it is discarded).

    Delivery costs nothing; what cannot be delivered costs the dead-letter queue's requests, 0.40 USD a million.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: SubscriptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:messaging:Subscription", name, None, opts)
        redrive = self._dead_letters(name, args) if args.keeps_undeliverable else None
        subscription = self._subscription(name, args, redrive)
        self.arn = subscription.arn
        self.register_outputs({"arn": self.arn})

    def _dead_letters(self, name: str, args: SubscriptionArgs) -> pulumi.Output[str]:
        """Make the dead-letter queue; its redrive policy is handed out once SNS may send to it."""
        queue = make_dead_letter_queue(self, name, args.alarm_topic_arn)
        policy = make_queue_policy(self, f"{name}-dead-letters", queue, [args.topic_arn])
        arn = pulumi.Output.all(queue.arn, policy.id).apply(lambda both: both[0])
        return pulumi.Output.json_dumps({"deadLetterTargetArn": arn})

    def _subscription(
        self, name: str, args: SubscriptionArgs, redrive: pulumi.Output[str] | None
    ) -> aws.sns.TopicSubscription:
        wanted = {key: list(values) for key, values in args.filter_policy.items()} if args.filter_policy else None
        return aws.sns.TopicSubscription(
            name,
            topic=args.topic_arn,
            protocol="sqs",
            endpoint=args.queue_arn,
            raw_message_delivery=True,
            filter_policy=json.dumps(wanted) if wanted else None,
            filter_policy_scope="MessageAttributes" if wanted else None,
            redrive_policy=redrive,
            opts=pulumi.ResourceOptions(parent=self),
        )
