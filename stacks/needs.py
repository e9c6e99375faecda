"""Count what a stack asks of an account's quotas, from its settings alone."""

from __future__ import annotations

from dataclasses import dataclass

from stacks.presets import app_fleets, vcpus, worker_fleets
from stacks.settings import Settings

REFRESH_HEADROOM = 2
"""A fleet replaces its servers new before old, so that for a while there may be twice as many of them."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit that AWS sets an account in a region."""

    service: str
    code: str
    name: str
    default: int
    """What a new account has."""


@dataclass(frozen=True, slots=True)
class Need:
    """How much of a quota a stack takes."""

    quota: Quota
    least: int
    """To be deployed at all."""
    most: int
    """With every fleet at its largest, while a change rolls through it."""


VCPUS = Quota("ec2", "L-1216C47A", "vCPUs of running on-demand standard instances", 5)
ADDRESSES = Quota("ec2", "L-0263D0A3", "Elastic IP addresses", 5)
VPCS = Quota("vpc", "L-F678F1CE", "VPCs", 5)
INTERNET_GATEWAYS = Quota("vpc", "L-A4707A72", "internet gateways", 5)
NAT_GATEWAYS = Quota("vpc", "L-FE5A380F", "NAT gateways per availability zone", 5)
BALANCERS = Quota("elasticloadbalancing", "L-53DA6B97", "application load balancers", 50)
DATABASES = Quota("rds", "L-7B6409FD", "DB instances", 40)
CACHE_NODES = Quota("elasticache", "L-DFE45DF3", "ElastiCache nodes", 300)
"""Codes and defaults, per region: AWS General Reference, "Service endpoints and quotas", the pages of EC2, VPC, Elastic
Load Balancing, RDS and ElastiCache (https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html)."""


def needs(settings: Settings) -> list[Need]:
    """What the stack takes of each quota that stacks of its kind run into."""
    p = settings.preset
    gateways = {"none": 0, "single": 1, "per-zone": p.zone_count}[p.nat_gateways]
    fixed = {
        ADDRESSES: gateways,
        VPCS: 1,
        INTERNET_GATEWAYS: 1,
        NAT_GATEWAYS: min(1, gateways),
        BALANCERS: 2,  # one for customers, one between services
        DATABASES: 1 + p.database_replicas,
        CACHE_NODES: p.cache_shards * (1 + p.cache_replicas_per_shard),
    }
    return [_servers(settings), *(Need(quota, count, count) for quota, count in fixed.items())]


def fleets(settings: Settings) -> list[str]:
    """The names of the stack's fleets, which their servers carry as the tag `Name`."""
    apps = [f"app-{name}" for name in app_fleets(settings.scaling)]
    return apps + [f"worker-{name}" for name in worker_fleets(settings.scaling)]


def _servers(settings: Settings) -> Need:
    p = settings.preset
    rows = (
        (p.app_server_type, len(app_fleets(settings.scaling)), p.app_servers),
        (p.worker_server_type, len(worker_fleets(settings.scaling)), p.worker_servers),
    )
    least = sum(vcpus(type_) * count * size.min for type_, count, size in rows)
    most = sum(vcpus(type_) * count * size.max for type_, count, size in rows)
    return Need(VCPUS, least, REFRESH_HEADROOM * most)
