"""Build the alarm topic: where CloudWatch and Budgets say what is wrong, and whom it is mailed to."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.policy import Statement, allow, document

PUBLISHERS = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com")
KEY_DELETION_DAYS = 7
"""KMS's shortest: the key guards no more than alarms that are on their way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTopicArgs:
    """Who is told, and where. Costs 1 USD a month for the key."""

    email: str | None = None
    """Who gets a mail for each alarm, once the link in SNS's first mail was followed; until then nobody does."""
    region: str | None = None
    """us-east-1 for what CloudFront, WAF and billing alarms tell; else the stack's own."""


class AlarmTopic(pulumi.ComponentResource):
    """An encrypted topic to which CloudWatch's alarms and Budgets can publish.

    It has a key of its own, because neither service may use SNS's own key, `alias/aws/sns`: an alarm then turns red and
    tells nobody (https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns).
    """

    arn: pulumi.Output[str]
    """Handed out once the topic's policy stands: before that Budgets refuses the topic and alarms are lost."""
    recipient: pulumi.Output[str]
    """Who is mailed, and that nobody is as long as the address is not confirmed."""

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:watch:AlarmTopic", name, None, opts)
        topic = self._topic(name, args, self._key_id(name, args))
        policy = self._policy(name, args, topic)
        self.recipient = self._mail(name, args, topic)
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda both: both[0])
        self.register_outputs({"arn": self.arn, "recipient": self.recipient})

    def _key_id(self, name: str, args: AlarmTopicArgs) -> pulumi.Output[str]:
        """Make the key; its id is handed out once the publishers may use it."""
        key = aws.kms.Key(
            name,
            description="Encrypts alarms on their way through SNS",
            enable_key_rotation=True,
            deletion_window_in_days=KEY_DELETION_DAYS,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.kms.KeyPolicy(
            name,
            key_id=key.id,
            policy=document(_owner(key), _users()),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return pulumi.Output.all(key.id, policy.id).apply(lambda both: both[0])

    def _topic(self, name: str, args: AlarmTopicArgs, key_id: pulumi.Output[str]) -> aws.sns.Topic:
        return aws.sns.Topic(
            names.logical(aws.sns.Topic, name),
            kms_master_key_id=key_id,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _policy(self, name: str, args: AlarmTopicArgs, topic: aws.sns.Topic) -> aws.sns.TopicPolicy:
        """Name every publisher: this policy replaces SNS's default one. The account's own principals need no entry."""
        ours = {"StringEquals": {"aws:SourceAccount": topic.owner}}
        return aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=document(allow(["sns:Publish"], topic.arn, Principal={"Service": list(PUBLISHERS)}, Condition=ours)),
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _mail(self, name: str, args: AlarmTopicArgs, topic: aws.sns.Topic) -> pulumi.Output[str]:
        email = args.email
        if email is None:
            return pulumi.Output.from_input("nobody: no e-mail address is set")
        mailed = aws.sns.TopicSubscription(
            name,
            topic=topic.arn,
            protocol="email",
            endpoint=email,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        waits = f"{email}, not confirmed yet: the link is in SNS's mail"
        return mailed.pending_confirmation.apply(lambda pending: waits if pending else email)


def _owner(key: aws.kms.Key) -> Statement:
    """Let the account's own policies decide about the key: without this nobody could ever change or delete it."""
    root = key.arn.apply(lambda arn: ":".join((*arn.split(":")[:2], "iam", "", arn.split(":")[4], "root")))
    return allow(["kms:*"], "*", Principal={"AWS": root})


def _users() -> Statement:
    """Let the publishers encrypt, through whatever topic this key belongs to: the topic's policy says which account's.

    A condition on the source would be a second lock on the same door, and where a service's call to KMS lacks the
    source (EventBridge's does), messages are dropped in silence (SNS Developer Guide, "Key management").
    """
    return allow(["kms:Decrypt", "kms:GenerateDataKey*"], "*", Principal={"Service": list(PUBLISHERS)})
