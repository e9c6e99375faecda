"""Rules of the expressions of alarms: what CloudWatch can read at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.watch import ALARM
from policies.values import Fault, Properties, of_each

TEXT = r"'[^']*'|\"[^\"]*\""
OPERATOR = r"[-+*/^<>=!&|,]"


@resource_rule(
    ALARM,
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html",
    fix="close every parenthesis, and give every operator both its sides",
)
def alarm_expression_is_whole(alarm: Resource) -> Iterator[Fault]:
    """CloudWatch refuses an expression that it cannot read to its end."""
    yield from of_each(alarm.parts("metricQueries"), _expression)


def _expression(query: Properties) -> Iterator[Fault]:
    expression = re.sub(TEXT, "x", query.text("expression")).strip()
    if expression and not _is_whole(expression):
        yield query.fault("expression", "balanced parentheses, and no operator without its sides")


def _is_whole(expression: str) -> bool:
    depth = 0
    for each in re.findall(r"[()\[\]]", expression):
        depth += 1 if each in "([" else -1
        if depth < 0:
            return False
    torn = re.search(rf"{OPERATOR}\s*([*/^,)\]]|$)|^\s*[*/^,)]|[(\[]\s*[*/^,]", expression)
    return depth == 0 and torn is None
