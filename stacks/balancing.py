"""Tell both load balancers of the store what they have in common: how they find, wait for and leave the servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from app.contract import ALB_IDLE_S, DRAIN_S, HEALTH_PATH, KEEP_ALIVE_S, PORT
from components.load_balancer import Service
from components.network import Network
from stacks.data import Buckets
from stacks.settings import Settings


class Balancing(TypedDict):
    """Arguments of either load balancer, as the type checker sees them go in."""

    vpc_id: pulumi.Output[str]
    services: Mapping[str, Service]
    port: int
    health_path: str
    idle_timeout_s: int
    keep_alive_s: int
    drain_s: int
    protect: bool
    log_bucket_name: pulumi.Output[str] | None
    alarm_topic_arn: pulumi.Output[str]


def balancing(
    settings: Settings, network: Network, owned: Mapping[str, str], stores: Buckets, alarm_topic_arn: pulumi.Output[str]
) -> Balancing:
    """What both are told; *owned* is service -> the path that it owns, with all beneath."""
    return {
        "vpc_id": network.vpc_id,
        "services": {name: Service(paths=(path, f"{path}/*")) for name, path in owned.items()},
        "port": PORT,
        "health_path": HEALTH_PATH,
        "idle_timeout_s": ALB_IDLE_S,
        "keep_alive_s": KEEP_ALIVE_S,
        "drain_s": DRAIN_S,
        "protect": settings.preset.protect,
        "log_bucket_name": stores.logs.name if stores.logs else None,
        "alarm_topic_arn": alarm_topic_arn,
    }
