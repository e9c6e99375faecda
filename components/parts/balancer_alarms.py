"""Watch a load balancer and its target groups: errors of its own, errors and slowness of each service, sick servers."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.parts.alarm import Alarm, make_alarm

NAMESPACE = "AWS/ApplicationELB"
ERRORS_A_MINUTE = 10
SLOW_S = 1.0
"""Seconds that 99 of 100 requests are to stay under."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BalancerAlarms:
    """Whose alarms they are, and who hears them."""

    parent: pulumi.Resource
    name: str
    balancer: aws.lb.LoadBalancer
    topic_arn: pulumi.Input[str] | None

    def on_balancer(self) -> None:
        """Errors that the load balancer itself answers: no healthy server, a broken connection, a time-out."""
        self._make("errors", Alarm(
            namespace=NAMESPACE, metric="HTTPCode_ELB_5XX_Count", dimensions={"LoadBalancer": self.balancer.arn_suffix},
            statistic="Sum", threshold=ERRORS_A_MINUTE, evaluations=3,
            description="The load balancer answers errors of its own. Look at the healthy hosts of each target group.",
        ))  # fmt: skip

    def on_service(self, service: str, group: aws.lb.TargetGroup) -> None:
        """Errors, slowness and unhealthy servers of one service."""
        dimensions = {"LoadBalancer": self.balancer.arn_suffix, "TargetGroup": group.arn_suffix}
        self._make(f"{service}-errors", Alarm(
            namespace=NAMESPACE, metric="HTTPCode_Target_5XX_Count", dimensions=dimensions,
            statistic="Sum", threshold=ERRORS_A_MINUTE, evaluations=3,
            description=f"Servers of {service} answer errors. Look at the service's log.",
        ))  # fmt: skip
        self._make(f"{service}-slow", Alarm(
            namespace=NAMESPACE, metric="TargetResponseTime", dimensions=dimensions,
            statistic="p99", threshold=SLOW_S, evaluations=5,
            description=f"1 request in 100 to {service} takes over {SLOW_S} s. Look at its fleet and the database.",
        ))  # fmt: skip
        self._make(f"{service}-unhealthy", Alarm(
            namespace=NAMESPACE, metric="UnHealthyHostCount", dimensions=dimensions,
            statistic="Maximum", threshold=0, evaluations=5,
            description=f"Servers of {service} fail their health check. Look at what they log on their way up.",
        ))  # fmt: skip

    def _make(self, role: str, alarm: Alarm) -> None:
        make_alarm(self.parent, self.name, role, alarm, self.topic_arn)
