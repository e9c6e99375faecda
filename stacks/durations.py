"""Estimate how long AWS takes over a stack's first `up`, by what has to wait for what."""

from __future__ import annotations

from stacks.settings import Settings

Steps = list[tuple[str, int]]
"""What is waited for one after the other, and its minutes."""

DATABASE_MIN = 10
REPLICAS_MIN = 10
"""Primary and replica made and deleted in 22 to 25 minutes, all replicas at once: acceptance tests in
https://github.com/hashicorp/terraform-provider-aws/pull/26765 (TestAccRDSInstance_ReplicateSourceDB_*)."""
CACHE_MIN = 15
"""A cluster made and deleted in 18 to 22 minutes: https://github.com/hashicorp/terraform-provider-aws/pull/15070 and
https://github.com/hashicorp/terraform-provider-aws/pull/17296 (..ElasticacheReplicationGroup_ClusterMode_Basic)."""
SERVERS_MIN = 5
"""First boot with its packages until the health checks are green; `up` waits for every fleet at once (estimated)."""
BALANCER_MIN = 3
DISTRIBUTION_MIN = 10
"""3 to 15 minutes until every location has it, where `up` waits for that (CloudFront Developer Guide)."""
CERTIFICATE_MIN = 5
"""From a delegated zone's records to an issued certificate: "several minutes" (ACM User Guide, DNS validation)."""


def critical_path(settings: Settings) -> Steps:
    """The longest of the chains that run side by side; minutes are whole and about."""
    p = settings.preset
    certificate = [("certificate", CERTIFICATE_MIN)] if settings.domain else []
    replicas = [("replicas", REPLICAS_MIN)] if p.database_replicas else []
    servers = [("servers", SERVERS_MIN)]
    distribution = [("distribution", DISTRIBUTION_MIN)] if p.wait_for_deployment else []
    chains: list[Steps] = [
        [("database", DATABASE_MIN), *replicas, *servers],
        [("cache", CACHE_MIN), *servers],
        [*certificate, ("balancer", BALANCER_MIN), *distribution],
    ]
    return max(chains, key=lambda steps: sum(minutes for _, minutes in steps))
