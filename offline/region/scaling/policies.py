"""Read a group's target-tracking policies from the account, each with what its metric was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.account import Account
from offline.region.process import RegionError
from offline.region.scaling.expression import evaluate
from offline.region.scaling.readings import Readings
from offline.region.scaling.tracking import Tracked

IDENTIFYING = ("TargetGroup", "AutoScalingGroupName", "QueueName")
"""The dimension that tells one series of a metric from another; a load balancer's name adds nothing to its group's."""


def tracked(account: Account, group: str, readings: Readings) -> list[Tracked]:
    """Every policy of *group* that tracks a target. RegionError, by name, for a metric that the region does not see."""
    policies = account.client("autoscaling").describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    return [
        _tracked(group, policy["TargetTrackingConfiguration"], readings)
        for policy in policies
        if policy["Enabled"] and "TargetTrackingConfiguration" in policy
    ]


def _tracked(group: str, config: Mapping[str, Any], readings: Readings) -> Tracked:
    predefined = config.get("PredefinedMetricSpecification")
    values = _predefined(group, predefined, readings) if predefined else _customized(config, readings)
    return Tracked(target=config["TargetValue"], values=values, scales_in=not config["DisableScaleIn"])


def _predefined(group: str, metric: Mapping[str, Any], readings: Readings) -> list[float | None]:
    match metric["PredefinedMetricType"]:
        case "ASGAverageCPUUtilization":
            return readings.of(("AWS/EC2", "CPUUtilization", group))
        case "ALBRequestCountPerTarget":
            name = "/".join(metric["ResourceLabel"].split("/")[3:])
            return readings.of(("AWS/ApplicationELB", "RequestCountPerTarget", name))
    raise RegionError(
        f"a scaling policy tracks {metric['PredefinedMetricType']}; allowed offline: ASGAverageCPUUtilization,"
        " ALBRequestCountPerTarget, or metric math. Fix: one of these"
    )


def _customized(config: Mapping[str, Any], readings: Readings) -> list[float | None]:
    """One value a minute of the query that returns data."""
    queries = config["CustomizedMetricSpecification"]["Metrics"]
    series = {
        each["Id"]: readings.of(_metric(each["MetricStat"]["Metric"])) for each in queries if "MetricStat" in each
    }
    [asked] = [each["Expression"] for each in queries if each.get("ReturnData", True) and "Expression" in each]
    length = max((len(each) for each in series.values()), default=0)
    padded = {id_: [None] * (length - len(values)) + values for id_, values in series.items()}
    return [evaluate(asked, {id_: values[minute] for id_, values in padded.items()}) for minute in range(length)]


def _metric(metric: Mapping[str, Any]) -> tuple[str, str, str]:
    dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
    chosen = next((dimensions[name] for name in IDENTIFYING if name in dimensions), "")
    return metric["Namespace"], metric["MetricName"], chosen
