"""Rules of the metrics that alarms watch: names and dimensions that CloudWatch has, in the form that it has them."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.watch import ALARM
from policies.values import Fault, Properties, of_each

TABLE = Path(__file__).parents[1] / "metrics.tsv"
METRICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html"
ALB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html"
BALANCERS = "AWS/ApplicationELB"
OF_TARGETS = ("HealthyHostCount", "UnHealthyHostCount")
"""Metrics that exist for a target group behind a load balancer alone, not for the load balancer as a whole."""
FORMS = {"LoadBalancer": "app", "TargetGroup": "targetgroup"}
"""Dimension of a load balancer's metrics -> what its value, the end of the ARN, begins with."""
NEAR = 0.92
"""Likeness from which an unknown name is a misspelt one, and no metric that is newer than the table."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """What a service reports."""

    dimensions: frozenset[str]
    metrics: frozenset[str]


@cache
def namespaces() -> Mapping[str, Namespace]:
    """Namespace -> its dimensions and metrics, of the services that are in the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["namespace"]: Namespace(frozenset(row["dimensions"].split()), frozenset(row["metrics"].split()))
            for row in csv.DictReader(file, delimiter="\t")
        }


@resource_rule(ALARM, source=METRICS, fix="take the metric's name and namespace from its service's list of metrics")
def alarm_metric_exists(alarm: Resource) -> Iterator[Fault]:
    """CloudWatch takes an alarm on a metric that no service has, which then sees no data and stays silent."""
    yield from of_each(_watched(alarm), _metric)


def _metric(where: Properties) -> Iterator[Fault]:
    known, name = namespaces().get(where.text("namespace")), where.text("metricName")
    if known and name and name not in known.metrics and (meant := _meant(name, known)):
        yield where.fault("metricName", meant)


@resource_rule(ALARM, source=METRICS, fix="take the dimensions from its service's list of metrics")
def alarm_dimensions_exist(alarm: Resource) -> Iterator[Fault]:
    """An alarm sees the data of exactly its dimensions: one that the service does not have matches nothing."""
    yield from of_each(_watched(alarm), _dimensions)


def _dimensions(where: Properties) -> Iterator[Fault]:
    known, given = namespaces().get(where.text("namespace")), where.part("dimensions").keys()
    if known and (given - known.dimensions or (where.text("namespace") == "AWS/SQS" and not given)):
        yield where.fault("dimensions", ", ".join(sorted(known.dimensions)), got=sorted(given))


@resource_rule(ALARM, source=ALB, fix="use arn_suffix of the load balancer and of the target group")
def alarm_balancer_dimensions(alarm: Resource) -> Iterator[Fault]:
    """A load balancer's metrics name it by the end of its ARN, app/name/id, and a target group's health needs both."""
    yield from of_each(_watched(alarm), _of_a_balancer)


def _of_a_balancer(where: Properties) -> Iterator[Fault]:
    dimensions = where.part("dimensions")
    if where.text("namespace") != BALANCERS:
        return
    for name, start in FORMS.items():
        yield from dimensions.matching(name, f"{start}/.+", f"the end of its ARN, {start}/name/id")
    if where.text("metricName") in OF_TARGETS and not FORMS.keys() <= dimensions.keys():
        yield where.fault("dimensions", " and ".join(FORMS), got=sorted(dimensions.keys()))


def _watched(alarm: Resource) -> list[Properties]:
    """The alarm itself, and each metric of its queries: whatever names a metric."""
    queries = alarm.parts("metricQueries") if alarm.is_known("metricQueries") else []
    return [alarm, *[each.part("metric") for each in queries if each.is_known("metric")]]


def _meant(name: str, known: Namespace) -> str:
    """What the name should have been; empty where it may be a metric that is newer than the table."""
    folded = {each.casefold(): each for each in known.metrics}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=NEAR)
    others = [space for space, each in namespaces().items() if name in each.metrics]
    if near:
        return folded[near[0]]
    return f"a metric of this namespace: it is one of {' and '.join(others)}" if others else ""
