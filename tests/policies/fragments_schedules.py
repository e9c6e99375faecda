"""Fragments about EventBridge's rules: when they fire, on what, and what their targets are told."""

import json

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:made-elsewhere"


def rule(**more):
    return aws.cloudwatch.EventRule("rule", **more)


def target(**more):
    aws.cloudwatch.EventTarget("target", **{"rule": "made-elsewhere", "arn": FUNCTION, **more})


def fifo_target(**more):
    queue = aws.sqs.Queue("orders", fifo_queue=True, policy=json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": "*"}}))  # fmt: skip
    target(arn=queue.arn, **more)


@breaks(
    "schedule",
    "aws:cloudwatch/eventRule:EventRule 'rule': scheduleExpression is \"cron(0 12 * * ?)\"; allowed: rate(1"
    " minute), rate(N minutes) or cron(six fields).",
)
def cron_of_five_fields():
    rule(schedule_expression="cron(0 12 * * ?)")


@keeps("schedule")
def cron_of_six_fields():
    rule(schedule_expression="cron(0/15 8-17 ? * MON-FRI 2030)")


@breaks(
    "schedule-of-one-day",
    "aws:cloudwatch/eventRule:EventRule 'rule': scheduleExpression is \"cron(0 12 * * * *)\"; allowed: a ? "
    "in the third or in the fifth field, not in both.",
)
def day_of_month_and_of_week():
    rule(schedule_expression="cron(0 12 * * * *)")


@keeps("schedule-of-one-day")
def day_of_the_month_alone():
    rule(schedule_expression="cron(0 12 L * ? *)")


@breaks(
    "event-rule-listens",
    "aws:cloudwatch/eventRule:EventRule 'rule': eventPattern is not set; allowed: a pattern, where there "
    "is no schedule.",
)
def rule_that_never_fires():
    rule(name="never")


@keeps("event-rule-listens")
def rule_on_a_schedule_and_on_events():
    rule(schedule_expression="rate(1 day)", event_pattern='{"source": ["aws.ec2"]}')


@breaks(
    "event-pattern",
    "aws:cloudwatch/eventRule:EventRule 'rule': eventPattern is \"source = aws.ec2\"; allowed: a JSON "
    "object of lists and objects, of at most 4096 characters.",
)
def pattern_that_is_no_json():
    rule(event_pattern="source = aws.ec2")


@breaks(
    "event-pattern",
    'aws:cloudwatch/eventRule:EventRule \'rule\': eventPattern is "{\\"source\\": \\"aws.ec2\\"}"; allowed: a '
    "JSON object of lists and objects, of at most 4096 characters.",
)
def pattern_of_a_bare_text():
    rule(event_pattern='{"source": "aws.ec2"}')


@keeps("event-pattern")
def pattern_of_lists_and_objects():
    rule(event_pattern='{"source": ["aws.ec2"], "detail": {"state": ["running"]}}')


@breaks(
    "event-target-input",
    "aws:cloudwatch/eventTarget:EventTarget 'target': inputPath is \"$.detail\"; allowed: not set beside input.",
)
def target_told_two_things():
    target(input="{}", input_path="$.detail")


@keeps("event-target-input")
def target_told_one_thing():
    target(input_path="$.detail")


@breaks(
    "event-target-group",
    "aws:cloudwatch/eventTarget:EventTarget 'target': sqsTarget.messageGroupId is not set; allowed: a "
    "group, as orders is FIFO.",
)
def fifo_target_without_a_group():
    fifo_target()


@keeps("event-target-group")
def fifo_target_with_a_group():
    fifo_target(sqs_target={"message_group_id": "orders"})
