"""Say what a recorded stack costs by standing there, before the first request: bundled prices of us-east-1."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from engines.graph import Graph, Resource

HOURS_A_MONTH = 730
"""AWS's own month: 8,760 hours a year in twelve parts (https://docs.aws.amazon.com/pricing-calculator/)."""
PRICES = Path(__file__).with_name("prices.tsv")
PRICED_REGION = "us-east-1"
DEFAULT_VOLUME_GB = 8
"""Size of Amazon Linux 2023's root volume where the launch template does not say."""


class Price(msgspec.Struct, frozen=True):
    """One row of prices.tsv: US dollars for one unit, and where and when that was read."""

    usd: float
    unit: str
    as_of: str

    @property
    def monthly(self) -> float:
        """US dollars a month for one of it, left on all the time."""
        return self.usd * (HOURS_A_MONTH if self.unit in {"hour", "node-hour"} else 1)


class Box(msgspec.Struct, frozen=True):
    """What one component costs a month, in US dollars."""

    name: str
    usd: float


class StandingCost(msgspec.Struct, frozen=True, kw_only=True):
    """What the stack costs a month with the fewest servers that it may have, and no traffic."""

    boxes: list[Box]
    total: float
    unpriced: list[str]
    """Items, such as a new instance type, that prices.tsv does not have: not in the total."""
    region: str
    as_of: tuple[str, str]
    """Date of the oldest and of the newest price among those used."""


Item = tuple[str, float]
"""A row of prices.tsv and how many of it."""


def standing_cost(graph: Graph) -> StandingCost:
    """Add up every resource of *graph* that costs by the hour or by the month; needs ids, so a deployed graph."""
    boxes, unpriced, dates = [], set(), set()
    for component, resources in graph.components():
        usd = 0.0
        for item, count in (each for resource in resources for each in _items(resource, graph)):
            price = prices().get(item)
            if price is None:
                unpriced.add(item)
                continue
            dates.add(price.as_of)
            usd += price.monthly * count
        boxes.append(Box(component.name, round(usd, 2)))
    return StandingCost(
        boxes=sorted((box for box in boxes if box.usd), key=lambda box: -box.usd),
        total=round(sum(box.usd for box in boxes), 2),
        unpriced=sorted(unpriced),
        region=PRICED_REGION,
        as_of=(min(dates, default=""), max(dates, default="")),
    )


@cache
def prices() -> dict[str, Price]:
    """Every bundled price by its item."""
    with PRICES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["item"]: Price(float(row["usd"]), row["unit"], row["as_of"]) for row in rows}


def _items(resource: Resource, graph: Graph) -> Iterator[Item]:
    count = COUNTED.get(resource.type)
    if count is not None:
        yield from count(resource, graph)


def _one(item: str) -> Callable[[Resource, Graph], Iterator[Item]]:
    def count(_resource: Resource, _graph: Graph) -> Iterator[Item]:
        yield item, 1

    return count


def _endpoint(resource: Resource, _graph: Graph) -> Iterator[Item]:
    if resource.inputs.get("vpcEndpointType") == "Interface":
        yield "interface endpoint", len(resource.inputs.get("subnetIds", []))


def _balancer(resource: Resource, _graph: Graph) -> Iterator[Item]:
    yield "load balancer", 1
    if not resource.inputs.get("internal"):
        yield "public IPv4 address", len(resource.inputs.get("subnets", []))


def _database(resource: Resource, _graph: Graph) -> Iterator[Item]:
    """A standby costs what its primary costs, storage included (https://aws.amazon.com/rds/postgresql/pricing/)."""
    state = {**resource.inputs, **resource.outputs}
    copies = 2 if state.get("multiAz") else 1
    yield str(state["instanceClass"]), copies
    yield "database storage", copies * float(state.get("allocatedStorage", 0))


def _cache(resource: Resource, _graph: Graph) -> Iterator[Item]:
    shards = resource.inputs.get("numNodeGroups", 1)
    yield str(resource.inputs["nodeType"]), shards * (1 + resource.inputs.get("replicasPerNodeGroup", 0))


def _fleet(resource: Resource, graph: Graph) -> Iterator[Item]:
    servers = resource.inputs["minSize"]
    wanted = resource.inputs.get("launchTemplate", {}).get("id")
    for template in graph.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        if template.id == wanted:
            yield str(template.inputs["instanceType"]), servers
            yield "volume storage", servers * _volumes_gb(template.inputs)


def _volumes_gb(template: dict[str, Any]) -> float:
    volumes = [each.get("ebs", {}) for each in template.get("blockDeviceMappings", [])]
    return sum(float(volume.get("volumeSize", DEFAULT_VOLUME_GB)) for volume in volumes) or DEFAULT_VOLUME_GB


def _firewall(resource: Resource, _graph: Graph) -> Iterator[Item]:
    yield "firewall", 1
    yield "firewall rule", len(resource.inputs.get("rules", []))


COUNTED: dict[str, Callable[[Resource, Graph], Iterator[Item]]] = {
    "aws:autoscaling/group:Group": _fleet,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _one("alarm"),
    "aws:ec2/eip:Eip": _one("public IPv4 address"),
    "aws:ec2/natGateway:NatGateway": _one("NAT gateway"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:elasticache/replicationGroup:ReplicationGroup": _cache,
    "aws:kms/key:Key": _one("key"),
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:rds/instance:Instance": _database,
    "aws:route53/zone:Zone": _one("hosted zone"),
    "aws:secretsmanager/secret:Secret": _one("secret"),
    "aws:wafv2/webAcl:WebAcl": _firewall,
}
"""Type -> what of it costs while it stands. What costs by use (requests, traffic, logs) is not here."""
