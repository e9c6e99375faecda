"""Measure what CloudWatch would hold of the region: requests, processor time, servers in service, waiting messages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.account import Account
from offline.region.scaling.tracking import IN_AFTER

PERIOD_S = 60.0
Metric = tuple[str, str, str]
"""Namespace, name, and the value of the dimension that tells one from another."""

SEEN = frozenset(
    {
        ("AWS/ApplicationELB", "RequestCount"),
        ("AWS/ApplicationELB", "RequestCountPerTarget"),
        ("AWS/AutoScaling", "GroupInServiceInstances"),
        ("AWS/EC2", "CPUUtilization"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    }
)
"""Namespace and name of every metric that is measured here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What the region sees of its servers now."""

    health: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Target group's ARN -> instance -> its state."""
    requests: Mapping[str, int] = field(default_factory=dict)
    """Target group's ARN -> requests since its balancer began."""
    cpu_s: Mapping[str, float] = field(default_factory=dict)
    """Instance -> seconds of processor time since its server began."""
    lost: frozenset[str] = frozenset()
    """Instances whose machine is gone."""


class Readings:
    """One value a minute for each metric, for as many minutes as an alarm looks back."""

    def __init__(self, account: Account, now: float) -> None:
        self._account = account
        self._since = now
        self._before = Observed()
        self._values: dict[Metric, deque[float | None]] = {}

    def take(self, now: float, seen: Observed, groups: Iterable[Mapping[str, Any]]) -> bool:
        """Close the minute if it is over, and say whether it was."""
        if now - self._since < PERIOD_S:
            return False
        minutes, self._since = (now - self._since) / PERIOD_S, now
        values = {**self._loads(seen, minutes), **self._groups(seen, groups, minutes), **self._queues()}
        for metric in values.keys() | self._values.keys():
            self._values.setdefault(metric, deque(maxlen=IN_AFTER)).append(values.get(metric))
        self._before = seen
        return True

    def of(self, metric: Metric) -> list[float | None]:
        """The values of the last minutes, the newest last; None is a minute without one."""
        return [*self._values.get(metric, ())]

    def _loads(self, seen: Observed, minutes: float) -> dict[Metric, float]:
        """A minute without a request has no datapoint (ELB guide, "CloudWatch metrics for your load balancer")."""
        found: dict[Metric, float] = {}
        for arn, count in seen.requests.items():
            more = (count - self._before.requests.get(arn, 0)) / minutes
            if more > 0:
                name, able = arn.rpartition(":")[2], [*seen.health.get(arn, {}).values()].count("healthy")
                found["AWS/ApplicationELB", "RequestCount", name] = more
                found["AWS/ApplicationELB", "RequestCountPerTarget", name] = more / max(able, 1)
        return found

    def _groups(self, seen: Observed, groups: Iterable[Mapping[str, Any]], minutes: float) -> dict[Metric, float]:
        found: dict[Metric, float] = {}
        for group in groups:
            name = group["AutoScalingGroupName"]
            serving = [each for each in group["Instances"] if each["LifecycleState"] == "InService"]
            found["AWS/AutoScaling", "GroupInServiceInstances", name] = len(serving)
            known = [each for each in serving if each["InstanceId"] in self._before.cpu_s.keys() & seen.cpu_s.keys()]
            if known:
                used = [self._percent(seen, each, minutes) for each in known]
                found["AWS/EC2", "CPUUtilization", name] = sum(used) / len(used)
        return found

    def _percent(self, seen: Observed, instance: Mapping[str, Any], minutes: float) -> float:
        """Of all the virtual processors of its type; less than nothing is a program that began anew."""
        name = instance["InstanceId"]
        used = max(seen.cpu_s[name] - self._before.cpu_s[name], 0.0)
        return 100 * used / (minutes * PERIOD_S * self._processors(instance["InstanceType"]))

    def _processors(self, type_: str) -> int:
        [known] = self._account.client("ec2").describe_instance_types(InstanceTypes=[type_])["InstanceTypes"]
        return known["VCpuInfo"]["DefaultVCpus"]

    def _queues(self) -> dict[Metric, float]:
        sqs = self._account.client("sqs")
        found: dict[Metric, float] = {}
        for url in sqs.get_paginator("list_queues").paginate().search("QueueUrls[]"):
            if url:  # an account without a queue has no list of them
                asked = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
                waiting = sqs.get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"]
                name = url.rpartition("/")[2]
                found["AWS/SQS", "ApproximateNumberOfMessagesVisible", name] = float(waiting)
        return found
