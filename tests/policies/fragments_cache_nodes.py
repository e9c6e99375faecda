"""Fragments about a cache's nodes, zones and windows."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

WITHOUT_SHARDS = {"num_node_groups": None, "replicas_per_node_group": None}


def nodes(number, **more):
    parts.cache(**WITHOUT_SHARDS, num_cache_clusters=number, **more)


def cluster(**more):
    aws.elasticache.Cluster("cluster", node_type="cache.t4g.micro", **more)


@breaks(
    "cache-replicas",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': numCacheClusters is 7; allowed: 1 to 6.",
)
def nodes_7():
    nodes(7)


@breaks(
    "cache-replicas",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': replicasPerNodeGroup is 6; allowed: 0 to 5.",
)
def replicas_6():
    parts.cache(replicas_per_node_group=6)


@keeps("cache-replicas")
def nodes_6():
    nodes(6)


@breaks(
    "cache-zone-of-each-node",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': preferredCacheClusterAzs is [\"us-"
    'east-1a"]; allowed: 2 zones.',
)
def two_nodes_of_one_zone():
    nodes(2, preferred_cache_cluster_azs=["us-east-1a"])


@keeps("cache-zone-of-each-node")
def two_nodes_of_two_zones():
    nodes(2, preferred_cache_cluster_azs=["us-east-1a", "us-east-1b"])


@breaks(
    "cache-windows",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': snapshotWindow is \"5-6\"; allowed: hh24:mi-hh24:mi.",
    "aws:elasticache/replicationGroup:ReplicationGroup 'cache': maintenanceWindow is \"sunday\"; allowed: "
    "ddd:hh24:mi-ddd:hh24:mi.",
)
def windows_in_words():
    parts.cache(snapshot_window="5-6", maintenance_window="sunday")


@keeps("cache-windows")
def windows_in_their_forms():
    parts.cache(snapshot_window="23:30-00:30", maintenance_window="Sun:05:00-mon:06:00")


@breaks(
    "cache-cluster-nodes",
    "aws:elasticache/cluster:Cluster 'cluster': numCacheNodes is 2; allowed: 1 to 1.",
)
def cluster_of_two_redis_nodes():
    cluster(engine="redis", num_cache_nodes=2)


@breaks(
    "cache-cluster-nodes",
    "aws:elasticache/cluster:Cluster 'cluster': azMode is \"cross-az\"; allowed: single-az for one node.",
)
def one_node_across_zones():
    cluster(engine="memcached", num_cache_nodes=1, az_mode="cross-az")


@keeps("cache-cluster-nodes")
def cluster_of_40_nodes():
    cluster(engine="memcached", num_cache_nodes=40, az_mode="cross-az")
