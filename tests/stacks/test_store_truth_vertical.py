"""The account's own word on the vertical sandbox: one fleet runs all services, and nothing is in the way of its end."""

import re

import pytest

from app.contract import CALLED, PORT, QUEUES, SERVICES
from tests.cloud_config import files
from tests.stores import DOMAIN, balancer, fleets, instances, rules, servers, standing, targets, template, user_data

SCHEMES = ("internet-facing", "internal")
INSTANCE = "aws:rds/instance:Instance"


@pytest.fixture(scope="module")
def store():
    with standing("sandbox", DOMAIN) as store:
        yield store


def command(store, fleet):
    unit = files(user_data(store, fleet))["/etc/systemd/system/bigpicture.service"]["content"]
    [found] = re.findall(r"-m app (.*)", unit)
    return found


def test_one_fleet_runs_all_services_and_one_all_queues(store):
    assert sorted(fleets(store)) == ["app-all", "worker-all"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_services_path_leads_to_the_servers_of_the_one_fleet(store, service):
    own = {f"{server}:{PORT}" for server in servers(fleets(store)["app-all"])}
    assert (len(own), targets(store, f"/{service}")) == (1, own)


@pytest.mark.parametrize("service", CALLED)
def test_what_services_ask_of_each_other_leads_to_the_servers_of_the_one_fleet(store, service):
    own = {f"{server}:{PORT}" for server in servers(fleets(store)["app-all"])}
    assert (len(own), targets(store, f"/internal/{service}", "internal")) == (1, own)


def test_every_service_keeps_a_target_group_of_its_own_at_each_balancer(store):
    arns = {rule["action"]["TargetGroupArn"] for scheme in SCHEMES for rule in rules(store, scheme)}
    assert (len(arns), set(fleets(store)["app-all"]["TargetGroupARNs"])) == (len(SERVICES) + len(CALLED), arns)


def test_the_servers_of_the_one_fleet_run_every_service(store):
    assert command(store, "app-all") == f"web --services {','.join(SERVICES)}"


def test_the_workers_of_the_one_fleet_empty_every_queue(store):
    assert command(store, "worker-all") == f"worker --queues {','.join(QUEUES)}"


def test_both_fleets_reach_the_database(store):
    [primary] = instances(store)
    filters = [{"Name": "group-id", "Values": [primary["VpcSecurityGroups"][0]["VpcSecurityGroupId"]]}]
    found = store.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    callers = {rule["ReferencedGroupInfo"]["GroupId"] for rule in found}
    assert callers == {template(store, fleet)["SecurityGroupIds"][0] for fleet in ("app-all", "worker-all")}


def test_the_database_has_no_replica(store):
    [primary] = instances(store)
    assert primary["ReadReplicaDBInstanceIdentifiers"] == []


def test_the_customers_are_in_one_table(store):
    assert len(store.client("dynamodb").list_tables()["TableNames"]) == 1


def test_the_cache_has_one_shard_and_is_a_cluster_all_the_same(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert (group["ClusterMode"], len(group["NodeGroups"])) == ("enabled", 1)


def test_the_database_can_be_deleted(store):
    [primary] = instances(store)
    assert primary["DeletionProtection"] is False


def test_the_database_ends_without_a_final_snapshot(store):
    found = store.one(INSTANCE).inputs
    assert (found["skipFinalSnapshot"], "finalSnapshotIdentifier" in found) == (True, False)


def test_the_databases_backups_end_with_it(store):
    assert store.one(INSTANCE).inputs["deleteAutomatedBackups"] is True


def test_the_database_is_backed_up_so_that_a_replica_can_be_made(store):
    [primary] = instances(store)
    assert primary["BackupRetentionPeriod"] >= 1


def test_the_cache_keeps_snapshots_because_zero_could_never_be_raised(store):
    [group] = store.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert group["SnapshotRetentionLimit"] >= 1


def test_the_cache_ends_without_a_final_snapshot(store):
    assert "finalSnapshotIdentifier" not in store.one("aws:elasticache/replicationGroup:ReplicationGroup").inputs


def test_every_table_can_be_deleted(store):
    client = store.client("dynamodb")
    found = [client.describe_table(TableName=name)["Table"] for name in client.list_tables()["TableNames"]]
    assert [table["DeletionProtectionEnabled"] for table in found] == [False]


def test_every_bucket_is_emptied_at_its_end(store):
    assert [inputs["forceDestroy"] for inputs in store.inputs("aws:s3/bucket:Bucket")] == [True] * 4


def test_the_zone_is_emptied_at_its_end(store):
    assert store.one("aws:route53/zone:Zone").inputs["forceDestroy"] is True


def test_every_secret_gives_its_name_back_at_once(store):
    secrets = store.inputs("aws:secretsmanager/secret:Secret")
    assert [inputs["recoveryWindowInDays"] for inputs in secrets] == [0, 0, 0, 0]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_balancers_can_be_deleted(store, scheme):
    arn = balancer(store, scheme)["LoadBalancerArn"]
    found = store.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    assert {"Key": "deletion_protection.enabled", "Value": "false"} in found


def test_nothing_is_protected_by_pulumi(store):
    assert [resource.urn for resource in store.graph.resources if resource.options.protect] == []


def test_only_files_are_left_to_be_deleted_with_their_bucket(store):
    left = {resource.type for resource in store.graph.resources if resource.options.retain_on_delete}
    assert left == {"aws:s3/bucketObjectv2:BucketObjectv2"}


def test_no_bucket_keeps_old_versions_to_pay_for(store):
    s3 = store.client("s3")
    states = [s3.get_bucket_versioning(Bucket=bucket["Name"]).get("Status") for bucket in s3.list_buckets()["Buckets"]]
    assert states == [None] * 4
