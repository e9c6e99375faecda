"""Read a group's target-tracking policies from the account, each with what its metric was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from offline.account import Account
from offline.region.process import RegionError
from offline.region.scaling.expression import evaluate
from offline.region.scaling.readings import SEEN, Metric, Readings
from offline.region.scaling.tracking import Tracked

IDENTIFYING = ("TargetGroup", "AutoScalingGroupName", "QueueName")
"""The dimension that tells one series of a metric from another; a load balancer's name adds nothing to its group's."""

CPU, REQUESTS = "ASGAverageCPUUtilization", "ALBRequestCountPerTarget"
"""The predefined metrics that the region sees, of four."""


def tracked(
    account: Account, group: Mapping[str, Any], readings: Readings, warm: Callable[[float], int]
) -> list[Tracked]:
    """Every policy of *group* that tracks a target; *warm* says how many servers have been in service for so long.

    One whose metric the region does not see has no datapoint: on AWS too it lets none of the group's servers go then.
    """
    name = group["AutoScalingGroupName"]
    warmup = group.get("DefaultInstanceWarmup", group["DefaultCooldown"])
    policies = account.client("autoscaling").describe_policies(AutoScalingGroupName=name)["ScalingPolicies"]
    return [
        Tracked(
            target=config["TargetValue"],
            values=_values(name, config, readings) if not unseen(config) else (),
            warm=warm(policy.get("EstimatedInstanceWarmup", warmup)),
            scales_in=not config["DisableScaleIn"],
        )
        for policy in policies
        if policy["Enabled"] and (config := policy.get("TargetTrackingConfiguration"))
    ]


def unseen(config: Mapping[str, Any]) -> str:
    """What a policy tracks and the region does not see, or not work out; empty for all else."""
    if predefined := config.get("PredefinedMetricSpecification"):
        type_ = predefined["PredefinedMetricType"]
        return type_ if type_ not in {CPU, REQUESTS} else ""
    queries = _queries(config)
    metrics = [each["MetricStat"]["Metric"] for each in queries if "MetricStat" in each]
    for metric in metrics:
        namespace, name, of = _metric(metric)
        if (namespace, name) not in SEEN or not of:
            return f"{namespace} {name}"
    try:
        _evaluated(queries, dict.fromkeys((each["Id"] for each in queries if "MetricStat" in each), 1.0))
    except RegionError:
        return "metric math beyond IF, FILL, + - * / and comparisons"
    return ""


def _values(group: str, config: Mapping[str, Any], readings: Readings) -> list[float | None]:
    """One value a minute."""
    predefined = config.get("PredefinedMetricSpecification")
    return readings.of(_predefined(group, predefined)) if predefined else _customized(_queries(config), readings)


def _predefined(group: str, metric: Mapping[str, Any]) -> Metric:
    if metric["PredefinedMetricType"] == CPU:
        return "AWS/EC2", "CPUUtilization", group
    return "AWS/ApplicationELB", "RequestCountPerTarget", "/".join(metric["ResourceLabel"].split("/")[3:])


def _queries(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The queries of a customized metric; one that is named alone is the only query."""
    custom = config.get("CustomizedMetricSpecification", {})
    alone = [{"Id": "m", "MetricStat": {"Metric": custom}}] if "MetricName" in custom else []
    return custom.get("Metrics", alone)


def _customized(queries: list[dict[str, Any]], readings: Readings) -> list[float | None]:
    series = {
        each["Id"]: readings.of(_metric(each["MetricStat"]["Metric"])) for each in queries if "MetricStat" in each
    }
    length = max((len(each) for each in series.values()), default=0)
    padded = {id_: [None] * (length - len(values)) + values for id_, values in series.items()}
    return [_evaluated(queries, {id_: values[minute] for id_, values in padded.items()}) for minute in range(length)]


def _evaluated(queries: list[dict[str, Any]], values: Mapping[str, float | None]) -> float | None:
    """Of the query that returns data, which may be a metric as it is."""
    returned = next((each for each in queries if each.get("ReturnData", True)), None)
    return evaluate(returned.get("Expression", returned["Id"]), values) if returned else None


def _metric(metric: Mapping[str, Any]) -> Metric:
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    chosen = next((dimensions[name] for name in IDENTIFYING if name in dimensions), "")
    return metric["Namespace"], metric["MetricName"], chosen
