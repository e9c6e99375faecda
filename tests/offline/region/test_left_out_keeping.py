"""What buckets, tables, keys, names, networks and budgets ask for, and the region leaves out, is named."""

import contextlib

import pytest

from offline.account import open_account
from offline.region.left_out import keeping
from offline.region.left_out.keeping import of_bucket, of_key, of_record, of_secret, of_table
from tests.offline.region.said import names

ON = {"Enabled": True}
ITEMS = {
    "TableName": "items",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
BUDGET = {
    "BudgetName": "all",
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "BudgetLimit": {"Amount": "9", "Unit": "USD"},
}
ON_DEMAND = {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}


EXPIRING = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
CHECKED = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80}


def keep(account):
    """Make a bucket, a table, a secret and a key, whose content or age comes to an end."""
    s3, dynamodb, kms = (account.client(service) for service in ("s3", "dynamodb", "kms"))
    s3.create_bucket(Bucket="shelf")
    s3.put_bucket_lifecycle_configuration(Bucket="shelf", LifecycleConfiguration={"Rules": [EXPIRING]})
    dynamodb.create_table(**ITEMS)
    ending = {"Enabled": True, "AttributeName": "until"}
    dynamodb.update_time_to_live(TableName="items", TimeToLiveSpecification=ending)
    account.client("secretsmanager").create_secret(Name="token", SecretString="letmein")
    kms.enable_key_rotation(KeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def watch(account):
    """Make a zone, a health check, a log of a network, and a budget."""
    route53, ec2 = account.client("route53"), account.client("ec2")
    route53.create_hosted_zone(Name="shop.dev", CallerReference="1")
    route53.create_health_check(CallerReference="1", HealthCheckConfig=CHECKED)
    [network, *_] = ec2.describe_vpcs()["Vpcs"]
    there = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::shelf", "TrafficType": "ALL"}
    ec2.create_flow_logs(ResourceIds=[network["VpcId"]], ResourceType="VPC", **there)
    account.client("budgets").create_budget(AccountId=account.account_id, Budget=BUDGET)


@pytest.fixture(scope="module")
def kept():
    """What is left out of an account that has one of each."""
    with contextlib.closing(open_account("us-east-1", "left out keeping")) as opened:
        keep(opened)
        watch(opened)
        return names(keeping.named(opened))


def test_what_is_kept_in_an_account_is_looked_at_as_well(kept):
    assert kept == [
        *("budgets", "encryption of buckets", "encryption of tables", "flow logs", "health checks of names"),
        *("lifecycle of objects", "lifetime of items", "policies of keys", "rotation of keys", "zones of names"),
    ]


@pytest.mark.parametrize(
    ("of", "plain", "more", "found"),
    [
        (of_bucket, {"Name": "shelf"}, {}, ["encryption of buckets"]),
        (of_bucket, {"Name": "shelf"}, {"LoggingEnabled": {}}, ["encryption of buckets"]),
        (of_bucket, {"Name": "shelf"}, {"Rules": [{"Status": "Disabled"}]}, ["encryption of buckets"]),
        (of_bucket, {}, {"Rules": [{"Status": "Enabled"}]}, ["encryption of buckets", "lifecycle of objects"]),
        (of_bucket, {}, {"ReplicationConfiguration": ON}, ["encryption of buckets", "replication of buckets"]),
        (of_bucket, {}, {"LoggingEnabled": {"TargetBucket": "a"}}, ["encryption of buckets", "logs of buckets"]),
        (of_table, ON_DEMAND, {}, ["encryption of tables"]),
        (of_table, ON_DEMAND, {"TimeToLiveStatus": "ENABLED"}, ["encryption of tables", "lifetime of items"]),
        (of_table, ON_DEMAND, {"TimeToLiveStatus": "DISABLED"}, ["encryption of tables"]),
        (of_table, ON_DEMAND, {"OnDemandThroughput": {"a": 1}}, ["capacity of tables", "encryption of tables"]),
        (of_table, {"TableName": "a"}, {}, ["capacity of tables", "encryption of tables"]),
        (of_record, {"Name": "a.dev."}, {}, []),
        (of_record, {"Name": "a.dev."}, {"Failover": "PRIMARY"}, ["routing of names"]),
        (of_secret, {"Name": "a"}, {}, []),
        (of_secret, {"Name": "a"}, {"RotationEnabled": True}, ["rotation of secrets"]),
        (of_key, {"KeyRotationEnabled": False}, {}, ["policies of keys"]),
        (of_key, {"KeyRotationEnabled": True}, {}, ["policies of keys", "rotation of keys"]),
    ],
)
def test_a_field_is_left_out_where_it_asks_for_more_than_the_region_does(of, plain, more, found):
    assert names(of({**plain, **more})) == found
