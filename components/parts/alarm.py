"""Make one CloudWatch alarm: the only place in which a component does so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components import names

TOKEN = aws.cloudwatch.MetricAlarm
Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]
Silence = Literal["notBreaching", "breaching", "ignore", "missing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """When a metric is wrong, in CloudWatch's own terms.

    `period_s` x `evaluations` may be at most 86,400 s (604,800 s for periods of an hour and more), PutMetricAlarm.
    """

    namespace: str
    metric: str
    dimensions: Mapping[str, pulumi.Input[str]]
    threshold: float
    description: str
    """What is wrong and what to look at first: the text of the mail."""
    comparison: Comparison = "GreaterThanThreshold"
    statistic: str = "Average"
    """Average, Maximum, Minimum, Sum, SampleCount, or a percentile such as p99."""
    period_s: int = 60
    evaluations: int = 5
    missing_data: Silence = "notBreaching"
    """What silence means; notBreaching for whatever emits nothing while it is idle."""
    region: str | None = None
    """us-east-1 for CloudFront, WAF and billing, whose metrics are nowhere else; the topic must be there too."""


def make_alarm(
    parent: pulumi.Resource, name: str, role: str, alarm: Alarm, topic_arn: pulumi.Input[str] | None
) -> aws.cloudwatch.MetricAlarm | None:
    """Watch *alarm* as the child `name-role` of *parent*; none without a topic, since nobody would hear it.

    The topic is told of the alarm and of its end: an alarm without an end is read as still burning.
    """
    if topic_arn is None:
        return None
    percentile = alarm.statistic.startswith("p")
    return aws.cloudwatch.MetricAlarm(
        names.logical(TOKEN, name, role),
        namespace=alarm.namespace,
        metric_name=alarm.metric,
        dimensions=dict(alarm.dimensions),
        statistic=None if percentile else alarm.statistic,
        extended_statistic=alarm.statistic if percentile else None,
        period=alarm.period_s,
        **_when_and_whom(alarm, topic_arn),
        opts=pulumi.ResourceOptions(parent=parent),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One metric of a sum or a ratio, in CloudWatch's own terms."""

    namespace: str
    metric: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


@dataclass(frozen=True, kw_only=True, slots=True)
class MathAlarm:
    """When an expression over several metrics is wrong; the expression's ids are the keys of `metrics`.

    An alarm takes at most 10 metrics and no SEARCH (CloudWatch User Guide, "CloudWatch service quotas").
    """

    expression: str
    """Metric math; FILL(id, 0) for a metric that is silent while nothing happens."""
    label: str
    metrics: Mapping[str, Metric]
    """Id (a small letter first) -> metric, at most 10; all are summed up over `period_s`."""
    threshold: float
    description: str
    comparison: Comparison = "GreaterThanThreshold"
    period_s: int = 60
    evaluations: int = 5
    missing_data: Silence = "notBreaching"
    region: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.metrics) <= 10:
            raise ValueError(
                f"metrics of {self.label!r} are {len(self.metrics)}; allowed: 1 to 10 in one alarm (CloudWatch quotas)."
                " Fix: an alarm for each part"
            )


def make_math_alarm(
    parent: pulumi.Resource, name: str, role: str, alarm: MathAlarm, topic_arn: pulumi.Input[str] | None
) -> aws.cloudwatch.MetricAlarm | None:
    """Watch *alarm* as the child `name-role` of *parent*; none without a topic, as `make_alarm` has it."""
    if topic_arn is None:
        return None
    answer = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="answer", expression=alarm.expression, label=alarm.label, return_data=True
    )
    return aws.cloudwatch.MetricAlarm(
        names.logical(TOKEN, name, role),
        metric_queries=[answer, *(_query(id_, metric, alarm.period_s) for id_, metric in alarm.metrics.items())],
        **_when_and_whom(alarm, topic_arn),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _when_and_whom(alarm: Alarm | MathAlarm, topic_arn: pulumi.Input[str]) -> dict[str, Any]:
    """From when on it is an alarm, and who is told of its beginning and of its end."""
    return {
        "comparison_operator": alarm.comparison,
        "threshold": alarm.threshold,
        "alarm_description": alarm.description,
        "evaluation_periods": alarm.evaluations,
        "treat_missing_data": alarm.missing_data,
        "alarm_actions": [topic_arn],
        "ok_actions": [topic_arn],
        "region": alarm.region,
    }


def _query(id_: str, metric: Metric, period_s: int) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    """Read one metric without returning it: exactly one query of an alarm may return data."""
    source = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
        namespace=metric.namespace,
        metric_name=metric.metric,
        dimensions=dict(metric.dimensions),
        stat=metric.statistic,
        period=period_s,
    )
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(id=id_, metric=source, return_data=False)
