"""Build what watches the store as a whole: one dashboard over all boxes, the error budget, and the money budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.alarm import MathAlarm, Metric, make_math_alarm
from components.parts.dashboard import Boxes, body
from components.parts.refusal import refuse

AVAILABILITY = 0.999
"""Share of requests to be answered without a 5xx: 43 minutes of full outage a month."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Burn:
    """How fast the error budget may go before somebody is told (Site Reliability Workbook, chapter 5)."""

    speed: float
    """Times the rate that would use up a 30-day budget in 30 days."""
    period_s: int
    evaluations: int
    meaning: str


BURNS: Mapping[str, _Burn] = {
    "fast": _Burn(speed=14.4, period_s=300, evaluations=3, meaning="2 % of the month's errors are used up in an hour"),
    "slow": _Burn(speed=6, period_s=3600, evaluations=6, meaning="5 % of the month's errors are used up in 6 hours"),
}
QUIET_REQUESTS = 50
"""Requests in a period under which one error says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObservabilityArgs:
    """What is watched, by the names of its metrics; mappings are label -> name.

    The first three dashboards of an account are free, each further one is 3 USD a month; two budgets are free.
    """

    region: str
    distribution_id: pulumi.Input[str]
    load_balancer: pulumi.Input[str]
    """The ARN suffix, `app/...`, of the load balancer whose errors are the customers' errors."""
    target_groups: Mapping[str, pulumi.Input[str]]
    """Service -> its target group's label, `app/.../targetgroup/...`, of this or of any other load balancer."""
    fleets: Mapping[str, pulumi.Input[str]]
    cache_node_ids: Sequence[pulumi.Input[str]]
    databases: Sequence[pulumi.Input[str]]
    """Identifiers of the primary and of its replicas."""
    replicas: Sequence[pulumi.Input[str]] = ()
    """Identifiers of the replicas alone, whose lag is drawn: a primary has none."""
    tables: Mapping[str, pulumi.Input[str]]
    queues: Mapping[str, pulumi.Input[str]]
    dead_letter_queues: Mapping[str, pulumi.Input[str]]
    monthly_budget_usd: int
    """Spending of the *whole account* in a calendar month: a filter by tag would need the tag to be activated for cost
    allocation first, by hand and a day ahead."""
    alarm_topic_arn: pulumi.Input[str] | None = None

    def __post_init__(self) -> None:
        refuse(self, {"monthly_budget_usd": (self.monthly_budget_usd >= 1, "1 or more")})


class Observability(pulumi.ComponentResource):
    """One dashboard, two alarms on the share of failed requests, and a budget that warns before it is passed."""

    dashboard_name: pulumi.Output[str]
    budget_name: pulumi.Output[str]

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:watch:Observability", name, None, opts)
        self._error_budget(name, args)
        self.dashboard_name = self._dashboard(name, args).dashboard_name
        self.budget_name = self._budget(name, args).name
        self.register_outputs({"dashboard_name": self.dashboard_name, "budget_name": self.budget_name})

    def _dashboard(self, name: str, args: ObservabilityArgs) -> aws.cloudwatch.Dashboard:
        """Dashboards are named by us and known to the whole account: hence project and stack."""
        token = aws.cloudwatch.Dashboard
        return aws.cloudwatch.Dashboard(
            name,
            dashboard_name=names.logical(token, pulumi.get_project(), pulumi.get_stack(), name),
            dashboard_body=_boxes(args).apply(lambda known: body(Boxes(**known))),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _error_budget(self, name: str, args: ObservabilityArgs) -> None:
        for pace, burn in BURNS.items():
            make_math_alarm(self, name, f"{pace}-burn", _burning(args.load_balancer, burn), args.alarm_topic_arn)

    def _budget(self, name: str, args: ObservabilityArgs) -> aws.budgets.Budget:
        kinds = ("ACTUAL", "FORECASTED") if args.alarm_topic_arn is not None else ()
        return aws.budgets.Budget(
            names.logical(aws.budgets.Budget, name),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_budget_usd),
            limit_unit="USD",
            notifications=[_warning(kind, args.alarm_topic_arn) for kind in kinds],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _boxes(args: ObservabilityArgs) -> pulumi.Output[dict[str, Any]]:
    """Wait for every name; nodes and databases are labelled by their own names."""
    return pulumi.Output.all(
        region=args.region,
        distribution_id=args.distribution_id,
        load_balancer=args.load_balancer,
        target_groups=dict(args.target_groups),
        fleets=dict(args.fleets),
        cache_nodes=pulumi.Output.all(*args.cache_node_ids).apply(_labelled),
        databases=pulumi.Output.all(*args.databases).apply(_labelled),
        replicas=pulumi.Output.all(*args.replicas).apply(_labelled),
        tables=dict(args.tables),
        queues=dict(args.queues),
        dead_letter_queues=dict(args.dead_letter_queues),
    )


def _labelled(members: Sequence[str]) -> dict[str, str]:
    return {name: name for name in members}


def _burning(load_balancer: pulumi.Input[str], burn: _Burn) -> MathAlarm:
    def count(metric: str) -> Metric:
        return Metric(namespace="AWS/ApplicationELB", metric=metric, dimensions={"LoadBalancer": load_balancer})

    return MathAlarm(
        label="failed requests, share",
        expression=f"IF(requests > {QUIET_REQUESTS}, (FILL(own, 0) + FILL(servers, 0)) / requests, 0)",
        metrics={
            "requests": count("RequestCount"),
            "own": count("HTTPCode_ELB_5XX_Count"),
            "servers": count("HTTPCode_Target_5XX_Count"),
        },
        threshold=round(burn.speed * (1 - AVAILABILITY), 6),
        period_s=burn.period_s,
        evaluations=burn.evaluations,
        description=f"Customers get 5xx answers so often that {burn.meaning} (goal: {AVAILABILITY:.1%} answered).",
    )


def _warning(kind: str, topic_arn: pulumi.Input[str] | None) -> aws.budgets.BudgetNotificationArgs:
    return aws.budgets.BudgetNotificationArgs(
        notification_type=kind,
        comparison_operator="GREATER_THAN",
        threshold=100,
        threshold_type="PERCENTAGE",
        subscriber_sns_topic_arns=[topic_arn] if topic_arn is not None else [],
    )
