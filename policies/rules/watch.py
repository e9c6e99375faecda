"""Rules of alarms, log groups, budgets and events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BUDGET = "aws:budgets/budget:Budget"
API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_"
RETENTIONS = (
    0,
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
MISSING_DATA = ("breaching", "notBreaching", "ignore", "missing")
EDGE_NAMESPACES = ("AWS/CloudFront", "AWS/Route53", "AWS/Billing")
NAMED = {
    "QueueName": "aws:sqs/queue:Queue",
    "AutoScalingGroupName": "aws:autoscaling/group:Group",
    "TableName": "aws:dynamodb/table:Table",
    "DBInstanceIdentifier": "aws:rds/instance:Instance",
}
"""Dimension -> the type of what it names."""


@resource_rule(
    LOG_GROUP, source=f"{LOGS}PutRetentionPolicy.html", fix="use one of CloudWatch's periods, such as 14, 30 or 90"
)
def log_retention(group: Resource) -> Iterator[Fault]:
    """CloudWatch Logs keeps logs for one of 22 periods, or for ever (0)."""
    yield from group.one_of("retentionInDays", *RETENTIONS)


@resource_rule(
    LOG_GROUP, source=f"{LOGS}PutRetentionPolicy.html", fix="set retention_in_days", severity=Severity.ADVISORY
)
def log_ends(group: Resource) -> Iterator[Fault]:
    """A log without an end is paid for without an end."""
    if not group.number("retentionInDays"):
        yield group.fault("retentionInDays", "a number of days")


@resource_rule(LOG_GROUP, source=f"{LOGS}CreateLogGroup.html", fix="use the allowed characters, and not aws/ first")
def log_name(group: Resource) -> Iterator[Fault]:
    """A log group's name has at most 512 letters, digits and _-/.#, and does not begin with aws/."""
    allowed = "1 to 512 of A-Z, a-z, 0-9 and _-/.#, not aws/*"
    yield from group.matching("name", r"(?!aws/)[\w./#-]{1,512}", allowed)


@resource_rule(ALARM, source=API, fix="give one of them")
def alarm_statistic(alarm: Resource) -> Iterator[Fault]:
    """An alarm on one metric has a statistic or a percentile, never both; an alarm on an expression has neither."""
    given = [name for name in ("statistic", "extendedStatistic") if name in alarm]
    wanted = 1 if "metricName" in alarm else 0
    if len(given) != wanted:
        yield alarm.fault("statistic", "one of statistic, extendedStatistic" if wanted else "not set", got=given)
    yield from alarm.one_of("statistic", "SampleCount", "Average", "Sum", "Minimum", "Maximum")


@resource_rule(ALARM, source=API, fix="use 10, 20, 30 or a multiple of 60 s")
def alarm_period(alarm: Resource) -> Iterator[Fault]:
    """An alarm looks at periods of 10, 20 or 30 s, or of whole minutes."""
    for where in [alarm, *[each.part("metric") for each in alarm.parts("metricQueries")]]:
        period = where.number("period")
        if period is not None and period not in (10, 20, 30) and (period < 60 or period % 60):
            yield where.fault("period", "10, 20, 30 or a multiple of 60")


@resource_rule(ALARM, source=API, fix="look back a day at most, or seven with periods of an hour")
def alarm_window(alarm: Resource) -> Iterator[Fault]:
    """An alarm looks back one day at most, seven with periods of an hour or more."""
    periods = [
        where.number("period") or 0
        for where in [alarm, *[each.part("metric") for each in alarm.parts("metricQueries")]]
    ]
    period = max(periods)
    window = period * (alarm.number("evaluationPeriods") or 0)
    most = 604_800 if period >= 3600 else 86_400
    if window > most:
        yield alarm.fault("evaluationPeriods", f"at most {most // period:.0f} of {period} s")


@resource_rule(ALARM, source=API, fix="use at most evaluation_periods, and at least 1")
def alarm_datapoints(alarm: Resource) -> Iterator[Fault]:
    """An alarm cannot ask for more bad points than it looks at."""
    points, periods = alarm.number("datapointsToAlarm"), alarm.number("evaluationPeriods")
    if points is not None and periods is not None and not 1 <= points <= periods:
        yield alarm.fault("datapointsToAlarm", f"1 to {periods}")


@resource_rule(ALARM, source=API, fix="give threshold, or threshold_metric_id for an anomaly band")
def alarm_threshold(alarm: Resource) -> Iterator[Fault]:
    """An alarm has a threshold, or a band that stands for it."""
    if ("threshold" in alarm) is ("thresholdMetricId" in alarm):
        yield alarm.fault("threshold", "either this or thresholdMetricId")


