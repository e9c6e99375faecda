"""Rules of ElastiCache replication groups and what belongs to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/"
VERSIONS = {"valkey": ("7.2", "8.0", "8.1", "8.2", "9.0", "9.1")}
KEEPERS = ("volatile-lru", "volatile-lfu", "volatile-ttl", "volatile-random", "noeviction")


@resource_rule(CACHE, source=API, fix="write it as allowed, or leave it out: Pulumi makes one")
def cache_name(cache: Resource) -> Iterator[Fault]:
    """A replication group's id has at most 40 lower-case letters, digits and single inner hyphens, a letter first."""
    allowed = "1 to 40 of a-z, 0-9 and -, a letter first, no -- and no - at the end"
    yield from cache.matching("replicationGroupId", r"(?!.*--)(?!.*-$)[a-z][a-z0-9-]{0,39}", allowed)


@resource_rule(
    CACHE, source=f"{GUIDE}AutoFailover.html", fix="set num_cache_clusters to 2 or more, or turn failover off"
)
def cache_failover_nodes(cache: Resource) -> Iterator[Fault]:
    """Without shards, automatic failover needs a second node to fail over to."""
    if (
        "numNodeGroups" not in cache
        and cache.flag("automaticFailoverEnabled")
        and cache.number("numCacheClusters") == 1
    ):
        yield cache.fault("numCacheClusters", "2 or more with automatic failover")


@resource_rule(CACHE, source=API, fix="set automatic_failover_enabled=True")
def cache_shards_fail_over(cache: Resource) -> Iterator[Fault]:
    """With shards (cluster mode), automatic failover cannot be off; ElastiCache refuses the group."""
    if "numNodeGroups" in cache:
        yield from cache.must_be("automaticFailoverEnabled", True)


@resource_rule(
    CACHE, source=f"{GUIDE}AutoFailover.html", fix="give each shard a replica, or set multi_az_enabled=False"
)
def cache_zones_need_replicas(cache: Resource) -> Iterator[Fault]:
    """Multi-AZ needs automatic failover and at least one replica in each shard."""
    if not cache.flag("multiAzEnabled"):
        return
    alone = cache.number("replicasPerNodeGroup") == 0 or cache.number("numCacheClusters") == 1
    if alone or not cache.flag("automaticFailoverEnabled"):
        yield cache.fault("multiAzEnabled", "false without failover and a replica in each shard")


@resource_rule(CACHE, source=API, fix="use num_node_groups with replicas_per_node_group, or num_cache_clusters alone")
def cache_shards_or_nodes(cache: Resource) -> Iterator[Fault]:
    """A group is described by shards and their replicas, or by its nodes; ElastiCache refuses both together."""
    if "numNodeGroups" in cache and "numCacheClusters" in cache:
        yield cache.fault("numCacheClusters", "not set beside numNodeGroups")


@resource_rule(
    CACHE,
    source="https://github.com/hashicorp/terraform-provider-aws/issues/41181",
    fix="use num_node_groups and replicas_per_node_group",
)
def cache_node_group_list(cache: Resource) -> Iterator[Fault]:
    """The list of node groups replaces the whole cache, with every session in it, whenever it changes."""
    if "nodeGroupConfigurations" in cache:
        yield cache.fault("nodeGroupConfigurations", "not set")


@resource_rule(CACHE, source=f"{GUIDE}engine-versions.html", fix="use major.minor, such as 8.1")
def cache_engine_version(cache: Resource) -> Iterator[Fault]:
    """A Valkey version is one of those that ElastiCache has, spelled major.minor; 8.x is refused."""
    yield from cache.one_of("engine", "valkey", "redis", "memcached")
    if cache.text("engine") == "valkey":
        yield from cache.one_of("engineVersion", *VERSIONS["valkey"])


@resource_rule(CACHE, source=f"{GUIDE}auth.html", fix="use 16 to 128 letters, digits and !&#$^<>- only, over TLS")
def cache_token(cache: Resource) -> Iterator[Fault]:
    """A token has 16 to 128 printable characters, of specials only !&#$^<>-, and travels over TLS."""
    token = cache.text("authToken")
    if token and not re.fullmatch(r"[A-Za-z0-9!&#$^<>-]{16,128}", token):
        yield cache.fault("authToken", "16 to 128 of A-Z, a-z, 0-9 and !&#$^<>-")
    if "authToken" in cache and not cache.flag("transitEncryptionEnabled"):
        yield cache.fault("transitEncryptionEnabled", "true with a token")
    if "authToken" in cache and "userGroupIds" in cache:
        yield cache.fault("userGroupIds", "not set beside authToken")


@resource_rule(
    CACHE, source=f"{GUIDE}auth.html", fix='set auth_token_update_strategy="ROTATE"', severity=Severity.ADVISORY
)
def cache_token_rotates(cache: Resource) -> Iterator[Fault]:
    """Only ROTATE lets the old token live on while the servers learn the new one."""
    if "authToken" in cache and cache.text("authTokenUpdateStrategy") != "ROTATE":
        yield cache.fault("authTokenUpdateStrategy", "ROTATE")


