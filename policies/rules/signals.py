"""Rules of what people look at and are told: dashboards, metrics made of logs, alarms across regions, budgets."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.watch import ALARM, BUDGET
from policies.values import Fault

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
METRIC_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")
API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
FORM = f"{API}CloudWatch-Dashboard-Body-Structure.html"
NOTIFIED = ("subscriberEmailAddresses", "subscriberSnsTopicArns")


@resource_rule(DASHBOARD, source=FORM, fix='write it as json.dumps({"widgets": [...]})')
def dashboard_body(dashboard: Resource) -> Iterator[Fault]:
    """A dashboard is a JSON object with a list of widgets; CloudWatch refuses all else (InvalidParameterInput)."""
    text = dashboard.text("dashboardBody")
    if text and (wrong := _wrong(text)):
        yield dashboard.fault("dashboardBody", 'a JSON object with a list "widgets"', got=wrong)


@resource_rule(METRIC_FILTER, source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html",
               fix="leave the default value out")  # fmt: skip
def log_metric_default(filter_: Resource) -> Iterator[Fault]:
    """A metric with dimensions has no default value: nobody knows of which dimension it would be."""
    transformation = filter_.part("metricTransformation")
    if transformation.get("dimensions") and "defaultValue" in transformation:
        yield transformation.fault("defaultValue", "not set beside dimensions")


@resource_rule(ALARM, source=f"{API}API_PutMetricAlarm.html", fix="make the topic in the alarm's region")
def alarm_tells_its_own_region(alarm: Resource) -> Iterator[Fault]:
    """An alarm acts in its own region: CloudWatch refuses a topic of another one."""
    region = alarm.options.region
    for path in ALARM_ACTIONS:
        named = [each.split(":") for each in alarm.known_texts(path) if each.count(":") >= 5]
        foreign = [":".join(each) for each in named if region and each[2] == "sns" and each[3] not in ("", region)]
        if foreign:
            yield alarm.fault(path, f"topics in {region}", got=foreign)


@resource_rule(BUDGET, source="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html",
               fix="give subscriber_email_addresses or subscriber_sns_topic_arns")  # fmt: skip
def budget_tells_somebody(budget: Resource) -> Iterator[Fault]:
    """A notification has 1 to 11 subscribers: a topic and ten mailboxes."""
    for each in budget.parts("notifications"):
        if all(each.is_known(name) and not each.get(name) for name in NOTIFIED):
            yield each.fault(NOTIFIED[0], "a mailbox, or a topic")


def _wrong(text: str) -> str:
    """What is wrong with the body; empty when nothing is."""
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return "no JSON"
    fine = isinstance(body, dict) and isinstance(body.get("widgets"), list)
    return "" if fine else "JSON without a list of widgets"