@resource_rule(ALARM, source=API, fix="say what silence means")
def alarm_missing_data(alarm: Resource) -> Iterator[Fault]:
    """Missing data is breaching, notBreaching, ignored or missing, and nothing else."""
    yield from alarm.one_of("treatMissingData", *MISSING_DATA)


@resource_rule(
    ALARM, source=API, fix='set treat_missing_data, "notBreaching" where silence is good', severity=Severity.ADVISORY
)
def alarm_knows_silence(alarm: Resource) -> Iterator[Fault]:
    """Without a word on missing data an alarm stays as it was when its metric falls silent."""
    if "treatMissingData" not in alarm:
        yield alarm.fault("treatMissingData", "one of breaching, notBreaching, ignore, missing")


@resource_rule(ALARM, source=API, fix="give alarm_actions and ok_actions", severity=Severity.ADVISORY)
def alarm_is_heard(alarm: Resource) -> Iterator[Fault]:
    """An alarm that tells nobody is a picture; one that tells people, and not when it is over, keeps them awake."""
    told = alarm.known_texts("alarmActions")
    if not alarm.get("alarmActions"):
        yield alarm.fault("alarmActions", "the ARN of a topic")
    elif any(":sns:" in each for each in told) and not alarm.get("okActions"):
        yield alarm.fault("okActions", "the ARN of a topic")


@resource_rule(
    ALARM,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html",
    fix="use at most 10 metrics by id, without SEARCH",
)
def alarm_expression(alarm: Resource) -> Iterator[Fault]:
    """An alarm's expression uses at most 10 metrics, names only ids that are there, and may not SEARCH."""
    queries = alarm.parts("metricQueries")
    yield from of_each(queries, lambda query: _expression(query, queries))
    metrics = [each for each in queries if "metric" in each]
    if len(metrics) > 10:
        yield alarm.fault("metricQueries", "at most 10 metrics", got=len(metrics))


def _expression(query: Properties, queries: list[Properties]) -> Iterator[Fault]:
    known = {id_ for each in queries for id_ in each.known_texts("id")}
    expression = query.text("expression")
    used = set(re.findall(r"\b[a-z][A-Za-z0-9_]*\b", re.sub(r"'[^']*'|\"[^\"]*\"", "", expression)))
    unnamed = used - known if all(each.is_known("id") for each in queries) else set()
    if "SEARCH(" in expression.upper() or unnamed:
        yield query.fault("expression", f"the ids {', '.join(sorted(known))}, and no SEARCH")


@resource_rule(ALARM, source=API, fix="set return_data=True on exactly one")
def alarm_returns_one(alarm: Resource) -> Iterator[Fault]:
    """Of an alarm's queries exactly one returns data; beside an anomaly band the metric that is held to it does."""
    queries = alarm.parts("metricQueries")
    returning = [each.text("id") for each in queries if each.flag("returnData")]
    if queries and len(returning) not in ((1, 2) if "thresholdMetricId" in alarm else (1,)):
        yield alarm.fault("metricQueries", "one that returns data", got=returning)


@resource_rule(
    ALARM,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/viewing-cloudfront-metrics.html",
    fix='set region="us-east-1"',
)
def alarm_of_the_edge_region(alarm: Resource) -> Iterator[Fault]:
    """CloudFront, Route 53 and billing report their metrics in us-east-1 only: elsewhere the alarm sees nothing."""
    if alarm.text("namespace") in EDGE_NAMESPACES and alarm.options.region not in ("", "us-east-1"):
        yield alarm.fault("region", "us-east-1", got=alarm.options.region)


@stack_rule(ALARM, source=API, fix="take the name from the resource that is watched")
def alarm_watches_something(alarm: Resource, stack: Stack) -> Iterator[Fault]:
    """An alarm on a name that nothing has sees no data, and stays silent for ever."""
    for dimension, type_ in NAMED.items():
        name = alarm.text(f"dimensions.{dimension}")
        missing = stack.of(type_) and stack.named(type_, name) is None
        if name and missing and not alarm.dependencies.get("dimensions"):
            yield alarm.fault(f"dimensions.{dimension}", f"the name of a {type_.rpartition(':')[2]} of this program")


@resource_rule(
    BUDGET,
    source="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html",
    fix="leave : and \\ out of the name",
)
def budget_name(budget: Resource) -> Iterator[Fault]:
    """A budget's name has at most 100 characters, no colon and no backslash."""
    yield from budget.matching("name", r"(?!.*/action/)[^:\\]{1,100}", "1 to 100 characters without : and \\")
