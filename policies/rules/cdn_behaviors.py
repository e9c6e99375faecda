"""Rules of what CloudFront makes of a request: legacy settings that its policies have replaced."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule
from policies.rules.cdn import API, behaviors
from policies.rules.load_balancer import DISTRIBUTION
from policies.values import Fault


@resource_rule(
    DISTRIBUTION,
    source=f"{API}DefaultCacheBehavior.html",
    fix="give it a cache policy, and an origin request policy, instead",
    severity=Severity.ADVISORY,
)
def cdn_forwarding_is_legacy(distribution: Resource) -> Iterator[Fault]:
    """CloudFront calls forwarded values and a behaviour's own TTLs deprecated: its policies hold them today."""
    for behavior in behaviors(distribution):
        if "forwardedValues" in behavior and "cachePolicyId" not in behavior:
            yield behavior.fault("forwardedValues", "a cache policy")
