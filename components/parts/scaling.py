"""Write the target-tracking policies that decide how many servers a fleet has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.refusal import refuse

METRICS_PER_ALARM = 10
"""Target tracking watches through alarms, and one on metric math takes 10 metrics (CloudWatch quotas)."""
PERIOD_S = 60

SERVERS = "servers"
"""Id of the metric that counts the servers in service."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One target group that the fleet's servers register with."""

    arn: pulumi.Input[str]
    label: pulumi.Input[str]
    """`<load balancer's suffix>/<target group's suffix>`, e.g. app/shop/50dc6c49/targetgroup/orders/73e2d6bc."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """Where the fleet's requests come from, and how many a server is to get."""

    groups: Mapping[str, Target]
    """By service, 1 to 9: one metric each and one for the servers fill an alarm."""
    sources: Mapping[str, pulumi.Input[str]]
    """Name -> security group of each load balancer that calls the servers."""
    requests_per_server_minute: int

    def __post_init__(self) -> None:
        refuse(
            self, {"requests_per_server_minute": (self.requests_per_server_minute >= 1, "1 and more")}, self._crowd()
        )

    def _crowd(self) -> Iterator[str]:
        if not 1 <= len(self.groups) < METRICS_PER_ALARM:
            yield (
                f"targets has {len(self.groups)} target groups; allowed: 1 to {METRICS_PER_ALARM - 1}"
                " (metrics of one alarm). Fix: spread the services over more fleets"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One addend of the load: a metric whose sum over a minute counts *weight* times."""

    namespace: str
    metric: str
    dimensions: Mapping[str, pulumi.Input[str]]
    weight: float = 1


Policy = aws.autoscaling.PolicyTargetTrackingConfigurationArgs
Specification = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationArgs
Query = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricArgs
Stat = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricMetricStatArgs
Metric = aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs
Dimension = (
    aws.autoscaling.PolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs
)


def track(
    parent: pulumi.Resource, name: str, role: str, group_name: pulumi.Input[str], policy: Policy
) -> aws.autoscaling.Policy:
    """Hold a metric at its target, outwards and inwards.

    Deleted before it is replaced: a group takes one policy for each metric, so the new one would be refused.
    """
    return aws.autoscaling.Policy(
        names.logical(aws.autoscaling.Policy, name, role),
        autoscaling_group_name=group_name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration=policy,
        opts=pulumi.ResourceOptions(parent=parent, delete_before_replace=True),
    )


def cpu(percent: float) -> Policy:
    """Hold the average CPU of the servers, in percent."""
    predefined = aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type="ASGAverageCPUUtilization"
    )
    return Policy(target_value=percent, disable_scale_in=False, predefined_metric_specification=predefined)


def requests(targets: Targets, group_name: pulumi.Input[str]) -> Policy:
    """Hold the requests a minute that one server gets, over all the target groups of the fleet."""
    goal = float(targets.requests_per_server_minute)
    if len(targets.groups) > 1:
        terms = [_requests_of(target) for target in targets.groups.values()]
        return load_per_server(terms, group_name, goal)
    [target] = targets.groups.values()
    predefined = aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
        predefined_metric_type="ALBRequestCountPerTarget", resource_label=target.label
    )
    return Policy(target_value=goal, disable_scale_in=False, predefined_metric_specification=predefined)


def _requests_of(target: Target) -> Term:
    """ALBRequestCountPerTarget sees one target group only, so several are summed as RequestCount."""
    parts = pulumi.Output.from_input(target.label).apply(lambda label: label.split("/"))
    return Term(
        namespace="AWS/ApplicationELB",
        metric="RequestCount",
        dimensions={
            "LoadBalancer": parts.apply(lambda known: "/".join(known[:3])),
            "TargetGroup": parts.apply(lambda known: "/".join(known[3:])),
        },
    )


def expression(weights: Sequence[float]) -> str:
    """Sum load0 x weight, load1 x weight, ... over the servers in service; with none of those, the whole load.

    A silent metric counts as 0, so that one idle queue or service does not blind the policy to the others.
    """
    load = " + ".join(
        f"FILL(load{number}, 0)" + ("" if weight == 1 else f" * {weight:g}") for number, weight in enumerate(weights)
    )
    return f"IF({SERVERS} > 0, ({load}) / {SERVERS}, {load})"


def load_per_server(terms: Sequence[Term], group_name: pulumi.Input[str], goal: float) -> Policy:
    """Hold the sum of *terms* per server in service at *goal*; needs the group's metric GroupInServiceInstances."""
    servers = Term(
        namespace="AWS/AutoScaling", metric="GroupInServiceInstances", dimensions={"AutoScalingGroupName": group_name}
    )
    queries = [_query(f"load{number}", term, "Sum") for number, term in enumerate(terms)]
    queries += [
        _query(SERVERS, servers, "Average"),
        Query(id="per_server", expression=expression([term.weight for term in terms]), return_data=True),
    ]
    return Policy(
        target_value=goal, disable_scale_in=False, customized_metric_specification=Specification(metrics=queries)
    )


def _query(id_: str, term: Term, stat: str) -> Query:
    metric = Metric(
        namespace=term.namespace,
        metric_name=term.metric,
        dimensions=[Dimension(name=name, value=value) for name, value in term.dimensions.items()],
    )
    return Query(id=id_, metric_stat=Stat(metric=metric, stat=stat, period=PERIOD_S), return_data=False)
