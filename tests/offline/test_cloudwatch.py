"""Alarms and dashboards stand in the offline account as they were asked for."""

import json

import pulumi_aws as aws
import pytest

from tests.deploying import deploy

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
PLAIN = {
    "namespace": "AWS/SQS",
    "metric_name": "ApproximateNumberOfMessagesVisible",
    "dimensions": {"QueueName": "work"},
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 0,
    "statistic": "Maximum",
    "period": 60,
    "evaluation_periods": 5,
    "treat_missing_data": "notBreaching",
    "alarm_description": "work waits",
    "alarm_actions": [TOPIC],
    "ok_actions": [TOPIC],
    "tags": {"owner": "shop"},
}
SENT = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
    namespace="AWS/SQS",
    metric_name="NumberOfMessagesSent",
    dimensions={"QueueName": "work"},
    period=60,
    stat="Sum",
)
QUERIES = [
    aws.cloudwatch.MetricAlarmMetricQueryArgs(id="e1", expression="m1 * 2", label="twice", return_data=True),
    aws.cloudwatch.MetricAlarmMetricQueryArgs(id="m1", metric=SENT),
]
BODY = {"widgets": [{"type": "text", "width": 24, "height": 2, "properties": {"markdown": "# store"}}]}


def _program():
    aws.cloudwatch.MetricAlarm("plain", **PLAIN)
    aws.cloudwatch.MetricAlarm(
        "math",
        metric_queries=QUERIES,
        comparison_operator="GreaterThanThreshold",
        threshold=1.5,
        evaluation_periods=1,
    )
    aws.cloudwatch.MetricAlarm("edge", region="us-east-1", **{**PLAIN, "statistic": None, "extended_statistic": "p99"})
    aws.cloudwatch.Dashboard("board", dashboard_name="store", dashboard_body=json.dumps(BODY))


@pytest.fixture(scope="module")
def deployed():
    return deploy(_program, region="eu-west-1")


def _alarm(deployed, name, region="eu-west-1"):
    id_ = deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).id
    [alarm] = deployed.client("cloudwatch", region).describe_alarms(AlarmNames=[id_])["MetricAlarms"]
    return alarm


def test_an_alarm_watches_what_was_asked(deployed):
    alarm = _alarm(deployed, "plain")
    shown = {key: alarm[key] for key in ("Namespace", "MetricName", "Dimensions", "Threshold", "Statistic", "Period")}
    assert shown == {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Dimensions": [{"Name": "QueueName", "Value": "work"}],
        "Threshold": 0.0,
        "Statistic": "Maximum",
        "Period": 60,
    }


def test_an_alarm_tells_its_topic_of_its_beginning_and_its_end(deployed):
    alarm = _alarm(deployed, "plain")
    assert (alarm["ActionsEnabled"], alarm["AlarmActions"], alarm["OKActions"]) == (True, [TOPIC], [TOPIC])


def test_an_alarm_of_another_region_stands_there(deployed):
    assert _alarm(deployed, "edge", "us-east-1")["ExtendedStatistic"] == "p99"


def test_an_alarm_keeps_its_tags(deployed):
    arn = _alarm(deployed, "plain")["AlarmArn"]
    tags = deployed.client("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "owner", "Value": "shop"}]


def test_a_math_alarm_returns_only_what_it_says(deployed):
    queries = _alarm(deployed, "math")["Metrics"]
    assert [(query["Id"], query["ReturnData"]) for query in queries] == [("e1", True), ("m1", False)]


@pytest.mark.parametrize("name", ["plain", "math", "edge"])
def test_what_the_account_says_of_an_alarm_is_what_went_in(deployed, name):
    live = deployed.monitor.live[deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", name).urn]
    said = live.handler.read(live.aws, live.id, {})
    for query in live.inputs.get("metricQueries", []):
        query.setdefault("returnData", False)
    assert {key: said.get(key) for key in live.inputs if key != "region"} == {
        key: value for key, value in live.inputs.items() if key != "region"
    }


def test_a_dashboard_holds_its_body(deployed):
    body = deployed.client("cloudwatch").get_dashboard(DashboardName="store")["DashboardBody"]
    assert json.loads(body) == BODY
