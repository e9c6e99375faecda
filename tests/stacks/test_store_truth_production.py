"""The account's own word on production: what holds data is hard to lose, and what happens is written down."""

import json

import pytest

from tests.stores import DOMAIN, balancer, distribution, fleets, instances, standing

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
PURPOSES = ("pages", "pictures", "documents", "artifacts", "logs")


@pytest.fixture(scope="module")
def store():
    with standing("production", DOMAIN) as store:
        yield store


def tables(store):
    client = store.client("dynamodb")
    return [client.describe_table(TableName=name)["Table"] for name in client.list_tables()["TableNames"]]


def balancer_attributes(store):
    client = store.client("elbv2")
    found = client.describe_load_balancer_attributes(LoadBalancerArn=balancer(store)["LoadBalancerArn"])["Attributes"]
    return {each["Key"]: each["Value"] for each in found}


def buckets(store):
    """Logical purpose -> physical name."""
    names = [bucket["Name"] for bucket in store.client("s3").list_buckets()["Buckets"]]
    return {name.partition("-")[0]: name for name in names}


def cache(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    return group


def lifecycle(store, purpose):
    rules = store.client("s3").get_bucket_lifecycle_configuration(Bucket=buckets(store)[purpose])["Rules"]
    return {rule["ID"]: rule for rule in rules}


def thresholds(store, metric, dimension):
    """What an alarm on a metric watches -> where it goes off."""
    pages = store.client("cloudwatch").get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"] if alarm.get("MetricName") == metric]
    by = [({pair["Name"]: pair["Value"] for pair in alarm["Dimensions"]}, alarm["Threshold"]) for alarm in alarms]
    return {dimensions[dimension]: threshold for dimensions, threshold in by}


def default_routes(store):
    """Zone of a subnet without public addresses -> zone of the NAT gateway that its default route leads to."""
    ec2 = store.client("ec2")
    zones = {each["SubnetId"]: each["AvailabilityZone"] for each in ec2.describe_subnets()["Subnets"]}
    nat = {each["NatGatewayId"]: zones[each["SubnetId"]] for each in ec2.describe_nat_gateways()["NatGateways"]}
    return [
        (zones[association["SubnetId"]], nat[route["NatGatewayId"]])
        for table in ec2.describe_route_tables()["RouteTables"]
        for route in table["Routes"]
        if "NatGatewayId" in route
        for association in table["Associations"]
        if "SubnetId" in association
    ]


def test_the_database_cannot_be_deleted(store):
    assert instances(store)[0]["DeletionProtection"] is True


def test_the_database_has_a_standby_in_another_zone(store):
    assert instances(store)[0]["MultiAZ"] is True


def test_the_database_is_backed_up_for_two_weeks(store):
    assert instances(store)[0]["BackupRetentionPeriod"] == 14


def test_the_database_leaves_a_final_snapshot(store):
    found = store.one("aws:rds/instance:Instance", "database-primary").inputs
    assert (found["skipFinalSnapshot"], found["finalSnapshotIdentifier"]) == (False, f"{found['identifier']}-final")


def test_the_databases_backups_outlive_it(store):
    assert store.one("aws:rds/instance:Instance", "database-primary").inputs["deleteAutomatedBackups"] is False


def test_the_databases_storage_grows_by_itself(store):
    assert [each.get("MaxAllocatedStorage") for each in instances(store)] == [1000] * 3


def test_the_database_is_monitored_by_a_role_that_is_there(store):
    roles = {role["Arn"] for role in store.client("iam").list_roles()["Roles"]}
    assert [each["MonitoringRoleArn"] in roles for each in instances(store)] == [True] * 3


def test_no_table_can_be_deleted(store):
    assert [table["DeletionProtectionEnabled"] for table in tables(store)] == [True] * 4


def test_every_table_can_be_brought_back_to_any_second_of_five_weeks(store):
    client = store.client("dynamodb")
    found = [client.describe_continuous_backups(TableName=table["TableName"]) for table in tables(store)]
    points = [each["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"] for each in found]
    assert [(each["PointInTimeRecoveryStatus"], each.get("RecoveryPeriodInDays")) for each in points] == [
        ("ENABLED", 35)
    ] * 4


def test_the_cache_spreads_each_shard_over_zones(store):
    shards = [
        {node["PreferredAvailabilityZone"] for node in each["NodeGroupMembers"]} for each in cache(store)["NodeGroups"]
    ]
    assert (cache(store)["MultiAZ"], [len(zones) for zones in shards]) == ("enabled", [2, 2, 2])


def test_the_cache_fails_over_by_itself(store):
    assert cache(store)["AutomaticFailover"] == "enabled"


def test_the_cache_keeps_a_week_of_snapshots(store):
    assert cache(store)["SnapshotRetentionLimit"] == 7


@pytest.mark.parametrize("purpose", ["pages", "pictures", "documents", "artifacts"])
def test_a_bucket_keeps_what_was_overwritten(store, purpose):
    assert store.client("s3").get_bucket_versioning(Bucket=buckets(store)[purpose])["Status"] == "Enabled"


@pytest.mark.parametrize("purpose", ["pages", "pictures", "documents", "artifacts"])
def test_a_bucket_forgets_old_versions_after_a_month(store, purpose):
    found = lifecycle(store, purpose)["expire-old-versions"]["NoncurrentVersionExpiration"]
    assert found == {"NoncurrentDays": 30}


def test_no_bucket_is_emptied_by_a_destroy(store):
    assert [inputs["forceDestroy"] for inputs in store.inputs("aws:s3/bucket:Bucket")] == [False] * 5


def test_logs_are_kept_for_ninety_days(store):
    assert lifecycle(store, "logs")["expire-objects"]["Expiration"] == {"Days": 90}


@pytest.mark.parametrize(("purpose", "prefix", "days"), [("pictures", "uploads/", 7), ("documents", "outbox/", 90)])
def test_what_customers_sent_and_were_sent_is_not_kept_for_ever(store, purpose, prefix, days):
    rule = lifecycle(store, purpose)["expire-objects"]
    assert (rule["Filter"], rule["Expiration"]) == ({"Prefix": prefix}, {"Days": days})


def test_the_balancer_cannot_be_deleted(store):
    assert balancer_attributes(store)["deletion_protection.enabled"] == "true"


@pytest.mark.parametrize("kind", ["access_logs", "connection_logs", "health_check_logs"])
def test_the_balancer_writes_its_logs_into_the_logs_bucket(store, kind):
    found = balancer_attributes(store)
    assert (found[f"{kind}.s3.enabled"], found[f"{kind}.s3.bucket"]) == ("true", buckets(store)["logs"])


def test_the_logs_bucket_lets_load_balancers_of_this_account_write(store):
    name = buckets(store)["logs"]
    policy = json.loads(store.client("s3").get_bucket_policy(Bucket=name)["Policy"])
    [one] = [each for each in policy["Statement"] if each["Action"] == ["s3:PutObject"] and "Condition" not in each]
    assert one["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert one["Resource"] == f"arn:aws:s3:::{name}/*AWSLogs/{store.account.account_id}/*"


def test_the_firewall_stands_before_the_cdn(store):
    [only] = store.client("wafv2", "us-east-1").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    assert distribution(store)["WebACLId"] == only["ARN"]


def test_every_answer_of_the_cdn_has_security_headers(store):
    config = distribution(store)
    found = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]["Items"]]
    [id_] = {each["ResponseHeadersPolicyId"] for each in found}
    held = store.client("cloudfront").get_response_headers_policy(Id=id_)["ResponseHeadersPolicy"]
    assert {"ContentSecurityPolicy", "StrictTransportSecurity"} <= set(
        held["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    )


def test_the_traffic_of_the_network_is_written_down(store):
    flows = store.client("ec2").describe_flow_logs()["FlowLogs"]
    found = [(flow["ResourceId"], flow["FlowLogStatus"], flow["TrafficType"]) for flow in flows]
    assert found == [(store.outputs["vpc_id"], "ACTIVE", "ALL")]


def test_every_zone_has_its_own_way_out(store):
    assert sorted(default_routes(store)) == [(zone, zone) for zone in ZONES]


@pytest.mark.parametrize("fleet", ["app-orders", "app-catalog"])
def test_every_app_fleet_has_a_server_in_each_of_three_zones(store, fleet):
    assert sorted(each["AvailabilityZone"] for each in fleets(store)[fleet]["Instances"]) == ZONES


def test_a_deleted_secret_can_be_brought_back_for_a_month(store):
    secrets = store.inputs("aws:secretsmanager/secret:Secret")
    assert [inputs["recoveryWindowInDays"] for inputs in secrets] == [30, 30, 30, 30]


def test_pulumi_refuses_to_delete_exactly_what_holds_data(store):
    buckets = {f"{purpose}-bucket" for purpose in PURPOSES}
    kept = buckets | {"database-primary", "sessions", "dns"}
    tables_ = {f"customers-shard-{number:02}" for number in range(4)}
    assert {resource.name for resource in store.graph.resources if resource.options.protect} == kept | tables_


def test_a_fleet_is_called_small_when_it_is_under_the_presets_floor(store):
    floors = {group["AutoScalingGroupName"]: group["MinSize"] for group in fleets(store).values()}
    assert thresholds(store, "GroupInServiceInstances", "AutoScalingGroupName") == floors


def test_storage_is_called_short_at_a_tenth_of_what_the_preset_gives(store):
    tenths = {each["DBInstanceIdentifier"]: each["AllocatedStorage"] * 2**30 / 10 for each in instances(store)}
    assert thresholds(store, "FreeStorageSpace", "DBInstanceIdentifier") == tenths


def test_what_holds_data_keeps_its_urn_because_another_would_be_a_new_and_empty_one(store):
    under = {resource.urn.split("::", 2)[2] for resource in store.graph.resources if resource.options.protect}
    buckets = [f"ObjectStore$aws:s3/bucket:Bucket::{purpose}-bucket" for purpose in PURPOSES]
    tables = [f"ShardedTable$aws:dynamodb/table:Table::customers-shard-{number:02}" for number in range(4)]
    others = [
        "Database$aws:rds/instance:Instance::database-primary",
        "SessionStore$aws:elasticache/replicationGroup:ReplicationGroup::sessions",
    ]
    wanted = {f"bigpicture:data:{each}" for each in (*buckets, *tables, *others)}
    assert under == {*wanted, "bigpicture:dns:Dns$aws:route53/zone:Zone::dns"}
