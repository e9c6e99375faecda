"""Fragments about topics and their subscriptions."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

KEPT = 1_209_600
"""Seconds: as long as SQS keeps anything."""


def lets_in(name, queue, topic, service="sns.amazonaws.com"):
    document = pulumi.Output.all(queue.arn, topic.arn).apply(lambda arns: json.dumps({"Statement": [{
        "Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": arns[0],
        "Condition": {"ArnEquals": {"aws:SourceArn": arns[1]}}}]}))  # fmt: skip
    aws.sqs.QueuePolicy(name, queue_url=queue.id, policy=document)


def publishers(topic, *services):
    aws.sns.TopicPolicy("policy", arn=topic.arn, policy=json.dumps({"Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": "*"}
        for service in services]}))  # fmt: skip


def alarm(topic):
    aws.cloudwatch.MetricAlarm(
        "alarm", namespace="AWS/SQS", metric_name="NumberOfMessagesSent", comparison_operator="GreaterThanThreshold",
        evaluation_periods=1, period=60, statistic="Maximum", threshold=60, alarm_actions=[topic.arn],
        dimensions={"QueueName": "orders"},
        ok_actions=[topic.arn], treat_missing_data="notBreaching",
    )  # fmt: skip


def budget(topic):
    aws.budgets.Budget("budget", budget_type="COST", limit_amount="10", limit_unit="USD", time_unit="MONTHLY",
                       notifications=[{"comparison_operator": "GREATER_THAN", "notification_type": "ACTUAL",
                                       "threshold": 100, "threshold_type": "PERCENTAGE",
                                       "subscriber_sns_topic_arns": [topic.arn]}])  # fmt: skip


def subscribe(topic, queue, **more):
    aws.sns.TopicSubscription("s", topic=topic.arn, protocol="sqs", endpoint=queue.arn, **more)


@breaks(
    "topic-name",
    "aws:sns/topic:Topic 't': name is \"orders.new\"; allowed: 1 to 256 of A-Z, a-z, 0-9, - and _, with "
    ".fifo at the end of a FIFO topic's.",
)
def dot_in_a_topics_name():
    aws.sns.Topic("t", name="orders.new")


@keeps("topic-name")
def topic_name_of_256():
    aws.sns.Topic("t", name="a" * 256)


@breaks(
    "topic-fifo-suffix",
    "aws:sns/topic:Topic 't': name is \"orders\"; allowed: a name with .fifo at its end.",
)
def fifo_topic_without_suffix():
    aws.sns.Topic("t", name="orders", fifo_topic=True)


@keeps("topic-fifo-suffix")
def fifo_topic_with_suffix():
    aws.sns.Topic("t", name="orders.fifo", fifo_topic=True)


@breaks(
    "subscription-protocol",
    "aws:sns/topicSubscription:TopicSubscription 's': protocol is \"pigeon\"; allowed: application or "
    "email or email-json or firehose or http or https or lambda or sms or sqs.",
)
def subscribed_by_pigeon():
    topic = aws.sns.Topic("t")
    aws.sns.TopicSubscription("s", topic=topic.arn, protocol="pigeon", endpoint="x")


@keeps("subscription-protocol")
def subscribed_by_mail():
    topic = aws.sns.Topic("t")
    aws.sns.TopicSubscription("s", topic=topic.arn, protocol="email-json", endpoint="me@example.com")


@breaks(
    "subscription-queue-lets-it-in",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q\"; allowed: a queue whose policy "
    "lets this topic send.",
)
def queue_without_a_policy():
    subscribe(aws.sns.Topic("t"), aws.sqs.Queue("q"))


@breaks(
    "subscription-queue-lets-it-in",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q\"; allowed: a queue whose policy "
    "lets this topic send.",
)
def queue_that_lets_another_topic_in():
    queue = aws.sqs.Queue("q")
    lets_in("q", queue, aws.sns.Topic("other"))
    subscribe(aws.sns.Topic("t"), queue)


@breaks(
    "subscription-queue-lets-it-in",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q\"; allowed: a queue whose policy "
    "lets this topic send.",
)
def queue_that_lets_another_service_in():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic, "events.amazonaws.com")
    subscribe(topic, queue)


@keeps("subscription-queue-lets-it-in")
def queue_that_lets_its_topic_in():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue)


@keeps("subscription-queue-lets-it-in")
def queue_that_lets_its_topic_in_from_a_region_that_is_opted_into():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic, "sns.eu-south-1.amazonaws.com")
    subscribe(topic, queue)


@breaks(
    "subscription-dead-letters-let-in",
    "aws:sns/topicSubscription:TopicSubscription 's': redrivePolicy is \"dead\"; allowed: a queue whose "
    "policy lets this topic send.",
)
def dead_letters_without_a_policy():
    queue, topic, dead = aws.sqs.Queue("q"), aws.sns.Topic("t"), aws.sqs.Queue("dead")
    lets_in("q", queue, topic)
    subscribe(topic, queue, redrive_policy=dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn})))


@keeps("subscription-dead-letters-let-in")
def dead_letters_with_a_policy():
    queue, topic, dead = aws.sqs.Queue("q"), aws.sns.Topic("t"), aws.sqs.Queue("dead")
    lets_in("q", queue, topic)
    lets_in("dead", dead, topic)
    subscribe(topic, queue, redrive_policy=dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn})))


@breaks(
    "subscription-fifo-queue-fifo-topic",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q\"; allowed: a standard queue, as the "
    "topic is standard.",
)
def fifo_queue_under_a_standard_topic():
    queue, topic = aws.sqs.Queue("q", fifo_queue=True), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue)


@keeps("subscription-fifo-queue-fifo-topic")
def standard_queue_under_a_fifo_topic():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t", fifo_topic=True)
    lets_in("q", queue, topic)
    subscribe(topic, queue)


@breaks(
    "subscription-encrypted-queue",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q: alias/aws/sqs\"; allowed: a queue "
    "encrypted by SQS itself, or with a key that SNS may use.",
)
def queue_under_the_key_of_aws():
    queue, topic = aws.sqs.Queue("q", kms_master_key_id="alias/aws/sqs"), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue)


@keeps("subscription-encrypted-queue")
def queue_encrypted_by_sqs():
    queue, topic = aws.sqs.Queue("q", sqs_managed_sse_enabled=True), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue)


def queue_under_a_key(actions):
    key = aws.kms.Key("k", policy=json.dumps({"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": actions, "Resource": "*"},
    ]}))  # fmt: skip
    queue, topic = aws.sqs.Queue("q", kms_master_key_id=key.arn), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue)


@breaks(
    "subscription-key-policy",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"q: k\"; allowed: a queue whose key lets SNS in.",
)
def key_that_sns_may_not_decrypt_with():
    queue_under_a_key(["kms:GenerateDataKey*"])


@keeps("subscription-key-policy")
def key_that_sns_may_use():
    queue_under_a_key(["kms:GenerateDataKey*", "kms:Decrypt"])


@breaks(
    "subscription-filter-size",
    "aws:sns/topicSubscription:TopicSubscription 's': filterPolicy is \"1 keys, 151 combinations\"; "
    "allowed: at most 5 keys and 150 combinations.",
)
def filter_of_151_combinations():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue, filter_policy=json.dumps({"type": list(range(151))}))


@breaks(
    "subscription-filter-size",
    "aws:sns/topicSubscription:TopicSubscription 's': filterPolicy is \"6 keys, 1 combinations\"; allowed: "
    "at most 5 keys and 150 combinations.",
)
def filter_of_six_keys():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(topic, queue, filter_policy=json.dumps({key: ["x"] for key in "abcdef"}))


@keeps("subscription-filter-size")
def filter_of_150_combinations():
    queue, topic = aws.sqs.Queue("q"), aws.sns.Topic("t")
    lets_in("q", queue, topic)
    subscribe(
        topic, queue, filter_policy=json.dumps({"type": list(range(50)), "b": [1, 2, 3], "c": [1], "d": [1], "e": [1]})
    )


@breaks(
    "subscription-filter-scope",
    "aws:sns/topicSubscription:TopicSubscription 's': filterPolicyScope is not set; allowed: "
    "MessageAttributes or MessageBody.",
)
def filter_that_does_not_say_where():
    subscribe(aws.sns.Topic("t"), aws.sqs.Queue("q"), filter_policy=json.dumps({"type": ["a"]}))


@breaks(
    "subscription-has-dead-letters",
    "aws:sns/topicSubscription:TopicSubscription 's': redrivePolicy is not set; allowed: a dead-letter queue.",
)
def subscription_that_loses_letters():
    subscribe(aws.sns.Topic("t"), aws.sqs.Queue("q"))


@breaks(
    "alarm-topic-key",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': alarmActions is \"t\"; allowed: a topic that "
    "CloudWatch can encrypt for.",
)
def alarm_to_a_topic_under_the_key_of_aws():
    alarm(aws.sns.Topic("t", kms_master_key_id="alias/aws/sns"))


@keeps("alarm-topic-key")
def alarm_to_a_plain_topic():
    alarm(aws.sns.Topic("t"))


@breaks(
    "alarm-topic-policy",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': alarmActions is \"t\"; allowed: a topic whose policy "
    "lets cloudwatch.amazonaws.com publish.",
)
def alarm_to_a_topic_for_budgets_alone():
    topic = aws.sns.Topic("t")
    publishers(topic, "budgets.amazonaws.com")
    alarm(topic)


@keeps("alarm-topic-policy")
def alarm_to_a_topic_for_both():
    topic = aws.sns.Topic("t")
    publishers(topic, "budgets.amazonaws.com", "cloudwatch.amazonaws.com")
    alarm(topic)


@breaks(
    "budget-topic-policy",
    "aws:budgets/budget:Budget 'budget': notifications is \"t\"; allowed: a topic whose policy lets "
    "budgets.amazonaws.com publish.",
)
def budget_to_a_topic_without_a_policy():
    budget(aws.sns.Topic("t"))


@breaks(
    "budget-topic-policy",
    "aws:budgets/budget:Budget 'budget': notifications is \"t\"; allowed: a topic whose policy lets "
    "budgets.amazonaws.com publish.",
)
def budget_to_a_topic_for_alarms_alone():
    topic = aws.sns.Topic("t")
    publishers(topic, "cloudwatch.amazonaws.com")
    budget(topic)


@keeps("budget-topic-policy")
def budget_to_a_topic_that_lets_it_publish():
    topic = aws.sns.Topic("t")
    publishers(topic, "budgets.amazonaws.com")
    budget(topic)


def subscribed(protocol, endpoint):
    aws.sns.TopicSubscription("s", topic=aws.sns.Topic("t").arn, protocol=protocol, endpoint=endpoint)


@breaks(
    "subscription-endpoint",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"not-an-address\"; allowed: an e-mail address.",
)
def mailbox_without_an_at():
    subscribed("email", "not-an-address")


@breaks(
    "subscription-endpoint",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"http://shop.bigpicture.dev/orders\"; "
    "allowed: a URL that begins with https://.",
)
def plain_url_over_https():
    subscribed("https", "http://shop.bigpicture.dev/orders")


@breaks(
    "subscription-endpoint",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is \"operator\"; allowed: a telephone "
    "number, such as +15550100.",
)
def name_of_somebody_for_a_telephone():
    subscribed("sms", "operator")


@breaks(
    "subscription-endpoint",
    "aws:sns/topicSubscription:TopicSubscription 's': endpoint is "
    '"https://sqs.us-east-1.amazonaws.com/123456789012/orders"; allowed: the ARN of a queue.',
)
def url_of_a_queue():
    subscribed("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/orders")


@keeps("subscription-endpoint")
def mailbox():
    subscribed("email", "shop+alarms@bigpicture.dev")


@keeps("subscription-endpoint")
def secure_url():
    subscribed("https", "https://shop.bigpicture.dev/orders")


@keeps("subscription-endpoint")
def telephone():
    subscribed("sms", "+15550100")
