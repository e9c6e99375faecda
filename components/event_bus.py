"""Build the event bus: one encrypted SNS topic, on which the servers publish what has happened."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.alarm import Alarm, make_alarm
from components.policy import allow, deny, document

SNS_KEY = "alias/aws/sns"
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
            names.logical(aws.sns.Topic, name),
            kms_master_key_id=SNS_KEY,
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
