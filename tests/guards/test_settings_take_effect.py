"""No setting is dead: each one, changed, changes the very property of the very resource that it is about."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from engines.graph import Graph
from engines.rehearsal import rehearse
from engines.stack_file import ROOT
from stacks.settings import own_fields, preset_fields

TYPES = {
    "alarm topic": "aws:sns/topicSubscription:TopicSubscription",
    "bucket": "aws:s3/bucket:Bucket",
    "budget": "aws:budgets/budget:Budget",
    "cache": "aws:elasticache/replicationGroup:ReplicationGroup",
    "cpu": "aws:autoscaling/policy:Policy",
    "database": "aws:rds/instance:Instance",
    "distribution": "aws:cloudfront/distribution:Distribution",
    "endpoint": "aws:ec2/vpcEndpoint:VpcEndpoint",
    "fleet": "aws:autoscaling/group:Group",
    "headers": "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "lifecycle": "aws:s3/bucketVersioning:BucketVersioning",
    "log group": "aws:cloudwatch/logGroup:LogGroup",
    "flow log": "aws:ec2/flowLog:FlowLog",
    "nat": "aws:ec2/natGateway:NatGateway",
    "object": "aws:s3/bucketObjectv2:BucketObjectv2",
    "password": "random:index/randomPassword:RandomPassword",
    "secret": "aws:secretsmanager/secret:Secret",
    "subnet": "aws:ec2/subnet:Subnet",
    "table": "aws:dynamodb/table:Table",
    "template": "aws:ec2/launchTemplate:LaunchTemplate",
    "vpc": "aws:ec2/vpc:Vpc",
    "waf": "aws:wafv2/webAcl:WebAcl",
    "zone": "aws:route53/zone:Zone",
}


def inputs(graph: Graph, what: str, name: str = "") -> list[dict[str, Any]]:
    """The inputs of every resource of a kind whose logical name begins with *name*."""
    return [r.inputs for r in graph.of_type(TYPES[what]) if r.name.startswith(name)]


def every(what: str, path: str, name: str = "") -> Callable[[Graph], Any]:
    """The one value that all resources of a kind have at a path such as `a.b`; a set when they differ."""

    def look(graph: Graph) -> Any:
        values = {json.dumps(_at(bag, path), sort_keys=True) for bag in inputs(graph, what, name)}
        return json.loads(values.pop()) if len(values) == 1 else values

    return look


def having(what: str, switch: str) -> Callable[[Graph], int]:
    """How many resources of a kind have *switch* on."""
    return lambda graph: sum(each[switch] for each in inputs(graph, what))


def count(what: str, name: str = "") -> Callable[[Graph], int]:
    """How many resources of a kind there are."""
    return lambda graph: len(inputs(graph, what, name))


def text(what: str, part: str) -> Callable[[Graph], bool]:
    """Whether a text stands somewhere in the inputs of a kind."""
    return lambda graph: part in json.dumps(inputs(graph, what))


def user_data(part: str) -> Callable[[Graph], bool]:
    """Whether a text stands in what every server of an app is told, quotes as JSON in YAML has them or not."""

    def look(graph: Graph) -> bool:
        told = [base64.b64decode(each["userData"]).decode() for each in inputs(graph, "template", "app-")]
        return all(part in each.replace("\\", "") for each in told)

    return look


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return value


FILE_DIGEST = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
"""Of any file that is not the app: a setting names what was built before by its path."""

# setting -> (value that no preset of the base has, what is looked at, what is seen there then)
EFFECTS: dict[str, tuple[str, Callable[[Graph], Any], Any]] = {
    "scaling": ("horizontal", count("fleet", "app-"), 6),
    "size": ("medium", every("template", "instanceType", "app-"), "t4g.micro"),
    "environment": ("sandbox", every("vpc", "tags.environment"), "sandbox"),
    "domain": ("shop.bigpicture.dev", every("distribution", "aliases"), ["shop.bigpicture.dev"]),
    "hosted_zone": ("make", count("zone"), 1),
    "zone_name": ("bigpicture.dev", every("zone", "name"), "bigpicture.dev"),
    "zones": ('["us-east-1b","us-east-1c","us-east-1d"]', count("subnet", "network-public"), 3),
    "vpc_cidr": ("10.64.0.0/16", every("vpc", "cidrBlock"), "10.64.0.0/16"),
    "owner": ("somebody", every("vpc", "tags.owner"), "somebody"),
    "expires_at": ("2027-01-31", every("vpc", "tags.expires-at"), "2027-01-31"),
    "alarm_email": ("who@bigpicture.dev", every("alarm topic", "endpoint", "alarms"), "who@bigpicture.dev"),
    "ami_id": ("ami-0ae8605ed708e3c3e", every("template", "imageId"), "ami-0ae8605ed708e3c3e"),
    "artifact": ("LICENSE", text("object", FILE_DIGEST), True),
    "postgres_version": ("16", every("database", "engineVersion", "database-primary"), "16"),
    "valkey_version": ("8.0", every("cache", "engineVersion"), "8.0"),
    "price_class": ("PriceClass_All", every("distribution", "priceClass"), "PriceClass_All"),
    "origin_secret_generation": ("2", count("password", "balancer-secret-2"), 1),
    "table_map_version": ("4711", user_data('"version":4711'), True),
    "table_shards_draining": ("2", count("table"), 7),
    "zone_count": ("3", count("subnet", "network-public"), 3),
    "nat_gateways": ("per-zone", count("nat"), 3),
    "interface_endpoints": ("true", text("endpoint", "Interface"), True),
    "flow_logs": ("true", count("flow log"), 1),
    "app_server_type": ("t4g.micro", every("template", "instanceType", "app-"), "t4g.micro"),
    "app_servers": ("2..7", every("fleet", "maxSize", "app-"), 7),
    "worker_server_type": ("t4g.nano", every("template", "instanceType", "worker-"), "t4g.nano"),
    "worker_servers": ("1..9", every("fleet", "maxSize", "worker-"), 9),
    "root_volume_gb": ("33", every("template", "blockDeviceMappings.0.ebs.volumeSize"), 33),
    "target_cpu_percent": ("37", text("cpu", '"targetValue": 37'), True),
    "requests_per_server_minute": ("777", text("cpu", '"targetValue": 777'), True),
    "cpu_credits": ("standard", every("template", "creditSpecification.cpuCredits"), "standard"),
    "queue_latency_s": ("900", text("cpu", '"targetValue": 900'), True),
    "payment_gateway": ("none", user_data('BIGPICTURE_PAYMENT_GATEWAY="none"'), True),
    "cache_node_type": ("cache.t4g.medium", every("cache", "nodeType"), "cache.t4g.medium"),
    "cache_shards": ("4", every("cache", "numNodeGroups"), 4),
    "cache_replicas_per_shard": ("3", every("cache", "replicasPerNodeGroup"), 3),
    "cache_multi_az": ("true", every("cache", "multiAzEnabled"), True),
    "cache_snapshot_days": ("5", every("cache", "snapshotRetentionLimit"), 5),
    "database_class": ("db.t4g.large", every("database", "instanceClass"), "db.t4g.large"),
    "database_storage_gb": ("50", every("database", "allocatedStorage", "database-primary"), 50),
    "database_max_storage_gb": ("99", every("database", "maxAllocatedStorage", "database-primary"), 99),
    "database_replicas": ("3", count("database", "database-replica"), 3),
    "database_multi_az": ("true", every("database", "multiAz", "database-primary"), True),
    "database_backup_days": ("9", every("database", "backupRetentionPeriod", "database-primary"), 9),
    "database_monitoring_s": ("15", every("database", "monitoringInterval", "database-primary"), 15),
    "table_shards": ("5", having("table", "deletionProtectionEnabled"), 5),
    "point_in_time_recovery": ("true", every("table", "pointInTimeRecovery.enabled"), True),
    "waf": ("true", count("waf"), 1),
    "waf_requests_per_5_minutes": ("4321", text("waf", "4321"), True),
    "security_headers": ("true", count("headers"), 1),
    "access_logs": ("true", count("bucket", "logs"), 1),
    "wait_for_deployment": ("true", every("distribution", "waitForDeployment"), True),
    "protect": ("true", every("table", "deletionProtectionEnabled", "customers-shard-00"), True),
    "disposable": ("false", every("database", "skipFinalSnapshot", "database-primary"), False),
    "bucket_versioning": ("true", text("lifecycle", "Enabled"), True),
    "secret_recovery_days": ("11", every("secret", "recoveryWindowInDays"), 11),
    "log_retention_days": ("14", every("log group", "retentionInDays"), 14),
    "monthly_budget_usd": ("4242", every("budget", "limitAmount"), "4242"),
}
WORDS = ("scaling", "size", "environment")
BASE = {"scaling": "vertical", "size": "small", "environment": "sandbox"}


@pytest.fixture(scope="module")
def before():
    return rehearse("offline", BASE)[0].graph


@pytest.fixture(scope="module")
def after():
    """Everything changed at once; zones decide over zone_count, so both say three."""
    changed = {name: value for name, (value, _, _) in EFFECTS.items() if name not in WORDS}
    return rehearse("offline", {**BASE, "scaling": "horizontal", **changed})[0].graph


def test_every_setting_has_an_effect_to_be_shown():
    assert set(EFFECTS) == {*own_fields(), *preset_fields()}


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_a_changed_setting_is_seen_in_the_account(after, name):
    _, look, expected = EFFECTS[name]
    assert look(after) == expected


@pytest.mark.parametrize("name", sorted(set(EFFECTS) - {"environment"}))
def test_it_was_not_so_before(before, name):
    _, look, expected = EFFECTS[name]
    assert look(before) != expected
