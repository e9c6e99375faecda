"""Build how services reach each other: a load balancer inside the VPC, and what they prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from app.contract import ALB_IDLE_S, CALLED, DRAIN_S, HEALTH_PATH, KEEP_ALIVE_S, PORT
from components.internal_balancer import InternalBalancer, InternalBalancerArgs, Service
from components.network import Network
from components.shared_secret import SharedSecret, SharedSecretArgs
from stacks.data import Buckets, protection
from stacks.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Calls:
    """The way to the services that are called, the key of their callers, and the payment gateway's."""

    balancer: InternalBalancer
    calls: SharedSecret
    gateway: SharedSecret


def calls(settings: Settings, network: Network, stores: Buckets, alarm_topic_arn: pulumi.Output[str]) -> Calls:
    """The same in every preset: where one fleet runs all services, it stands behind this load balancer as well."""
    keep = SharedSecretArgs(protection=protection(settings))
    balancer = InternalBalancer(
        "calls",
        InternalBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=network.app_subnet_ids,
            services={name: Service(paths=(path, f"{path}/*")) for name, path in CALLED.items()},
            port=PORT,
            health_path=HEALTH_PATH,
            idle_timeout_s=ALB_IDLE_S,
            keep_alive_s=KEEP_ALIVE_S,
            drain_s=DRAIN_S,
            protect=settings.preset.protect,
            log_bucket_name=stores.logs.name if stores.logs else None,
            alarm_topic_arn=alarm_topic_arn,
        ),
    )
    return Calls(balancer=balancer, calls=SharedSecret("calls-key", keep), gateway=SharedSecret("gateway-key", keep))
