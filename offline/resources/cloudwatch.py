"""Carry CloudWatch's metric alarms and dashboards into the offline account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, change_tags, fields, given, tag_list, tags_told

ALARM = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "name": "AlarmName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
QUERY = {"id": "Id", "expression": "Expression", "label": "Label", "period": "Period", "returnData": "ReturnData"}
STAT = {"period": "Period", "stat": "Stat", "unit": "Unit"}
ALARM_DEFAULTS: dict[str, Any] = {"actionsEnabled": True, "treatMissingData": "missing"}
"""What the AWS provider fills in before it calls PutMetricAlarm."""


def _renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Take the values that *names* lists, under their new names; None is absent."""
    return given(**{new: values.get(old) for old, new in names.items()})


def _back(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return _renamed(values, {aws_name: wire_name for wire_name, aws_name in names.items()})


def _dimension_list(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _dimension_map(dimensions: list[dict[str, str]]) -> dict[str, str]:
    return {dimension["Name"]: dimension["Value"] for dimension in dimensions}


def _query(wire: Properties) -> dict[str, Any]:
    """Spell one `metricQueries` block for the API; returnData is false unless asked for, as the provider has it."""
    query = {**_renamed(wire, QUERY), "ReturnData": wire.get("returnData", False)}
    metric = wire.get("metric")
    if metric is None:
        return query
    named = given(Namespace=metric.get("namespace"), MetricName=metric["metricName"])
    named["Dimensions"] = _dimension_list(metric.get("dimensions", {}))
    return {**query, "MetricStat": {"Metric": named, **_renamed(metric, STAT)}}


def _wire_query(query: Mapping[str, Any]) -> Properties:
    wire = _back(query, QUERY)
    stat = query.get("MetricStat")
    if stat is None:
        return wire
    metric = {**_back(stat, STAT), **_back(stat["Metric"], {"namespace": "Namespace", "metricName": "MetricName"})}
    return {**wire, "metric": {**metric, "dimensions": _dimension_map(stat["Metric"].get("Dimensions", []))}}


class MetricAlarm(Handler):
    """`aws.cloudwatch.MetricAlarm`; its id is the alarm's name."""

    token = "aws:cloudwatch/metricAlarm:MetricAlarm"
    emulates = fields(" ".join(ALARM)) | fields("dimensions metricQueries tags")
    defaults = ALARM_DEFAULTS

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = _renamed({**ALARM_DEFAULTS, **inputs}, ALARM)
        if "dimensions" in inputs:
            wanted["Dimensions"] = _dimension_list(inputs["dimensions"])
        if "metricQueries" in inputs:
            wanted["Metrics"] = [_query(query) for query in inputs["metricQueries"]]
        aws("cloudwatch").put_metric_alarm(**wanted, Tags=tag_list(inputs.get("tags")))
        return inputs["name"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        found = aws("cloudwatch").describe_alarms(AlarmNames=[id_])["MetricAlarms"]
        if not found:
            return None
        [alarm] = found
        held = _back(alarm, ALARM)
        if alarm.get("Dimensions"):
            held["dimensions"] = _dimension_map(alarm["Dimensions"])
        if alarm.get("Metrics"):
            held["metricQueries"] = [_wire_query(query) for query in alarm["Metrics"]]
        tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        return {**held, "arn": alarm["AlarmArn"], **tags_told(tags)}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("cloudwatch").delete_alarms(AlarmNames=[id_])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Put the alarm again, which leaves its tags as they were (CloudWatch API, PutMetricAlarm)."""
        self.create(aws, new)
        client, arn = aws("cloudwatch"), aws.arn("cloudwatch", f"alarm:{id_}")
        change_tags(old, new, client.tag_resource, client.untag_resource, ResourceARN=arn)


class Dashboard(Put):
    """`aws.cloudwatch.Dashboard`; its id is the dashboard's name."""

    token = "aws:cloudwatch/dashboard:Dashboard"
    emulates = fields("dashboardName dashboardBody")

    def create(self, aws: Aws, inputs: Properties) -> str:
        body = json.dumps(json.loads(inputs["dashboardBody"]), separators=(",", ":"))
        aws("cloudwatch").put_dashboard(DashboardName=inputs["dashboardName"], DashboardBody=body)
        return inputs["dashboardName"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        gone = ("ResourceNotFound", "ResourceNotFoundException")
        found = unless_gone(lambda: aws("cloudwatch").get_dashboard(DashboardName=id_), *gone)
        if found is None:
            return None
        arn = aws.arn("cloudwatch", f"dashboard/{id_}", regional=False)
        return {"dashboardName": id_, "dashboardBody": found["DashboardBody"], "dashboardArn": arn}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("cloudwatch").delete_dashboards(DashboardNames=[id_])


HANDLERS: tuple[Handler, ...] = (MetricAlarm(), Dashboard())
INVOKES: dict[str, Any] = {}
