"""Name each setting of buckets, tables, keys, names, networks and budgets that does nothing in the region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offline.absence import unless_gone
from offline.account import Account
from offline.region.left_out.asking import ALWAYS, Told, asked_for

BUCKET = {
    "encryption of buckets: objects lie open on this machine": ALWAYS,
    "TLS to buckets: plain HTTP is taken, whatever their policies refuse": (
        "Policy && contains(Policy, 'aws:SecureTransport')"
    ),
    "lifecycle of objects: none expires or moves, and no upload is given up": "Rules[?Status == 'Enabled']",
    "logs of buckets: nothing is written to them": "LoggingEnabled",
    "replication of buckets: no object is copied": "ReplicationConfiguration",
}
TABLE = {
    "encryption of tables: items lie open in the account's memory": ALWAYS,
    "lifetime of items: none expires": "TimeToLiveStatus == 'ENABLED'",
    "backups of tables: no moment of before can be restored": (
        "PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == 'ENABLED'"
    ),
    "capacity of tables: nothing is throttled": (
        "OnDemandThroughput || (BillingModeSummary.BillingMode || 'PROVISIONED') == 'PROVISIONED'"
    ),
}
RECORD = {
    "routing of names: every record is answered alike": (
        "Weight || Region || Failover || GeoLocation || MultiValueAnswer || HealthCheckId"
    ),
}
SECRET = {"rotation of secrets: none is changed": "RotationEnabled"}
KEY = {
    "policies of keys: who uses one is asked for its own policies alone": ALWAYS,
    "rotation of keys: none is changed": "KeyRotationEnabled",
}
ABSENT = "NoSuch*", "ReplicationConfigurationNotFoundError"
"""Codes by which S3 says that a bucket has none of a setting."""


def named(account: Account) -> Iterator[str]:
    """Of everything that keeps something, leads there, or watches over what it costs."""
    yield from (found for each in _buckets(account.client("s3")) for found in of_bucket(each))
    yield from (found for each in _tables(account.client("dynamodb")) for found in of_table(each))
    secrets = account.client("secretsmanager").get_paginator("list_secrets").paginate().search("SecretList[]")
    yield from (found for each in secrets for found in of_secret(each))
    yield from (found for each in _keys(account.client("kms")) for found in of_key(each))
    yield from _names(account.client("route53"))
    if account.client("ec2").describe_flow_logs()["FlowLogs"]:
        yield "flow logs: no packet is noted"
    if account.client("budgets").describe_budgets(AccountId=account.account_id).get("Budgets"):
        yield "budgets: nothing is spent, and nobody is told"
    if account.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]:
        yield "web application firewall: none of its rules is tried"


def _buckets(s3: Any) -> Iterator[Told]:
    """What S3 says of each bucket, in one."""
    asked = ("bucket_policy", "bucket_lifecycle_configuration", "bucket_logging", "bucket_replication")
    for bucket in s3.list_buckets()["Buckets"]:
        told: dict[str, Any] = {"Name": bucket["Name"]}
        for setting in asked:
            ask = getattr(s3, f"get_{setting}")
            told |= unless_gone(lambda ask=ask, name=bucket["Name"]: ask(Bucket=name), *ABSENT) or {}
        yield told


def _tables(dynamodb: Any) -> Iterator[Told]:
    """What DynamoDB says of each table, in one."""
    for name in dynamodb.get_paginator("list_tables").paginate().search("TableNames[]"):
        if name:
            yield {
                **dynamodb.describe_table(TableName=name)["Table"],
                **dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
                **dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"],
            }


def _keys(kms: Any) -> Iterator[Told]:
    """The owner's keys: AWS's own have an alias that says so, as moto 5.2.5 calls both the customer's."""
    aliases = kms.get_paginator("list_aliases").paginate().search("Aliases[?starts_with(AliasName, 'alias/aws/')]")
    theirs = {each.get("TargetKeyId") for each in aliases}
    for key in kms.get_paginator("list_keys").paginate().search("Keys[]"):
        described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if key["KeyId"] not in theirs and described["KeyState"] == "Enabled":
            yield kms.get_key_rotation_status(KeyId=key["KeyId"])


def _names(route53: Any) -> Iterator[str]:
    if route53.list_health_checks(MaxItems="1")["HealthChecks"]:
        yield "health checks of names: none is made"
    if route53.list_query_logging_configs(MaxResults="1")["QueryLoggingConfigs"]:
        yield "logs of names: nobody's query is noted"
    for zone in route53.get_paginator("list_hosted_zones").paginate().search("HostedZones[]"):
        yield "zones of names: servers are told addresses, and nobody asks a name server"
        records = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
        yield from (found for each in records.search("ResourceRecordSets[]") for found in of_record(each))


def of_bucket(told: Told) -> Iterator[str]:
    """Of one bucket of S3."""
    return asked_for(BUCKET, told)


def of_table(told: Told) -> Iterator[str]:
    """Of one table of DynamoDB."""
    return asked_for(TABLE, told)


def of_record(record: Told) -> Iterator[str]:
    """Of one record of Route 53."""
    return asked_for(RECORD, record)


def of_secret(secret: Told) -> Iterator[str]:
    """Of one secret of Secrets Manager."""
    return asked_for(SECRET, secret)


def of_key(key: Told) -> Iterator[str]:
    """Of one key of the owner's in KMS."""
    return asked_for(KEY, key)
