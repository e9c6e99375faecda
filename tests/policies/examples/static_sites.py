"""Sites and files: buckets with what belongs to them, and distributions in front of them."""

from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example

BUCKET = "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/"
DISTRIBUTION = "https://www.pulumi.com/registry/packages/aws/api-docs/cloudfront/distribution/"
ACCESS_CONTROL = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"
)
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-0000-4000-8000-000000000000"


def private(name, bucket):
    """All four blocks of a bucket."""
    return aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )


def behavior(origin, **more) -> Any:
    return {
        "target_origin_id": origin,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": CACHING_OPTIMIZED,
        **more,
    }


def read_by(bucket, distribution):
    """The policy by which one distribution reads a bucket."""
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "AllowCloudFrontServicePrincipal",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "s3:GetObject",
                    "Resource": pulumi.Output.concat(bucket.arn, "/*"),
                    "Condition": {"StringEquals": {"AWS:SourceArn": distribution.arn}},
                }
            ],
        }
    )


def site(name, bucket, **more):
    """A distribution over a private bucket, and the bucket's policy that lets it in."""
    control = aws.cloudfront.OriginAccessControl(
        name, origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
    )
    origin = {
        "domain_name": bucket.bucket_regional_domain_name,
        "origin_id": "s3",
        "origin_access_control_id": control.id,
    }
    given = {
        "enabled": True,
        "default_root_object": "index.html",
        "origins": [origin],
        "default_cache_behavior": behavior("s3"),
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        "viewer_certificate": {"cloudfront_default_certificate": True},
    }
    distribution = aws.cloudfront.Distribution(name, **{**given, **more})
    block = private(name, bucket)
    opts = pulumi.ResourceOptions(depends_on=[block])
    aws.s3.BucketPolicy(name, bucket=bucket.id, policy=read_by(bucket, distribution), opts=opts)
    return distribution


@example(BUCKET)
def private_bucket_with_tags():
    private("b", aws.s3.Bucket("b", tags={"Name": "My bucket", "Environment": "Dev"}))


@example(BUCKET)
def bucket_names_at_both_limits():
    private("short", aws.s3.Bucket("short", bucket="abc"))
    private("long", aws.s3.Bucket("long", bucket="a" * 63))


@example("https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketversioning/")
def versioned_bucket():
    bucket = aws.s3.Bucket("versioned")
    private("versioned", bucket)
    aws.s3.BucketVersioning("versioned", bucket=bucket.id, versioning_configuration={"status": "Enabled"})


@example("https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketserversideencryptionconfiguration/")
def bucket_under_a_key():
    key = aws.kms.Key(
        "key", description="Encrypts bucket objects", deletion_window_in_days=10, enable_key_rotation=True
    )
    bucket = aws.s3.Bucket("mybucket")
    private("mybucket", bucket)
    aws.s3.BucketServerSideEncryptionConfiguration(
        "mybucket",
        bucket=bucket.id,
        rules=[
            {
                "apply_server_side_encryption_by_default": {"kms_master_key_id": key.arn, "sse_algorithm": "aws:kms"},
                "bucket_key_enabled": True,
            }
        ],
    )


@example("https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketlifecycleconfiguration/")
def bucket_whose_objects_age():
    bucket = aws.s3.Bucket("bucket")
    private("bucket", bucket)
    rules: Any = [
        {
            "id": "log",
            "status": "Enabled",
            "filter": {"and": {"prefix": "log/", "tags": {"rule": "log", "autoclean": "true"}}},
            "transitions": [
                {"days": 30, "storage_class": "STANDARD_IA"},
                {"days": 60, "storage_class": "GLACIER"},
            ],
            "expiration": {"days": 90},
        },
        {
            "id": "tmp",
            "status": "Enabled",
            "filter": {"prefix": "tmp/"},
            "expiration": {"days": 1},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
        },
        {
            "id": "versions",
            "status": "Disabled",
            "filter": {"object_size_greater_than": 500},
            "noncurrent_version_expiration": {"noncurrent_days": 90, "newer_noncurrent_versions": 100},
        },
    ]
    aws.s3.BucketLifecycleConfiguration("bucket", bucket=bucket.id, rules=rules)


@example("https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html")
def bucket_that_a_page_uploads_to():
    bucket = aws.s3.Bucket("uploads")
    private("uploads", bucket)
    rule: Any = {
        "allowed_headers": ["*"],
        "allowed_methods": ["PUT", "POST", "DELETE"],
        "allowed_origins": ["https://www.example.com"],
        "expose_headers": ["ETag"],
        "max_age_seconds": 3000,
    }
    aws.s3.BucketCorsConfiguration(
        "uploads",
        bucket=bucket.id,
        cors_rules=[
            rule,
            {
                "allowed_methods": ["GET"],
                "allowed_origins": ["*"],
            },
        ],
    )


@example("https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html")
def bucket_over_tls_only():
    bucket = aws.s3.Bucket("tls")
    block = private("tls", bucket)
    policy = pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "RestrictToTLSRequestsOnly",
                    "Action": "s3:*",
                    "Effect": "Deny",
                    "Resource": [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    "Principal": "*",
                }
            ],
        }
    )
    aws.s3.BucketPolicy("tls", bucket=bucket.id, policy=policy, opts=pulumi.ResourceOptions(depends_on=[block]))
