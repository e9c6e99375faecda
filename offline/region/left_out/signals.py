"""Name each setting of queues, topics, alarms and logs that does something on AWS and nothing in the region."""

from __future__ import annotations

from collections.abc import Iterator

from offline.account import Account
from offline.region.left_out.asking import ALWAYS, Told, asked_for

QUEUE = {
    "encryption of queues: messages stand in the account's memory as they came": (
        "SqsManagedSseEnabled == 'true' || KmsMasterKeyId"
    ),
    "TLS to queues: plain HTTP is taken, whatever their policies refuse": (
        "Policy && contains(Policy, 'aws:SecureTransport')"
    ),
}
"""What holds here: time-outs, waits, retention, dead letters and who may use them, which topics a policy lets in."""
TOPIC = {
    "encryption of topics: messages pass as they came": "KmsMasterKeyId",
    "policies of topics: who publishes is asked for its own policies alone": (
        "Policy && !contains(Policy, '__default_statement_ID')"
    ),
}
"""A signature, of either version, is on no message that a queue gets raw."""
SUBSCRIPTION = {"mail of topics: none is sent, and no address is confirmed": "starts_with(Protocol, 'email')"}
"""What holds here: filters and their scope, raw delivery and dead letters."""
LOG_GROUP = {
    "log groups: nothing is written to them; what servers write is in `logs`": ALWAYS,
    "retention of logs: they stay for as long as the region": "retentionInDays",
}


def named(account: Account) -> Iterator[str]:
    """Of everything that SQS, SNS and CloudWatch have."""
    yield from _messages(account)
    watch = account.client("cloudwatch")
    pages = watch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    if alarms := [*pages.search("[MetricAlarms, CompositeAlarms][][]")]:
        yield f"alarms: none of {len(alarms)} is evaluated, and nobody is told"
    if watch.list_dashboards()["DashboardEntries"]:
        yield "dashboards: they are empty, as no metric is kept"
    for each in account.client("logs").get_paginator("describe_log_groups").paginate().search("logGroups[]"):
        yield from asked_for(LOG_GROUP, each)


def _messages(account: Account) -> Iterator[str]:
    sqs, sns = account.client("sqs"), account.client("sns")
    for url in sqs.get_paginator("list_queues").paginate().search("QueueUrls[]"):
        if url:
            yield from of_queue(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"])
    for topic in sns.get_paginator("list_topics").paginate().search("Topics[]"):
        yield from of_topic(sns.get_topic_attributes(**topic)["Attributes"])
    for each in sns.get_paginator("list_subscriptions").paginate().search("Subscriptions[]"):
        yield from of_subscription(each)


def of_queue(attributes: Told) -> Iterator[str]:
    """Of one queue of SQS."""
    return asked_for(QUEUE, attributes)


def of_topic(attributes: Told) -> Iterator[str]:
    """Of one topic of SNS."""
    return asked_for(TOPIC, attributes)


def of_subscription(subscription: Told) -> Iterator[str]:
    """Of who hears of one topic."""
    return asked_for(SUBSCRIPTION, subscription)
