"""Tell what settings contradict each other: each of them is right, and together they are what AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the settings ask this file
    from stacks.presets import Preset
    from stacks.settings import Settings

MOST_TABLES = 256
MOST_NODES = 90
"""Of a cluster of the cache (ElastiCache User Guide, "Quotas")."""
LEAST_GROWTH = 1.1
"""How much larger than the storage its limit is at least (RDS User Guide, "Managing capacity automatically")."""


def contradictions(settings: Settings, config: Mapping[str, str]) -> list[str]:
    """What is wrong, a sentence each; *config* is the settings that were given, none of a preset."""
    return [
        *_of_network(settings.preset),
        *_of_names(settings),
        *_of_zones(settings, config),
        *_of_data(settings.preset),
        *_of_tables(settings),
    ]


def _of_network(p: Preset) -> Iterator[str]:
    if p.nat_gateways == "none" and not p.interface_endpoints:
        yield (
            "nat_gateways is none and interface_endpoints is false: private servers would reach no AWS API;"
            " allowed: one of the two."
        )


def _of_names(settings: Settings) -> Iterator[str]:
    if settings.hosted_zone == "make" and not settings.domain:
        yield "hosted_zone is 'make' and domain is not set; allowed: a zone is made for a domain."
    if settings.zone_name and not f".{settings.domain}".endswith(f".{settings.zone_name}"):
        yield (
            f"zone_name is {settings.zone_name!r} and domain is {settings.domain!r};"
            " allowed: the domain or a parent of it."
        )


def _of_zones(settings: Settings, config: Mapping[str, str]) -> Iterator[str]:
    zones = settings.zones
    if "zone_count" in config and zones and int(config["zone_count"]) != len(zones):
        yield f"zone_count is {config['zone_count']} and zones names {len(zones)}; allowed: one of the two."
    if zones and not 2 <= len(zones) <= 3:
        yield f"zones is {', '.join(zones)}; allowed: 2 or 3 zones."
    if any(zone[:-1] != settings.region for zone in zones):
        yield f"zones is {', '.join(zones)}; allowed: zones of the stack's region {settings.region}."


def _of_data(p: Preset) -> Iterator[str]:
    if p.protect and p.disposable:
        yield "protect and disposable are both true; allowed: at most one of them."
    if 0 < p.database_max_storage_gb < LEAST_GROWTH * p.database_storage_gb:
        yield (
            f"database_max_storage_gb is {p.database_max_storage_gb} and database_storage_gb is"
            f" {p.database_storage_gb}; allowed: 0 (off) or at least {LEAST_GROWTH} times as much."
        )
    if p.cache_multi_az and p.cache_replicas_per_shard == 0:
        yield "cache_multi_az is true and cache_replicas_per_shard is 0; allowed: at least 1 replica for Multi-AZ."
    nodes = p.cache_shards * (1 + p.cache_replicas_per_shard)
    if nodes > MOST_NODES:
        yield (
            f"cache_shards x (1 + cache_replicas_per_shard) is {nodes};"
            f" allowed: at most {MOST_NODES} nodes in a cluster (ElastiCache quota)."
        )


def _of_tables(settings: Settings) -> Iterator[str]:
    tables = settings.preset.table_shards + settings.table_shards_draining
    if tables > MOST_TABLES:
        yield f"table_shards + table_shards_draining is {tables}; allowed: at most {MOST_TABLES} tables."
