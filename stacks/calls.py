"""Build how services reach each other: a load balancer inside the VPC, and what they prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from app.contract import CALLED
from components.internal_balancer import InternalBalancer, InternalBalancerArgs
from components.network import Network
from components.shared_secret import SharedSecret, SharedSecretArgs
from stacks.balancing import balancing
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
    args = InternalBalancerArgs(
        **balancing(settings, network, CALLED, stores, alarm_topic_arn), subnet_ids=network.app_subnet_ids
    )
    balancer = InternalBalancer("calls", args)
    return Calls(balancer=balancer, calls=SharedSecret("calls-key", keep), gateway=SharedSecret("gateway-key", keep))