@resource_rule(
    CACHE,
    source=f"{GUIDE}in-transit-encryption.html",
    fix="set transit_encryption_enabled=True and at_rest_encryption_enabled=True",
)
def cache_encrypted(cache: Resource) -> Iterator[Fault]:
    """Sessions are as good as passwords: encrypted on the wire, and on disk, which is decided at the cache's birth."""
    yield from cache.must_be("transitEncryptionEnabled", True)
    yield from cache.must_be("atRestEncryptionEnabled", True)


@resource_rule(
    CACHE,
    source=f"{GUIDE}in-transit-encryption-enable.html",
    fix='set transit_encryption_mode="required" once every client speaks TLS',
    severity=Severity.ADVISORY,
)
def cache_refuses_plain_connections(cache: Resource) -> Iterator[Fault]:
    """In the mode preferred a client that forgets TLS is served all the same, in the clear."""
    yield from cache.one_of("transitEncryptionMode", "required")


@stack_rule(
    CACHE,
    source=f"{GUIDE}ParameterGroups.Engine.html",
    fix="use a family of the engine and its major version, such as valkey8",
)
def cache_parameters_fit(cache: Resource, stack: Stack) -> Iterator[Fault]:
    """A parameter group's family is that of the engine and its major version."""
    for group in stack.referred(cache, "parameterGroupName", PARAMETERS):
        engine, major = cache.text("engine"), cache.text("engineVersion").partition(".")[0]
        if engine == "valkey" and major and group.text("family") != f"valkey{major}":
            yield cache.fault("parameterGroupName", f"a group of family valkey{major}", got=group.text("family"))


@stack_rule(
    CACHE,
    source=f"{GUIDE}Replication.Redis-RedisCluster.html",
    fix='set cluster-enabled to "yes" exactly when num_node_groups is given',
)
def cache_cluster_parameter(cache: Resource, stack: Stack) -> Iterator[Fault]:
    """A group with shards needs a parameter group with cluster-enabled, one without shards must not have it."""
    for group in stack.referred(cache, "parameterGroupName", PARAMETERS):
        enabled = parameter(group, "cluster-enabled") == "yes"
        if enabled is not ("numNodeGroups" in cache):
            wanted = "yes" if "numNodeGroups" in cache else "no"
            yield cache.fault("parameterGroupName", f"cluster-enabled {wanted}", got=group.name)


@resource_rule(
    PARAMETERS,
    source=f"{GUIDE}ParameterGroups.Engine.html",
    fix="use volatile-lru, volatile-ttl or noeviction where it holds sessions",
    severity=Severity.ADVISORY,
)
def cache_keeps_sessions(group: Resource) -> Iterator[Fault]:
    """A policy of allkeys-* suits copies, and throws sessions of living customers out when memory is short."""
    policy = parameter(group, "maxmemory-policy")
    if policy and policy not in KEEPERS:
        yield group.fault("parameters", "a maxmemory-policy of volatile-* or noeviction", got=policy)


@resource_rule(
    CACHE,
    source="https://github.com/hashicorp/terraform-provider-aws/issues/20052",
    fix="set snapshot_retention_limit to 1 or more from the first day, unless it holds copies alone",
    severity=Severity.ADVISORY,
)
def cache_has_backups(cache: Resource) -> Iterator[Fault]:
    """Backups of a sharded cache cannot be turned on later: the provider's call is refused in cluster mode."""
    if "numNodeGroups" in cache and not cache.number("snapshotRetentionLimit"):
        yield cache.fault("snapshotRetentionLimit", "1 to 35")


@resource_rule(CACHE, source=f"{GUIDE}backups-automatic.html", fix="use 1 to 35 days, or 0 for no backups")
def cache_retention(cache: Resource) -> Iterator[Fault]:
    """ElastiCache keeps automatic backups for at most 35 days."""
    yield from cache.between("snapshotRetentionLimit", 0, 35)


@resource_rule(CACHE, source=API, fix="set apply_immediately=True", severity=Severity.ADVISORY)
def cache_changes_at_once(cache: Resource) -> Iterator[Fault]:
    """Without it a change waits for the maintenance window: the update says done, and nothing has happened."""
    yield from cache.must_be("applyImmediately", True)


@resource_rule(
    CACHE,
    source=f"{GUIDE}VersionManagementConsiderations.html",
    fix="set auto_minor_version_upgrade=False, or ignore engineVersion",
    severity=Severity.ADVISORY,
)
def cache_version_is_ours(cache: Resource) -> Iterator[Fault]:
    """A version that AWS raises by itself looks like a downgrade at the next update, which replaces the cache."""
    pinned = "engineVersion" in cache and "engineVersion" not in cache.options.ignore_changes
    if pinned and cache.get("autoMinorVersionUpgrade") is not False:
        yield cache.fault("autoMinorVersionUpgrade", "false with a pinned version")


def parameter(group: Resource, name: str) -> str:
    """The value that a parameter group gives to *name*; empty when it does not."""
    return next((each.text("value") for each in group.parts("parameters") if each.text("name") == name), "")


@resource_rule(CACHE, source=f"{GUIDE}CacheNodes.SupportedTypes.html", fix="use a type of the form cache.t4g.small")
def cache_node_type(cache: Resource) -> Iterator[Fault]:
    """A node type is spelled cache.family.size."""
    form = r"cache\.[a-z]\d[a-z0-9]*\.(micro|small|medium|\d*x?large)"
    yield from cache.matching("nodeType", form, "cache.family.size")
