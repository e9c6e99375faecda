"""Fragments about the metrics that alarms watch."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

LB = "app/shop/0123456789abcdef"
TG = "targetgroup/shop/0123456789abcdef"


def watching(namespace, metric, dimensions=None, **more):
    """An alarm that otherwise breaks nothing."""
    topic = "arn:aws:sns:us-east-1:123456789012:alarms"
    given = {
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": 1,
        "threshold": 1,
        "treat_missing_data": "notBreaching",
        "alarm_actions": [topic],
        "ok_actions": [topic],
    }
    one = {"namespace": namespace, "metric_name": metric, "statistic": "Sum", "period": 60, "dimensions": dimensions}
    aws.cloudwatch.MetricAlarm("alarm", **{**given, **one, **more})


def queried(namespace, metric, dimensions):
    of = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
        namespace=namespace, metric_name=metric, stat="Sum", period=60, dimensions=dimensions
    )
    queries = [aws.cloudwatch.MetricAlarmMetricQueryArgs(id="m", metric=of, return_data=True)]
    watching(None, None, metric_queries=queries, statistic=None, period=None)


@breaks(
    "alarm-metric-exists",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricName is \"ApproximateNumberOfMessageVisible\"; "
    "allowed: ApproximateNumberOfMessagesVisible.",
)
def misspelt_metric():
    watching("AWS/SQS", "ApproximateNumberOfMessageVisible", {"QueueName": "orders"})


@breaks(
    "alarm-metric-exists",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricName is \"CpuUtilization\"; allowed: CPUUtilization.",
)
def metric_in_other_capitals():
    watching("AWS/RDS", "CpuUtilization", {"DBInstanceIdentifier": "store"})


@breaks(
    "alarm-metric-exists",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricName is \"StatusCheckFailed\"; allowed: a "
    "metric of this namespace: it is one of AWS/EC2.",
)
def metric_of_another_namespace():
    watching("AWS/AutoScaling", "StatusCheckFailed", {"AutoScalingGroupName": "shop"})


@breaks(
    "alarm-metric-exists",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': metricQueries[0].metric.metricName is "
    '"RequestCounts"; allowed: RequestCount.',
)
def misspelt_metric_of_a_query():
    queried("AWS/ApplicationELB", "RequestCounts", {"LoadBalancer": LB})


@keeps("alarm-metric-exists")
def metric_of_the_namespace():
    watching("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "orders"})


@keeps("alarm-metric-exists")
def metric_that_is_newer_than_the_table():
    watching("AWS/SQS", "SomethingThatQueuesWillCountOneDay", {"QueueName": "orders"})


@keeps("alarm-metric-exists")
def metric_of_ones_own():
    watching("Shop", "ApproximateNumberOfMessageVisible")


@breaks(
    "alarm-dimensions-exist",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': dimensions is [\"Queue\"]; allowed: QueueName.",
)
def dimension_that_queues_do_not_have():
    watching("AWS/SQS", "NumberOfMessagesSent", {"Queue": "orders"})


@breaks(
    "alarm-dimensions-exist",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': dimensions is []; allowed: QueueName.",
)
def queue_metric_without_its_queue():
    watching("AWS/SQS", "NumberOfMessagesSent")


@keeps("alarm-dimensions-exist")
def dimensions_of_a_table():
    watching("AWS/DynamoDB", "SystemErrors", {"TableName": "carts", "Operation": "PutItem"})


@breaks(
    "alarm-balancer-dimensions",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': dimensions is [\"LoadBalancer\"]; allowed: "
    "LoadBalancer and TargetGroup.",
)
def health_of_a_whole_balancer():
    watching("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": LB})


@breaks(
    "alarm-balancer-dimensions",
    "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm': dimensions.LoadBalancer is "
    '"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb/0123456... (90 characters); '
    "allowed: the end of its ARN, "
    "app/name/id.",
)
def balancer_by_its_arn():
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within))
    watching("AWS/ApplicationELB", "RequestCount", {"LoadBalancer": lb.arn})


@keeps("alarm-balancer-dimensions")
def health_of_a_target_group():
    watching("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": LB, "TargetGroup": TG})


@keeps("alarm-balancer-dimensions")
def balancer_by_the_end_of_its_arn():
    within = parts.vpc()
    lb = parts.balancer(within=within)
    parts.listener(lb, parts.target_group(within=within))
    watching("AWS/ApplicationELB", "RequestCount", {"LoadBalancer": lb.arn_suffix})
