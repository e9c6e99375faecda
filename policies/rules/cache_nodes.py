"""Rules of a cache's nodes and of its windows: how many, in which zones, and when they are worked on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.session_store import API, CACHE
from policies.values import Fault, of_each

CLUSTER = "aws:elasticache/cluster:Cluster"
CLUSTERS = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
DAY = "(mon|tue|wed|thu|fri|sat|sun)"


@resource_rule(CACHE, source=API, fix="use at most 5 replicas: 6 nodes, or replicas_per_node_group=5")
def cache_replicas(cache: Resource) -> Iterator[Fault]:
    """A primary has at most five replicas."""
    yield from cache.between("numCacheClusters", 1, 6)
    yield from cache.between("replicasPerNodeGroup", 0, 5)


@resource_rule(CACHE, source=API, fix="name a zone for each node, or none at all")
def cache_zone_of_each_node(cache: Resource) -> Iterator[Fault]:
    """Where zones are named there is one for each node, in the nodes' order."""
    zones, nodes = cache.get("preferredCacheClusterAzs"), cache.number("numCacheClusters")
    if zones and nodes and len(zones) != nodes:
        yield cache.fault("preferredCacheClusterAzs", f"{nodes} zones")


@resource_rule(CACHE, CLUSTER, source=API, fix='write "05:00-06:00" and "sun:06:00-sun:07:00", in UTC')
def cache_windows(cache: Resource) -> Iterator[Fault]:
    """A snapshot's window is two times of a day, the maintenance's two times of a week."""
    yield from cache.matching("snapshotWindow", f"{CLOCK}-{CLOCK}", "hh24:mi-hh24:mi")
    window = cache.text("maintenanceWindow").lower()
    if window and not re.fullmatch(f"{DAY}:{CLOCK}-{DAY}:{CLOCK}", window):
        yield cache.fault("maintenanceWindow", "ddd:hh24:mi-ddd:hh24:mi")


@resource_rule(CLUSTER, source=CLUSTERS, fix="use a ReplicationGroup for more nodes of Valkey or Redis")
def cache_cluster_nodes(cluster: Resource) -> Iterator[Fault]:
    """A cluster of Redis has one node, one of Memcached up to 40; across zones it takes two."""
    yield from of_each([_count, _zones], lambda check: check(cluster))


def _count(cluster: Resource) -> Iterator[Fault]:
    yield from cluster.between("numCacheNodes", 1, 40 if cluster.text("engine") == "memcached" else 1)


def _zones(cluster: Resource) -> Iterator[Fault]:
    if cluster.text("azMode") == "cross-az" and cluster.number("numCacheNodes") == 1:
        yield cluster.fault("azMode", "single-az for one node")
