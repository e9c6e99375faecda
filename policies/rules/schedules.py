"""Rules of EventBridge: when a rule fires, on what, and whom it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.queues import QUEUE
from policies.stack import Stack
from policies.values import Fault

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
API = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_"
PATTERN_LIMIT = 4096
"""Characters of a pattern."""
INPUTS = ("input", "inputPath", "inputTransformer")


@resource_rule(RULE, source=f"{GUIDE}eb-scheduled-rule-pattern.html",
               fix="write rate(1 minute), rate(5 minutes) or cron(...)")  # fmt: skip
def schedule(rule: Resource) -> Iterator[Fault]:
    """A rate of 1 has its unit in the singular, any other in the plural; EventBridge refuses rate(1 minutes)."""
    form = r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\)"
    yield from rule.matching("scheduleExpression", form, "rate(1 minute), rate(N minutes) or cron(six fields)")


@resource_rule(RULE, source=f"{GUIDE}eb-scheduled-rule-pattern.html",
               fix="write ? for the day of the month or for the day of the week")  # fmt: skip
def schedule_of_one_day(rule: Resource) -> Iterator[Fault]:
    """A cron expression says the day by the month or by the week: exactly one of the two fields is ?."""
    fields = rule.text("scheduleExpression").removeprefix("cron(").removesuffix(")").split()
    if len(fields) == 6 and (fields[2] == "?") is (fields[4] == "?"):
        yield rule.fault("scheduleExpression", "a ? in the third or in the fifth field, not in both")


@resource_rule(RULE, source=f"{API}PutRule.html", fix="give schedule_expression or event_pattern")
def event_rule_listens(rule: Resource) -> Iterator[Fault]:
    """A rule fires on a schedule or on events that match its pattern; EventBridge makes none without either."""
    if "scheduleExpression" not in rule and "eventPattern" not in rule:
        yield rule.fault("eventPattern", "a pattern, where there is no schedule")


@resource_rule(RULE, source=f"{GUIDE}eb-create-pattern.html", fix='write it as json.dumps({"source": ["aws.ec2"]})')
def event_pattern(rule: Resource) -> Iterator[Fault]:
    """A pattern is a JSON object whose values are lists or objects (InvalidEventPatternException)."""
    text = rule.text("eventPattern")
    if text and (len(text) > PATTERN_LIMIT or not _is_pattern(text)):
        allowed = f"a JSON object of lists and objects, of at most {PATTERN_LIMIT} characters"
        yield rule.fault("eventPattern", allowed)


@stack_rule(RULE, source=f"{GUIDE}eb-quota.html", fix="spread the targets over rules, or use a topic")
def schedule_targets(rule: Resource, stack: Stack) -> Iterator[Fault]:
    """A rule has at most five targets."""
    targets = stack.referring(TARGET, "rule", rule)
    if len(targets) > 5:
        yield rule.fault("targets", "at most 5", got=len(targets))


@resource_rule(TARGET, source=f"{API}Target.html", fix="give one of input, input_path and input_transformer")
def event_target_input(target: Resource) -> Iterator[Fault]:
    """A target is told the event, a part of it, a text of its own or what is made of both: one of these."""
    given = [name for name in INPUTS if name in target]
    if len(given) > 1:
        yield target.fault(given[1], f"not set beside {given[0]}")


@stack_rule(TARGET, source=f"{API}SqsParameters.html", fix='give sqs_target={"message_group_id": ...}')
def event_target_group(target: Resource, stack: Stack) -> Iterator[Fault]:
    """What goes to a FIFO queue belongs to a message group, which the target names."""
    for queue in stack.referred(target, "arn", QUEUE):
        if queue.flag("fifoQueue") and not target.text("sqsTarget.messageGroupId"):
            yield target.fault("sqsTarget.messageGroupId", f"a group, as {queue.name} is FIFO")


def _is_pattern(text: str) -> bool:
    try:
        pattern = json.loads(text)
    except json.JSONDecodeError:
        return False
    return (
        isinstance(pattern, dict) and bool(pattern) and all(isinstance(each, list | dict) for each in pattern.values())
    )
