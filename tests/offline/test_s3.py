"""S3 in the offline account: what a plain program asks for is what S3 holds."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.deploying import deploy

TAGS = {"box": "files"}
RULES: Any = [
    {"id": "old", "status": "Enabled", "filter": {"prefix": "logs/"}, "expiration": {"days": 9}},
    {
        "id": "versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": 3},
    },
]


def program():
    bucket = aws.s3.Bucket("shelf", tags=TAGS)
    aws.s3.BucketVersioning("v", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
    aws.s3.BucketLifecycleConfiguration("l", bucket=bucket.bucket, rules=RULES)
    key = {"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/aws/s3"}
    by_default: Any = {"apply_server_side_encryption_by_default": key, "bucket_key_enabled": True}
    aws.s3.BucketServerSideEncryptionConfiguration(
        "e",
        bucket=bucket.bucket,
        rules=[by_default],
    )
    cors: Any = {"id": "own", "allowed_methods": ["PUT"], "allowed_origins": ["https://a.dev"]}
    aws.s3.BucketCorsConfiguration("c", bucket=bucket.bucket, cors_rules=[cors])
    aws.s3.BucketPublicAccessBlock("b", bucket=bucket.bucket, block_public_acls=True)
    aws.s3.BucketObjectv2("o", bucket=bucket.bucket, key="a/b.txt", source=pulumi.StringAsset("text"), tags=TAGS)
    aws.s3.BucketObjectv2("i", bucket=bucket.bucket, key="c.txt", content="inline", cache_control="no-store")
    pulumi.export("bucket", bucket.bucket)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


@pytest.fixture(scope="module")
def s3(deployed):
    return deployed.client("s3")


def test_a_bucket_is_in_the_program_s_region(deployed, s3):
    assert s3.get_bucket_location(Bucket=deployed.outputs["bucket"])["LocationConstraint"] == "eu-west-1"


def test_a_bucket_has_its_tags(deployed, s3):
    assert s3.get_bucket_tagging(Bucket=deployed.outputs["bucket"])["TagSet"] == [{"Key": "box", "Value": "files"}]


def test_an_asset_of_text_is_the_object_s_content(deployed, s3):
    assert s3.get_object(Bucket=deployed.outputs["bucket"], Key="a/b.txt")["Body"].read() == b"text"


def test_an_object_has_its_headers_and_its_content(deployed, s3):
    held = s3.get_object(Bucket=deployed.outputs["bucket"], Key="c.txt")
    assert (held["Body"].read(), held["CacheControl"]) == (b"inline", "no-store")


def test_an_object_s_id_is_bucket_and_key(deployed):
    assert deployed.one("aws:s3/bucketObjectv2:BucketObjectv2", "o").id == f"{deployed.outputs['bucket']}/a/b.txt"


def test_a_door_that_was_not_closed_is_open(deployed, s3):
    held = s3.get_public_access_block(Bucket=deployed.outputs["bucket"])["PublicAccessBlockConfiguration"]
    assert (held["BlockPublicAcls"], held["RestrictPublicBuckets"]) == (True, False)


def test_everything_reads_back_as_it_was_asked_for(deployed):
    differences = {}
    for urn, live in deployed.monitor.live.items():
        shown = live.handler.read(live.aws, live.id, live.inputs)
        asked = {name: value for name, value in live.inputs.items() if name in live.handler.emulates}
        differences |= {(urn, name): shown.get(name) for name, value in asked.items() if shown.get(name) != value}
    assert differences == {}
