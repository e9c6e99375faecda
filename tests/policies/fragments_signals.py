"""Fragments about what people look at and are told."""

from typing import Any

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps


def dashboard(body):
    aws.cloudwatch.Dashboard("dashboard", dashboard_name="store", dashboard_body=body)


def log_metric(**more):
    transformation: Any = {"name": "errors", "namespace": "store", "value": "1", **more}
    aws.cloudwatch.LogMetricFilter(
        "errors", log_group_name="made-elsewhere", pattern="ERROR", metric_transformation=transformation
    )


def alarm(*topics):
    aws.cloudwatch.MetricAlarm(
        "alarm",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="CPUUtilization",
        namespace="AWS/EC2",
        period=60,
        statistic="Average",
        threshold=90,
        alarm_actions=[*topics],
    )


def budget(**notification):
    given: Any = {"comparison_operator": "GREATER_THAN", "threshold": 80, "threshold_type": "PERCENTAGE",
             "notification_type": "ACTUAL", **notification}  # fmt: skip
    aws.budgets.Budget("budget", budget_type="COST", limit_amount="10", limit_unit="USD", time_unit="MONTHLY",
                       notifications=[given])  # fmt: skip


@breaks(
    "dashboard-body",
    "aws:cloudwatch/dashboard:Dashboard 'dashboard': dashboardBody is \"no JSON\"; allowed: a JSON object "
    'with a list "widgets".',
)
def dashboard_of_yaml():
    dashboard("widgets: []")


@breaks(
    "dashboard-body",
    "aws:cloudwatch/dashboard:Dashboard 'dashboard': dashboardBody is \"JSON without a list of widgets\"; "
    'allowed: a JSON object with a list "widgets".',
)
def dashboard_without_a_list():
    dashboard('{"widgets": {}}')


@keeps("dashboard-body")
def dashboard_of_nothing_yet():
    dashboard('{"widgets": []}')


@breaks(
    "log-metric-default",
    "aws:cloudwatch/logMetricFilter:LogMetricFilter 'errors': metricTransformation.defaultValue is \"0\"; "
    "allowed: not set beside dimensions.",
)
def default_of_every_dimension():
    log_metric(default_value="0", dimensions={"path": "$.path"})


@keeps("log-metric-default")
def default_without_dimensions():
    log_metric(default_value="0")


@breaks(
    "alarm-tells-its-own-region",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': alarmActions is [\"arn:aws:sns:eu-"
    'west-1:123456789012:alarms"]; allowed: topics in us-east-1.',
)
def alarm_to_another_region():
    alarm(aws.sns.Topic("alarms", region="eu-west-1").arn)


@keeps("alarm-tells-its-own-region")
def alarm_to_its_own_region():
    alarm(aws.sns.Topic("alarms").arn)


@breaks(
    "budget-tells-somebody",
    "aws:budgets/budget:Budget 'budget': notifications[0].subscriberEmailAddresses is not set; allowed: a"
    " mailbox, or a topic.",
)
def budget_that_tells_nobody():
    budget()


@keeps("budget-tells-somebody")
def budget_that_tells_a_mailbox():
    budget(subscriber_email_addresses=["costs@bigpicture.dev"])
