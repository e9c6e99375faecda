"""What watches: alarms, dashboards, logs, schedules, budgets and firewalls."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.messages import allowed, function, queue
from tests.policies.examples.networks import network
from tests.policies.examples.web import balancer, listening, targets, to

ALARM = "https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/metricalarm/"
ACL = "https://www.pulumi.com/registry/packages/aws/api-docs/wafv2/webacl/"
RULES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"
COUNTED: Any = {"cloudwatch_metrics_enabled": True, "metric_name": "counted", "sampled_requests_enabled": True}


def alarm(name, **more):
    """An alarm of one metric that tells a topic when it begins and when it is over."""
    topic = aws.sns.Topic(f"{name}-topic")
    given = {
        "comparison_operator": "GreaterThanOrEqualToThreshold",
        "evaluation_periods": 2,
        "threshold": 80,
        "treat_missing_data": "notBreaching",
        "alarm_actions": [topic.arn],
        "ok_actions": [topic.arn],
    }
    return aws.cloudwatch.MetricAlarm(name, **{**given, **more})


@example(ALARM)
def busy_servers():
    alarm("busy", metric_name="CPUUtilization", namespace="AWS/EC2", period=120, statistic="Average",
          dimensions={"InstanceId": "i-0123456789abcdef0"}, alarm_description="watches the processor")  # fmt: skip


@example(ALARM)
def share_of_failed_requests():
    vpc = network()
    lb, _ = balancer(vpc, 443)
    listening(lb, to(targets(vpc)))
    queries = [
        {"id": name, "metric": {"metric_name": metric, "namespace": "AWS/ApplicationELB", "period": 120, "stat": "Sum",
                                "unit": "Count", "dimensions": {"LoadBalancer": lb.arn_suffix}}}
        for name, metric in (("m1", "RequestCount"), ("m2", "HTTPCode_ELB_5XX_Count"))
    ]  # fmt: skip
    rate = {"id": "e1", "expression": "m2/m1*100", "label": "Error Rate", "return_data": True}
    alarm("errors", threshold=10, metric_queries=[rate, *queries])


@example(ALARM)
def band_of_what_is_usual():
    metric = {"metric_name": "CPUUtilization", "namespace": "AWS/EC2", "period": 120, "stat": "Average",
              "unit": "Count", "dimensions": {"InstanceId": "i-0123456789abcdef0"}}  # fmt: skip
    alarm("unusual", comparison_operator="GreaterThanUpperThreshold", threshold=None, threshold_metric_id="e1",
          metric_queries=[{"id": "e1", "return_data": True, "expression": "ANOMALY_DETECTION_BAND(m1)",
                           "label": "CPUUtilization (Expected)"},
                          {"id": "m1", "return_data": True, "metric": metric}])  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html")
def alarms_at_the_edges_of_their_windows():
    work = queue()
    by_queue = {"namespace": "AWS/SQS", "dimensions": {"QueueName": work.name}}
    alarm("day", metric_name="ApproximateAgeOfOldestMessage", statistic="Maximum", period=86400, evaluation_periods=1,
          datapoints_to_alarm=1, **by_queue)  # fmt: skip
    alarm("week", metric_name="NumberOfMessagesSent", statistic="Sum", period=3600, evaluation_periods=168, **by_queue)
    alarm("ten", metric_name="orders", namespace="Shop", extended_statistic="p99.9", period=10, evaluation_periods=6,
          datapoints_to_alarm=6, threshold=0)  # fmt: skip


@example(ALARM, "alarm-is-heard")
def alarm_that_nobody_is_told_of():
    work = queue()
    aws.cloudwatch.MetricAlarm("deep", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=0,
                               metric_name="ApproximateNumberOfMessagesVisible", namespace="AWS/SQS", period=60,
                               statistic="Maximum", dimensions={"QueueName": work.name},
                               treat_missing_data="notBreaching")  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html")
def alarm_of_alarms():
    busy = alarm("busy", metric_name="CPUUtilization", namespace="AWS/RDS", period=60, statistic="Average",
                 dimensions={"DBInstanceIdentifier": "store"})  # fmt: skip
    aws.cloudwatch.CompositeAlarm("both", alarm_name="both", alarm_rule=busy.name.apply("ALARM({})".format))


@example("https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/dashboard/")
def dashboard_of_a_metric_and_a_text():
    widgets = [
        {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6, "properties": {
            "metrics": [["AWS/EC2", "CPUUtilization", "InstanceId", "i-012345"]], "period": 300, "stat": "Average",
            "region": "us-east-1", "title": "EC2 Instance CPU"}},
        {"type": "text", "x": 0, "y": 7, "width": 3, "height": 3, "properties": {"markdown": "Hello world"}},
    ]  # fmt: skip
    aws.cloudwatch.Dashboard("main", dashboard_name="my-dashboard", dashboard_body=json.dumps({"widgets": widgets}))


@example("https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/logmetricfilter/")
def errors_counted_in_a_log():
    log = aws.cloudwatch.LogGroup("app", name="/shop/app", retention_in_days=14, log_group_class="STANDARD")
    aws.cloudwatch.LogMetricFilter("errors", log_group_name=log.name, pattern="ERROR", name="errors",
                                   metric_transformation={"name": "Errors", "namespace": "Shop",
                                   "value": "1"})  # fmt: skip
    alarm("errors", metric_name="Errors", namespace="Shop", period=60, statistic="Sum", threshold=1)


@example(RULES)
def schedules_of_each_form():
    process = function()
    forms = ["rate(1 minute)", "rate(5 minutes)", "rate(1 hour)", "rate(7 days)", "cron(0 10 * * ? *)",
             "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0/10 * ? * MON-FRI *)", "cron(0 8 1 * ? *)",
             "cron(0 9 ? * 2#1 *)", "cron(0 0 L * ? *)", "cron(0 9 ? 1-6 FRIL 2025-2030)"]  # fmt: skip
    for number, form in enumerate(forms):
        rule = aws.cloudwatch.EventRule(f"r{number}", schedule_expression=form)
        aws.cloudwatch.EventTarget(f"r{number}", rule=rule.name, arn=process.arn)
        aws.lambda_.Permission(f"r{number}", action="lambda:InvokeFunction", function=process.name,
                               principal="events.amazonaws.com", source_arn=rule.arn)  # fmt: skip


@example("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html")
def event_that_goes_into_a_queue():
    pattern = json.dumps({"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"],
                          "detail": {"state": ["terminated"]}})  # fmt: skip
    rule, work = aws.cloudwatch.EventRule("ended", event_pattern=pattern), queue()
    aws.sqs.QueuePolicy("work", queue_url=work.id,
                        policy=allowed("events.amazonaws.com", "sqs:SendMessage", work, rule))  # fmt: skip
    aws.cloudwatch.EventTarget("work", rule=rule.name, arn=work.arn)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/budgets/budget/")
def budget_of_a_month():
    notice: Any = {"comparison_operator": "GREATER_THAN", "threshold": 100, "threshold_type": "PERCENTAGE",
              "notification_type": "FORECASTED", "subscriber_email_addresses": ["test@example.com"]}  # fmt: skip
    aws.budgets.Budget("ec2", budget_type="COST", limit_amount="1200", limit_unit="USD", time_unit="MONTHLY",
                       time_period_start="2017-07-01_00:00", notifications=[notice],
                       cost_filters=[{"name": "Service",
                       "values": ["Amazon Elastic Compute Cloud - Compute"]}])  # fmt: skip


def managed(name, priority) -> Any:
    """One of AWS's own groups of rules."""
    statement = {"managed_rule_group_statement": {"vendor_name": "AWS", "name": name}}
    return {"name": name, "priority": priority, "override_action": {"none": {}}, "statement": statement,
            "visibility_config": COUNTED}  # fmt: skip


