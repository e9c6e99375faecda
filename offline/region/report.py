"""Say what runs behind the account, for a person to read: hosts, databases, caches, queues, shards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from offline.region.process import RegionError

if TYPE_CHECKING:  # whoever reads a report needs nothing of moto
    from offline.account import Account
    from offline.region.postgres import Postgres
    from offline.region.region import Region
    from offline.region.valkey import ValkeyCluster

LAG = (
    "select application_name, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint,"
    " coalesce(extract(epoch from replay_lag), 0) from pg_stat_replication"
)

ROLES = {"master": "primary", "slave": "replica"}
"""What a cache's node calls itself -> what a report calls it."""


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """One instance."""

    instance: str
    fleet: str
    zone: str
    address: str
    lifecycle: str
    """Auto Scaling's word: InService, Terminating:Wait."""
    health: str
    """The balancers' word: the worst of its target groups'; else running, ended or lost."""
    template: str
    """Version of the launch template that it was started as."""


class DataNode(msgspec.Struct, frozen=True, kw_only=True):
    """One server of a database or a cache."""

    store: str
    name: str
    role: str
    """primary or replica."""
    address: str
    state: str
    """running, ended, or lost with its machine, until it has another."""
    lag_bytes: int | None = None
    """Of the primary's log, not replayed yet; None where nobody knows, and of a primary."""
    lag_s: float | None = None


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What requests come through."""

    name: str
    kind: str
    """edge, balancer or internal balancer."""
    address: str
    """Where it answers on this machine."""


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """How much work waits."""

    name: str
    waiting: int
    under_way: int


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """One Auto Scaling group."""

    name: str
    desired: int
    minimum: int
    maximum: int
    in_service: int
    refresh: str
    """Status of its newest instance refresh, and how far it is; empty where there was none."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment."""

    fleets: tuple[Fleet, ...] = ()
    hosts: tuple[Host, ...] = ()
    doors: tuple[Door, ...] = ()
    data: tuple[DataNode, ...] = ()
    queues: tuple[Queue, ...] = ()
    shards: Mapping[str, int] = {}
    """Table -> its items."""


def report(region: Region, account: Account) -> Report:
    """Ask every part how it is."""
    groups = [*_pages(account, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups[]")]
    return Report(
        fleets=tuple(_fleet(account, each) for each in groups),
        hosts=tuple(sorted(_hosts(region, groups), key=lambda each: (each.fleet, each.zone, each.instance))),
        doors=tuple(_doors(region)),
        data=(
            *(node for each in region.databases.values() for node in of_database(each, region.lost)),
            *(node for each in region.caches for node in of_cache(each, region.lost)),
        ),
        queues=tuple(_queues(account)),
        shards={
            name: account.client("dynamodb").describe_table(TableName=name)["Table"]["ItemCount"]
            for name in _pages(account, "dynamodb", "list_tables", "TableNames[]")
        },
    )


def _pages(account: Account, service: str, operation: str, path: str) -> Iterator[Any]:
    return (each for each in account.client(service).get_paginator(operation).paginate().search(path) if each)


def _named(group: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in group["Tags"] if tag["Key"] == "Name"), group["AutoScalingGroupName"])


def _fleet(account: Account, group: Mapping[str, Any]) -> Fleet:
    asked = {"AutoScalingGroupName": group["AutoScalingGroupName"], "MaxRecords": 1}
    newest = account.client("autoscaling").describe_instance_refreshes(**asked)["InstanceRefreshes"]
    return Fleet(
        name=_named(group),
        desired=group["DesiredCapacity"],
        minimum=group["MinSize"],
        maximum=group["MaxSize"],
        in_service=sum(each["LifecycleState"] == "InService" for each in group["Instances"]),
        refresh=f"{newest[0]['Status']}, {newest[0]['PercentageComplete']} %" if newest else "",
    )


def _hosts(region: Region, groups: list[dict[str, Any]]) -> Iterator[Host]:
    health = region.health()
    for group in groups:
        for each in group["Instances"]:
            name = each["InstanceId"]
            server = region.servers.get(name)
            words = {states[name] for states in health.values() if name in states}
            alive = "running" if server and server.alive else "ended"
            yield Host(
                instance=name,
                fleet=_named(group),
                zone=each["AvailabilityZone"],
                address=server.address if server else "",
                lifecycle=each["LifecycleState"],
                health="lost" if server and server.lost else max(words, default=alive),  # the alphabet is by gravity
                template=each.get("LaunchTemplate", {}).get("Version", ""),
            )


def _doors(region: Region) -> Iterator[Door]:
    for edge in region.edges:
        yield Door(name=edge.name, kind="edge", address=edge.url)
    for host, each in region.balancers.items():
        kind = "internal balancer" if host in region.internal else "balancer"
        yield Door(name=each.name, kind=kind, address=", ".join(f"{each.address}:{at}" for at in each.ports.values()))


def of_database(servers: Postgres, lost: Collection[str] = ()) -> Iterator[DataNode]:
    """The primary and its replicas; a replica that does not stream has no lag, but an unknown one."""
    lags = _lags(servers)
    for name, node in servers.nodes.items():
        size, wait = lags.get(name, (None, None))
        yield DataNode(
            store="database",
            name=name,
            role="primary" if node is servers.primary else "replica",
            address=node.host,
            state=_state(name, lost, alive=node.alive),
            lag_bytes=size,
            lag_s=wait,
        )


def _state(name: str, lost: Collection[str], *, alive: bool) -> str:
    return "running" if alive else "lost" if name in lost else "ended"


def _lags(servers: Postgres) -> dict[str, tuple[int, float]]:
    try:
        rows = servers.primary.sql(LAG).splitlines() if servers.primary.alive else []
    except RegionError:  # it starts, or has as many clients as it takes
        rows = []
    return {name: (int(size), float(wait)) for name, size, wait in (row.split("|") for row in rows) if size}


def of_cache(cluster: ValkeyCluster, lost: Collection[str] = ()) -> Iterator[DataNode]:
    """Every node, as it calls itself now."""
    lags = cluster.lags()
    for name, address in cluster.hosts.items():
        alive = cluster.alive(name)
        size, wait = lags.get(name, (None, None))
        yield DataNode(
            store="cache",
            name=name,
            role=ROLES.get(cluster.role(name), "unknown") if alive else "unknown",
            address=address,
            state=_state(name, lost, alive=alive),
            lag_bytes=size,
            lag_s=wait,
        )


def _queues(account: Account) -> Iterator[Queue]:
    sqs = account.client("sqs")
    for url in sorted(_pages(account, "sqs", "list_queues", "QueueUrls[]")):
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        waiting, under_way = (int(told[name]) for name in names)
        yield Queue(name=url.rpartition("/")[2], waiting=waiting, under_way=under_way)
