"""Read from what is deployed in which zones a stack stands, so that another server type does not move it."""

from __future__ import annotations

from engines.graph import Graph

SUBNET = "aws:ec2/subnet:Subnet"
SETTING = "zones"


def pinned(deployed: Graph, count: int) -> dict[str, str]:
    """The setting that keeps a stack of *count* zones where its subnets are; empty where it stands in more or fewer.

    Without it the program takes the first zones that offer its server types, which another size may change; subnets
    that a database stands in do not move.
    """
    named = (each.inputs.get("availabilityZone") for each in deployed.of_type(SUBNET))
    zones = sorted({zone for zone in named if zone})
    return {SETTING: ",".join(zones)} if len(zones) == count else {}
