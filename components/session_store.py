"""Keep sessions in a Valkey cluster that encrypts, asks for a token, and never prefers a new key to a live session."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import names
from components.parts.generated_secret import GeneratedSecret, generate_secret
from components.parts.refusal import refuse
from components.parts.security_group import make_security_group
from components.parts.session_store_alarms import watch_nodes
from components.protection import Protection

PORT = 6379
VERSIONS = ("7.2", "8.0", "8.1", "8.2", "9.0", "9.1")
"""Valkey as ElastiCache spells its versions, major.minor (ElastiCache User Guide, "Supported engines and versions")."""
EVICTION_POLICIES = ("volatile-lru", "volatile-ttl", "noeviction")
"""What may happen to sessions when memory runs out; allkeys-* would log out whoever is active and lose carts."""
MAX_NODES = 500
"""Nodes in a cluster once AWS has raised the quota of 90 (ElastiCache User Guide, "Quotas")."""
NODE_TYPE = r"cache\.[a-z0-9]+\.[a-z0-9]+"
NO_STANDBY = "multi_az is True with replicas_per_shard 0; allowed: at least 1 replica for Multi-AZ. Fix: multi_az"
LOG_TYPES = ("slow-log", "engine-log")
SNAPSHOT_WINDOW = "02:00-03:00"
MAINTENANCE_WINDOW = "sun:03:30-sun:04:30"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionStoreArgs:
    """How big the session store is, and where it stands.

    Cluster mode, encryption and port are the same for all sizes: a change of theirs would replace the store.
    """

    vpc_id: pulumi.Input[str]
    subnet_group_name: pulumi.Input[str]
    """Subnets with room for shards x (1 + replicas_per_shard) addresses, and for those of a resize."""
    version: str = "8.1"
    """Valkey version, major.minor; a lower one than before replaces the store."""
    protection: Protection
    node_type: str
    """Class of every node, such as cache.t4g.micro."""
    shards: int = 1
    """Parts the keys are spread over, 1..500; each has its own primary."""
    replicas_per_shard: int = 0
    """Copies beside each primary, 0..5. With 0, a lost node loses its shard's sessions since the last snapshot."""
    multi_az: bool = False
    """Promise that each shard's nodes stand in different zones; needs a replica."""
    snapshot_days: int = 1
    """Days that snapshots are kept, 1..35. Never 0: from 0 there is no way back (terraform-provider-aws#20052)."""
    eviction_policy: str = "volatile-lru"
    """One of EVICTION_POLICIES; every key must have a TTL, else volatile-* evicts nothing and writes fail."""
    log_retention_days: int | None = None
    """Days that slow log and engine log are kept; None delivers no logs."""
    alarm_topic_arn: pulumi.Input[str] | None = None
    """SNS topic that hears of trouble; None means no alarms."""

    def __post_init__(self) -> None:
        nodes = self.shards * (1 + self.replicas_per_shard)
        allowed = {
            "version": (self.version in VERSIONS, ", ".join(VERSIONS)),
            "node_type": (re.fullmatch(NODE_TYPE, self.node_type), "a class such as cache.t4g.micro"),
            "shards": (self.shards >= 1 and nodes <= MAX_NODES, f"1 or more, {MAX_NODES} nodes in all"),
            "replicas_per_shard": (0 <= self.replicas_per_shard <= 5, "0 to 5"),
            "snapshot_days": (1 <= self.snapshot_days <= 35, "1 to 35"),
            "eviction_policy": (self.eviction_policy in EVICTION_POLICIES, ", ".join(EVICTION_POLICIES)),
        }
        refuse(self, allowed, [NO_STANDBY] if self.multi_az and not self.replicas_per_shard else [])