@example("https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html")
def firewall_of_a_balancer():
    rules = [managed(f"AWSManagedRules{name}RuleSet", priority)
             for priority, name in enumerate(("Common", "KnownBadInputs", "SQLi"))]  # fmt: skip
    acl = aws.wafv2.WebAcl(
        "acl", scope="REGIONAL", default_action={"allow": {}}, rules=rules, visibility_config=COUNTED
    )
    vpc = network()
    lb, _ = balancer(vpc, 443)
    listening(lb, to(targets(vpc)))
    aws.wafv2.WebAclAssociation("acl", resource_arn=lb.arn, web_acl_arn=acl.arn)


@example(ACL)
def firewall_of_the_edge_that_counts_addresses():
    rates: Any = [
        {"name": f"rate-{limit}", "priority": priority, "action": {"block": {}}, "visibility_config": COUNTED,
         "statement": {"rate_based_statement": {"limit": limit, "aggregate_key_type": "IP"}}}
        for priority, limit in enumerate((10, 2_000_000_000))
    ]  # fmt: skip
    countries: Any = {"name": "countries", "priority": 2, "action": {"count": {}}, "visibility_config": COUNTED,
                 "statement": {"geo_match_statement": {"country_codes": ["US", "NL"]}}}  # fmt: skip
    aws.wafv2.WebAcl("edge", name="e" * 128, scope="CLOUDFRONT", default_action={"allow": {}},
                     rules=[*rates, countries], visibility_config=COUNTED)  # fmt: skip


@example("https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html")
def firewall_with_its_log():
    acl = aws.wafv2.WebAcl("acl", scope="REGIONAL", default_action={"block": {}}, visibility_config=COUNTED)
    log = aws.cloudwatch.LogGroup("acl", name="aws-waf-logs-shop", retention_in_days=30)
    aws.wafv2.WebAclLoggingConfiguration("acl", resource_arn=acl.arn, log_destination_configs=[log.arn],
                                         redacted_fields=[{"single_header": {"name": "authorization"}}])  # fmt: skip


@example("https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html")
def budget_that_tells_a_topic():
    topic = aws.sns.Topic("budget")
    policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": "AWSBudgetsSNSPublishingPermissions", "Effect": "Allow", "Action": "SNS:Publish",
        "Principal": {"Service": "budgets.amazonaws.com"}, "Resource": topic.arn,
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"},
                      "ArnLike": {"aws:SourceArn": "arn:aws:budgets::123456789012:*"}},
    }]})  # fmt: skip
    let_in = aws.sns.TopicPolicy("budget", arn=topic.arn, policy=policy)
    notice: Any = {"comparison_operator": "GREATER_THAN", "threshold": 80, "threshold_type": "PERCENTAGE",
              "notification_type": "ACTUAL", "subscriber_sns_topic_arns": [topic.arn]}  # fmt: skip
    aws.budgets.Budget("all", name="b" * 100, budget_type="COST", limit_amount="100", limit_unit="USD",
                       time_unit="MONTHLY", notifications=[notice],
                       opts=pulumi.ResourceOptions(depends_on=[let_in]))  # fmt: skip
