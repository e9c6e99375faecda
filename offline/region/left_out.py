"""Name each setting of balancers, groups, databases and caches that does something on AWS and nothing in the region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offline.account import Account

Told = Mapping[str, Any]
"""What the account says of one resource."""

OBEYED = frozenset(
    {"deletion_protection.enabled"}  # the account's own
    | {"load_balancing.cross_zone.enabled"}  # every node serves all zones, as an application load balancer must
)
DEFAULTS = {
    "client_keep_alive.seconds": "3600",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.algorithm.type": "round_robin",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "stickiness.enabled": "false",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}
"""Attributes that stand at their default ask for nothing. All others are obeyed, switches that are off, or of one.

Elastic Load Balancing, "Edit attributes for your Application Load Balancer" and "... for your target group":
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
"""
SCALING = {
    "StepScaling": "step scaling: only policies that track a target change a group's size",
    "SimpleScaling": "simple scaling: only policies that track a target change a group's size",
    "PredictiveScaling": "predictive scaling: no forecast is made",
}


def left_out(account: Account) -> list[str]:
    """What is set and not carried through, each as `name: what becomes of it here`, sorted."""
    return sorted({*_balancers(account), *_groups(account), *_databases(account), *_caches(account)})


def _balancers(account: Account) -> Iterator[str]:
    elbv2 = account.client("elbv2")
    for each in elbv2.describe_load_balancers()["LoadBalancers"]:
        asked = {"LoadBalancerArn": each["LoadBalancerArn"]}
        yield from attributes(elbv2.describe_load_balancer_attributes(**asked)["Attributes"])
        for listener in elbv2.describe_listeners(**asked)["Listeners"]:
            if listener["Protocol"] != "HTTP":
                yield "TLS at balancers: listeners of HTTPS take plain HTTP"
            rules = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            if any(len(rule["Actions"]) > 1 for rule in rules):
                yield "authentication by rules: only a rule's last action is taken"
    for each in elbv2.describe_target_groups()["TargetGroups"]:
        asked = {"TargetGroupArn": each["TargetGroupArn"]}
        yield from attributes(elbv2.describe_target_group_attributes(**asked)["Attributes"])
        yield from of_target_group(each)


def attributes(rows: Iterable[Told]) -> Iterator[str]:
    """Of a load balancer's or a target group's attributes."""
    for row in rows:
        key, value = row["Key"], row["Value"]
        is_switch = key in DEFAULTS or key.endswith(".enabled")
        if is_switch and key not in OBEYED and value != DEFAULTS.get(key, "false"):
            name = key.removesuffix(".enabled").removesuffix(".s3")
            yield f"{name}: it is {value}, and the proxies do not know it"


def of_target_group(group: Told) -> Iterator[str]:
    """Of what stands beside a target group's attributes."""
    if "HTTPS" in (group.get("Protocol"), group.get("HealthCheckProtocol")):
        yield "TLS to servers: they are asked by plain HTTP"
    if group.get("HealthCheckPort", "traffic-port") not in ("traffic-port", str(group.get("Port"))):
        yield "port of health checks: servers are asked at the port that serves"
    if group.get("ProtocolVersion", "HTTP1") != "HTTP1":
        yield "protocol version of target groups: servers are asked by HTTP/1.1"


def _groups(account: Account) -> Iterator[str]:
    scaling = account.client("autoscaling")
    for each in scaling.get_paginator("describe_auto_scaling_groups").paginate().search("AutoScalingGroups[]"):
        yield "machines: servers have all of this one's memory and processors"
        yield "security groups and routes: every server reaches every other"
        yield from of_group(each)
    for policy in scaling.get_paginator("describe_policies").paginate().search("ScalingPolicies[]"):
        if policy.get("Enabled", True) and policy["PolicyType"] in SCALING:
            yield SCALING[policy["PolicyType"]]
    if scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"]:
        yield "scheduled scaling: no action is taken at its time"


def of_group(group: Told) -> Iterator[str]:
    """Of one Auto Scaling group."""
    if group.get("WarmPoolConfiguration"):
        yield "warm pools: servers start cold"
    if group.get("MaxInstanceLifetime"):
        yield "maximum lifetime of servers: none is replaced for its age"
    if group.get("CapacityRebalance") or group.get("MixedInstancesPolicy"):
        yield "purchase options: no Spot instance is taken back"
    if group.get("SuspendedProcesses"):
        yield "suspended processes: they go on"
    if group.get("InstanceMaintenancePolicy", {}).get("MinHealthyPercentage", -1) >= 100:
        yield "maintenance policy: an unhealthy server leaves before the next one serves"
    if len(group.get("TerminationPolicies", [])) > 1:
        yield "second termination policy: the first alone says who leaves"


def _databases(account: Account) -> Iterator[str]:
    rds = account.client("rds")
    instances = rds.describe_db_instances()["DBInstances"]
    for each in instances:
        yield from of_database(each)
    for name in {group["DBParameterGroupName"] for each in instances for group in each["DBParameterGroups"]}:
        asked = {"DBParameterGroupName": name, "Source": "user"}
        rows = rds.get_paginator("describe_db_parameters").paginate(**asked).search("Parameters[]")
        yield from parameters({row["ParameterName"]: row.get("ParameterValue", "") for row in rows})


def parameters(given: Mapping[str, str]) -> Iterator[str]:
    """Of what the owner of a database's parameter group set."""
    for name, value in given.items():
        if "{" in value:
            yield f"{name}: a share of this machine is not worked out"
        elif "." in name and name != "rds.force_ssl":  # which is said with TLS
            yield f"{name}: it is RDS's own, not PostgreSQL's"


def of_database(instance: Told) -> Iterator[str]:
    """Of one instance of RDS."""
    if instance["Engine"] != "postgres":
        yield f"databases of {instance['Engine']}: they do not run"
        return
    yield "TLS to databases: clients come by plain TCP"
    yield "version of databases: PostgreSQL is this machine's"
    if instance.get("MultiAZ"):
        yield "standby of databases: nothing takes a lost primary's place"
    if instance.get("BackupRetentionPeriod"):
        yield "backups of databases: none is made"
    if instance.get("MaxAllocatedStorage"):
        yield "growth of databases: their storage is this machine's"
    if instance.get("MonitoringInterval") or instance.get("PerformanceInsightsEnabled"):
        yield "monitoring of databases: nothing is recorded"
    if instance.get("EnabledCloudwatchLogsExports"):
        yield "logs of databases: they are in `logs`, not in log groups"
    if instance.get("IAMDatabaseAuthenticationEnabled"):
        yield "IAM authentication of databases: passwords alone open them"


def _caches(account: Account) -> Iterator[str]:
    client = account.client("elasticache")
    for each in client.describe_replication_groups()["ReplicationGroups"]:
        yield from of_cache(each)


def of_cache(group: Told) -> Iterator[str]:
    """Of one replication group of ElastiCache."""
    if not group.get("ClusterEnabled"):
        yield "caches without cluster mode: they do not run"
        return
    yield "memory of caches: every node has 256 MB"
    yield "version of caches: Valkey is this machine's"
    if group.get("TransitEncryptionEnabled"):
        yield "TLS to caches: clients come by plain TCP"
    if group.get("SnapshotRetentionLimit"):
        yield "snapshots of caches: none is made"
    if group.get("LogDeliveryConfigurations"):
        yield "logs of caches: they are in `logs`, not in log groups"
    if group.get("UserGroupIds"):
        yield "users of caches: the token alone opens them"
