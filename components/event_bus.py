"""Build the event bus: one SNS topic, and subscriptions that bring each queue the events it asks for."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.alarm import Alarm, make_alarm
from components.dead_letters import make_dead_letter_queue
from components.policy import allow, deny, document
from components.queue_policy import make_queue_policy

SERVER_KEY = "alias/aws/sns"
"""SNS's own key, at no charge: its policy admits every principal of the account that SNS admits. Servers only publish
here; services such as CloudWatch could not (see `alarm_topic.py`)."""
SIGNATURE_VERSION = 2
"""SHA256 in place of SHA1, which is still SNS's default."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventBusArgs:
    """Who hears of events that could not be delivered."""

    alarm_topic_arn: pulumi.Input[str] | None = None


class EventBus(pulumi.ComponentResource):
    """A topic that only TLS reaches. Publishing costs 0.50 USD a million; delivery to SQS nothing."""

    arn: pulumi.Output[str]
    """Handed out once the topic's policy stands."""
    name: pulumi.Output[str]
    publish_policy: pulumi.Output[str]
    """Lets a server publish events."""

    def __init__(self, name: str, args: EventBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:messaging:EventBus", name, None, opts)
        topic = self._topic(name)
        policy = self._policy(name, topic)
        make_alarm(self, name, "undelivered", _undelivered(name, topic), args.alarm_topic_arn)
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda both: both[0])
        self.name = topic.name
        self.publish_policy = document(allow(["sns:Publish"], topic.arn))
        self.register_outputs({"arn": self.arn, "name": self.name, "publish_policy": self.publish_policy})

    def _topic(self, name: str) -> aws.sns.Topic:
        return aws.sns.Topic(
            names.logical(aws.sns.Topic.pulumi_type, name),
            kms_master_key_id=SERVER_KEY,
            signature_version=SIGNATURE_VERSION,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _policy(self, name: str, topic: aws.sns.Topic) -> aws.sns.TopicPolicy:
        """Refuse plain HTTP. It replaces SNS's default policy: publishers come in by policies of their own."""
        plain_http = {"Bool": {"aws:SecureTransport": "false"}}
        return aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=document(deny(["sns:Publish"], topic.arn, Principal="*", Condition=plain_http)),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _undelivered(name: str, topic: aws.sns.Topic) -> Alarm:
    return Alarm(
        namespace="AWS/SNS",
        metric="NumberOfNotificationsFailed",
        dimensions={"TopicName": topic.name},
        statistic="Sum",
        threshold=0,
        evaluations=1,
        description=f"Events of {name} reach no queue: look at the queues' policies and at the dead letters.",
    )


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
    """A queue's ear on a topic: the body arrives as published, with its attributes (at most 10, or it is discarded)."""

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