class SessionStore(pulumi.ComponentResource):
    """A Valkey cluster whose clients use TLS, the token in the secret, and the configuration endpoint.

    Nobody reaches it until a rule is added to `security_group_id`. A node costs 9 USD a month as a cache.t4g.micro in
    us-east-1, and there are shards x (1 + replicas_per_shard) of them.
    """

    host: pulumi.Output[str]
    """Configuration endpoint: the only address of a cluster; clients learn the shards from it."""
    port: int
    secret_arn: pulumi.Output[str]
    """Secret whose JSON holds `auth_token`; known once it can be read."""
    read_secret_policy: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    replication_group_id: pulumi.Output[str]
    node_ids: list[pulumi.Output[str]]
    """Cache cluster ids of the nodes, shard by shard."""

    def __init__(self, name: str, args: SessionStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:SessionStore", name, None, opts)
        secret = generate_secret(self, name, args.protection, lambda token: {"auth_token": token})
        security_group = make_security_group(self, args.vpc_id, "Session store", name, "nodes")
        parameters = self._parameter_group(name, args)
        logs = self._log_groups(name, args)
        group = self._replication_group(name, args, secret, security_group, parameters, logs)
        nodes = _node_ids(group, args)
        watch_nodes(self, name, nodes, args.alarm_topic_arn)
        self.host, self.port = group.configuration_endpoint_address, PORT
        self.secret_arn, self.read_secret_policy = secret.arn, secret.read_policy
        self.security_group_id, self.replication_group_id = security_group.id, group.id
        self.node_ids = list(nodes.values())
        self.register_outputs({output: getattr(self, output) for output in SessionStore.__annotations__})

    def _parameter_group(self, name: str, args: SessionStoreArgs) -> aws.elasticache.ParameterGroup:
        values = {"cluster-enabled": "yes", "maxmemory-policy": args.eviction_policy}
        return aws.elasticache.ParameterGroup(
            names.logical(aws.elasticache.ParameterGroup, name, "parameters"),
            family=f"valkey{_major(args)}",
            description="Session store",
            parameters=[aws.elasticache.ParameterGroupParameterArgs(name=key, value=values[key]) for key in values],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _log_groups(self, name: str, args: SessionStoreArgs) -> dict[str, aws.cloudwatch.LogGroup]:
        """Made before the store writes, or ElastiCache refuses the delivery."""
        types = LOG_TYPES if args.log_retention_days else ()
        return {
            log_type: aws.cloudwatch.LogGroup(
                names.logical(aws.cloudwatch.LogGroup, name, log_type),
                retention_in_days=args.log_retention_days,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for log_type in types
        }

    def _replication_group(
        self,
        name: str,
        args: SessionStoreArgs,
        secret: GeneratedSecret,
        security_group: aws.ec2.SecurityGroup,
        parameters: aws.elasticache.ParameterGroup,
        logs: Mapping[str, aws.cloudwatch.LogGroup],
    ) -> aws.elasticache.ReplicationGroup:
        return aws.elasticache.ReplicationGroup(
            names.logical(aws.elasticache.ReplicationGroup, name),
            description="Session store",
            **_engine(args),
            num_node_groups=args.shards,
            replicas_per_node_group=args.replicas_per_shard,
            automatic_failover_enabled=True,  # cluster mode refuses False (terraform-provider-aws#27116)
            multi_az_enabled=args.multi_az,
            parameter_group_name=parameters.name,
            subnet_group_name=args.subnet_group_name,
            security_group_ids=[security_group.id],
            **_encryption(secret),
            snapshot_retention_limit=args.snapshot_days,
            snapshot_window=SNAPSHOT_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            apply_immediately=True,  # else a resize waits for the maintenance window while Pulumi reports success
            log_delivery_configurations=[_delivery(log_type, group) for log_type, group in logs.items()],
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protection.protect,
                ignore_changes=["durability"],  # from 8 to 9 it would come along: AWS decides it at birth
                custom_timeouts=pulumi.CustomTimeouts(
                    update="120m"
                ),  # resharding; the provider's default is 40 minutes
            ),
        )


def _major(args: SessionStoreArgs) -> int:
    return int(args.version.partition(".")[0])


def _engine(args: SessionStoreArgs) -> dict[str, Any]:
    """No upgrades by AWS: once AWS is ahead of `engine_version`, the provider plans a replacement of the store."""
    durable = {"durability": "disabled"} if _major(args) >= 9 else {}  # below 9 the API refuses it
    return {
        "engine": "valkey",
        "engine_version": args.version,
        "node_type": args.node_type,
        "port": PORT,
        "cluster_mode": "enabled",
        "auto_minor_version_upgrade": False,
        **durable,
    }


def _encryption(secret: GeneratedSecret) -> dict[str, Any]:
    return {
        "at_rest_encryption_enabled": True,
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required",
        "auth_token": secret.password,
        "auth_token_update_strategy": "ROTATE",
    }


def _delivery(
    log_type: str, group: aws.cloudwatch.LogGroup
) -> aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgsDict:
    return {
        "destination": group.name,
        "destination_type": "cloudwatch-logs",
        "log_format": "json",
        "log_type": log_type,
    }


def _node_ids(group: aws.elasticache.ReplicationGroup, args: SessionStoreArgs) -> dict[str, pulumi.Output[str]]:
    """Shard and number in it, `0001-001`, -> the node's cache cluster id; shards are added and removed at the end."""
    keys = [
        f"{shard + 1:04}-{node + 1:03}" for shard in range(args.shards) for node in range(1 + args.replicas_per_shard)
    ]
    return {key: pulumi.Output.concat(group.id, "-", key) for key in keys}
