"""Check whether the region sells what a stack stands on: the class of its database, the type of its cache nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engines.finding import Finding
from engines.preflight.capacity import zones_of_servers
from engines.preflight.site import Site, tried
from stacks.settings import Settings

NODE_TYPES = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html"


def database(site: Site) -> Iterator[Finding]:
    """Refuse a class that RDS does not sell for this PostgreSQL in the stack's zones: in one, with a standby in two."""
    p, subject = site.settings.preset, "database class"

    def asked() -> tuple[Sequence[str], list[dict[str, Any]]]:
        wanted = {"Engine": "postgres", "DBInstanceClass": p.database_class}
        rows = site.cloud.rows("rds", "describe_orderable_db_instance_options", **wanted)
        return site.settings.zones or zones_of_servers(site)[: p.zone_count], list(rows)

    found = tried(subject, asked)
    yield found if isinstance(found, Finding) else database_finding(site.settings, *found)


def database_finding(settings: Settings, zones: Sequence[str], options: list[dict[str, Any]]) -> Finding:
    """Judge RDS's answer about one class, for a stack in *zones*; each minor version has rows of its own."""
    p, version = settings.preset, settings.postgres_version
    fit = [
        row
        for row in options
        if row["EngineVersion"].startswith(f"{version}.") and (row.get("MultiAZCapable") or not p.database_multi_az)
    ]
    offered = {zone["Name"] for row in fit for zone in row["AvailabilityZones"]}
    need, here = 1 + p.database_multi_az, sorted(offered & set(zones))
    wanted = f"{p.database_class} for PostgreSQL {version}"
    if len(here) >= need:
        return Finding("database class", True, f"{wanted} in {', '.join(here)}")
    fix = f"database_class, or zones, in stacks/Pulumi.{settings.stack}.yaml"
    got = f"{wanted} in {', '.join(here) or 'none'} of {', '.join(zones)}"
    return Finding("database class", False, got, fix, f"{need} of {', '.join(sorted(offered)) or 'no zone'}")


def cache(site: Site) -> Iterator[Finding]:
    """Advise against a node type without a reserved offering: no other call tells which types a region has."""
    wanted, subject = site.settings.preset.cache_node_type, "cache node type"
    operation = "describe_reserved_cache_nodes_offerings"
    found = tried(subject, lambda: list(site.cloud.rows("elasticache", operation, CacheNodeType=wanted)))
    if isinstance(found, Finding):
        yield found
    elif found:
        yield Finding(subject, True, f"{wanted} is sold in {site.settings.region}")
    else:
        fix = f"cache_node_type in {site.file}, unless {NODE_TYPES} lists it for the region"
        yield Finding(subject, True, f"{wanted} is not reserved in {site.settings.region}, and may not be there", fix)
