"""Caches: replication groups in each of their forms, at the limits of their names and numbers."""

import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.databases import CACHE
from tests.policies.examples.networks import network, zones

GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"


def cache(name="cache", **more):
    """A replication group that is encrypted and backed up."""
    given = {
        "description": "example",
        "engine": "valkey",
        "engine_version": "8.1",
        "node_type": "cache.t4g.small",
        "at_rest_encryption_enabled": True,
        "transit_encryption_enabled": True,
        "snapshot_retention_limit": 5,
        "auto_minor_version_upgrade": False,
        "apply_immediately": True,
    }
    return aws.elasticache.ReplicationGroup(name, **{**given, **more})


@example(CACHE)
def one_primary_and_one_replica():
    cache(automatic_failover_enabled=True, num_cache_clusters=2, multi_az_enabled=True, port=6379,
          replication_group_id="tf-rep-group-1", preferred_cache_cluster_azs=["us-east-1a", "us-east-1b"])  # fmt: skip


@example(CACHE)
def shards_with_replicas():
    cache(automatic_failover_enabled=True, num_node_groups=2, replicas_per_node_group=1, port=6379,
          parameter_group_name="default.valkey8.cluster.on")  # fmt: skip


@example(f"{GUIDE}/quota-limits.html")
def as_many_as_there_may_be():
    cache("wide", replication_group_id="a" * 40, num_node_groups=90, replicas_per_node_group=0,
          automatic_failover_enabled=True)  # fmt: skip
    cache("deep", num_node_groups=15, replicas_per_node_group=5, automatic_failover_enabled=True, multi_az_enabled=True)


@example(f"{GUIDE}/auth.html")
def redis_with_a_token():
    cache(engine="redis", engine_version="7.1", auth_token="a" * 16, auth_token_update_strategy="ROTATE",
          num_cache_clusters=1, transit_encryption_mode="required")  # fmt: skip


@example(f"{GUIDE}/ParameterGroups.Valkey.html")
def cache_with_parameters_of_its_own():
    group = aws.elasticache.ParameterGroup("params", family="valkey8", parameters=[
        {"name": "maxmemory-policy", "value": "volatile-lru"}, {"name": "notify-keyspace-events", "value": "Ex"},
    ])  # fmt: skip
    cache(parameter_group_name=group.name, num_cache_clusters=1)


@example("https://docs.aws.amazon.com/whitepapers/latest/database-caching-strategies-using-redis/evictions.html",
         "cache-has-backups", "cache-keeps-sessions", "cache-version-is-ours")  # fmt: skip
def cache_of_copies_alone():
    group = aws.elasticache.ParameterGroup("copies", family="valkey8", parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lru"}, {"name": "cluster-enabled", "value": "yes"},
    ])  # fmt: skip
    cache(parameter_group_name=group.name, num_node_groups=2, replicas_per_node_group=1, snapshot_retention_limit=0,
          automatic_failover_enabled=True, auto_minor_version_upgrade=True)  # fmt: skip


@example(f"{GUIDE}/SubnetGroups.html")
def cache_in_private_subnets():
    vpc = network()
    group = aws.ec2.SecurityGroup("cache", vpc_id=vpc.id, description="Cache", ingress=[
        {"protocol": "tcp", "from_port": 6379, "to_port": 6379, "cidr_blocks": [vpc.cidr_block]}
    ])  # fmt: skip
    subnets = aws.elasticache.SubnetGroup("cache", subnet_ids=[each.id for each in zones(vpc)])
    cache(subnet_group_name=subnets.name, security_group_ids=[group.id], num_cache_clusters=6, multi_az_enabled=True,
          automatic_failover_enabled=True, snapshot_window="05:00-09:00",
          maintenance_window="sun:09:00-sun:10:00")  # fmt: skip


@example("https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/serverlesscache/")
def serverless_cache():
    aws.elasticache.ServerlessCache("example", engine="valkey", name="example", major_engine_version="8",
                                    cache_usage_limits={"data_storage": {"maximum": 10, "unit": "GB"},
                                                        "ecpu_per_seconds": [{"maximum": 5000}]})  # fmt: skip


@example("https://www.pulumi.com/registry/packages/aws/api-docs/elasticache/cluster/")
def memcached_of_two_nodes():
    aws.elasticache.Cluster("example", cluster_id="cluster-example", engine="memcached", node_type="cache.m4.large",
                            num_cache_nodes=2, parameter_group_name="default.memcached1.4", port=11211)  # fmt: skip
