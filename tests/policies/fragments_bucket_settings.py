"""Fragments about what is said of a bucket beside it."""

from typing import Any

import pulumi_aws as aws

from tests.policies.fragments import breaks, keeps

ROLE = "arn:aws:iam::123456789012:role/replication"


def replicated(*versioned):
    """A bucket that is replicated into another one; those of *versioned* have versions."""
    pair = {name: aws.s3.Bucket(name) for name in ("source", "copy")}
    for name in versioned:
        aws.s3.BucketVersioning(name, bucket=pair[name].id, versioning_configuration={"status": "Enabled"})
    rules: Any = [{"status": "Enabled", "destination": {"bucket": pair["copy"].arn}}]
    aws.s3.BucketReplicationConfig("copies", bucket=pair["source"].id, role=ROLE, rules=rules)


def encrypted(**default):
    rules: Any = [{"apply_server_side_encryption_by_default": default}]
    aws.s3.BucketServerSideEncryptionConfiguration("encrypted", bucket="made-elsewhere", rules=rules)


def lifecycle(**rule):
    given: Any = [{"id": "rule", "status": "Enabled", **rule}]
    aws.s3.BucketLifecycleConfiguration("lifecycle", bucket="made-elsewhere", rules=given)


def website(suffix):
    aws.s3.BucketWebsiteConfiguration("website", bucket="made-elsewhere", index_document={"suffix": suffix})


@breaks(
    "replication-of-versions",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig 'copies': rules is \"copy\"; allowed: a bucket "
    "with versioning enabled.",
)
def replication_into_a_bucket_without_versions():
    replicated("source")


@breaks(
    "replication-of-versions",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig 'copies': bucket is \"source\"; allowed: a "
    "bucket with versioning enabled.",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig 'copies': rules is \"copy\"; allowed: a bucket "
    "with versioning enabled.",
)
def replication_without_any_versions():
    replicated()


@keeps("replication-of-versions")
def replication_of_versions():
    replicated("source", "copy")


@breaks(
    "bucket-key-of-its-algorithm",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration 'encrypted': "
    'rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is "AES256"; allowed: aws:kms or '
    "aws:kms:dsse beside a key.",
)
def key_beside_aes():
    encrypted(sse_algorithm="AES256", kms_master_key_id="made-elsewhere")


@keeps("bucket-key-of-its-algorithm")
def key_of_kms():
    encrypted(sse_algorithm="aws:kms", kms_master_key_id="made-elsewhere")


@breaks(
    "lifecycle-does-something",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration 'lifecycle': rules[0] is [\"id\", "
    '"status"]; allowed: an action.',
)
def lifecycle_of_nothing():
    lifecycle()


@keeps("lifecycle-does-something")
def lifecycle_of_uploads():
    lifecycle(abort_incomplete_multipart_upload={"days_after_initiation": 1})


@breaks(
    "lifecycle-expires-once",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration 'lifecycle': rules[0].expiration is"
    ' ["date", "days"]; allowed: one of days, date and expiredObjectDeleteMarker.',
)
def expired_after_days_and_on_a_date():
    lifecycle(expiration={"days": 1, "date": "2030-01-01T00:00:00Z"})


@keeps("lifecycle-expires-once")
def expired_on_a_date():
    lifecycle(expiration={"date": "2030-01-01T00:00:00Z"})


@breaks(
    "website-index",
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration 'website': indexDocument.suffix is "
    '"/index.html"; allowed: a name without a slash.',
)
def index_with_a_slash():
    website("/index.html")


@keeps("website-index")
def index_by_its_name():
    website("index.html")
