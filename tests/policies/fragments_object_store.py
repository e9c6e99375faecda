"""Fragments about buckets."""

import json

import pulumi
import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

LIFE = aws.s3.BucketLifecycleConfigurationRuleArgs
MOVE = aws.s3.BucketLifecycleConfigurationRuleTransitionArgs
DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"


def bucket(name="b", *, private=True, **more):
    made = aws.s3.Bucket(name, **more)
    if private:
        block(made, name)
    return made


def block(made, name="b", **more):
    given = dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
    )
    return aws.s3.BucketPublicAccessBlock(name, bucket=made.id, **{**given, **more})


def reading(made, arn=None, principal=None):
    statement = {"Effect": "Allow", "Principal": principal or {"AWS": "arn:aws:iam::123456789012:root"},
                 "Action": ["s3:GetObject", "s3:PutObject"]}  # fmt: skip
    return pulumi.Output.from_input(arn or made.arn).apply(
        lambda text: json.dumps({"Statement": [{**statement, "Resource": f"{text}/*"}]})
    )


def policy(made, name="b", *, arn=None, principal=None, opts=None):
    aws.s3.BucketPolicy(name, bucket=made.id, policy=reading(made, arn, principal), opts=opts)


def lifecycle(*rules):
    aws.s3.BucketLifecycleConfiguration("life", bucket=bucket().id, rules=list(rules))


def logged(made, **more):
    logs = aws.lb.LoadBalancerAccessLogsArgs(bucket=made.id, enabled=True, **more)
    parts.balancer(access_logs=logs)


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"my_shop\"; allowed: 3 to 63 of a-z, 0-9, . and -, no reserved "
    "beginning or end.",
)
def underscore_in_a_buckets_name():
    bucket(bucket="my_shop")


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"xn--shop\"; allowed: 3 to 63 of a-z, 0-9, . and -, no reserved "
    "beginning or end.",
)
def reserved_beginning():
    bucket(bucket="xn--shop")


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"shop-s3alias\"; allowed: 3 to 63 of a-z, 0-9, . and -, no "
    "reserved beginning or end.",
)
def reserved_end():
    bucket(bucket="shop-s3alias")


@breaks(
    "bucket-name",
    "aws:s3/bucket:Bucket 'b': bucket is \"192.168.0.1\"; allowed: 3 to 63 of a-z, 0-9, . and -, no "
    "reserved beginning or end.",
)
def name_that_is_an_address():
    bucket(bucket="192.168.0.1")


@keeps("bucket-name")
def bucket_name_of_63():
    bucket(bucket="a" * 63)


@keeps("bucket-name")
def bucket_name_of_3():
    bucket(bucket="abc")


@breaks(
    "bucket-name-without-dots",
    "aws:s3/bucket:Bucket 'b': bucket is \"shop.bigpicture.dev\"; allowed: a name without dots.",
)
def dots_in_a_buckets_name():
    bucket(bucket="shop.bigpicture.dev")


@breaks(
    "bucket-says-that-it-is-private",
    "aws:s3/bucket:Bucket 'b': bucket is \"b without a block\"; allowed: a BucketPublicAccessBlock of it.",
)
def bucket_without_a_block():
    bucket(private=False)


@breaks(
    "bucket-is-private",
    "aws:s3/bucket:Bucket 'b': bucket is \"not true: blockPublicPolicy\"; allowed: a block with all four true.",
)
def half_a_block():
    block(bucket(private=False), block_public_policy=False)


@keeps("bucket-is-private")
def private_bucket():
    bucket()


@keeps("bucket-says-that-it-is-private")
def bucket_with_its_block():
    bucket()


@breaks(
    "bucket-policy-after-its-block",
    "aws:s3/bucketPolicy:BucketPolicy 'b': dependsOn is not set; allowed: the bucket's BucketPublicAccessBlock.",
)
def policy_beside_its_block():
    policy(bucket())


@keeps("bucket-policy-after-its-block")
def policy_after_its_block():
    made = bucket(private=False)
    policy(made, opts=pulumi.ResourceOptions(depends_on=[block(made)]))


@breaks(
    "bucket-policy-alone",
    "aws:s3/bucketPolicy:BucketPolicy 'one': bucket is \"b\"; allowed: one policy a bucket.",
    "aws:s3/bucketPolicy:BucketPolicy 'two': bucket is \"b\"; allowed: one policy a bucket.",
)
def two_policies():
    made = bucket()
    policy(made, "one")
    policy(made, "two")


@breaks(
    "bucket-policy-of-its-bucket",
    "aws:s3/bucketPolicy:BucketPolicy 'b': policy is [\"arn:aws:s3:::other/*\"]; allowed: resources of b.",
)
def policy_of_another_bucket():
    policy(bucket(), arn="arn:aws:s3:::other")


@keeps("bucket-policy-of-its-bucket")
def policy_of_this_bucket():
    policy(bucket())


@breaks(
    "bucket-acl-where-acls-are-off",
    "aws:s3/bucketAcl:BucketAcl 'b': acl is \"public-read\"; allowed: not set with BucketOwnerEnforced.",
)
def public_acl():
    made = bucket()
    rule = aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced")
    aws.s3.BucketOwnershipControls("b", bucket=made.id, rule=rule)
    aws.s3.BucketAcl("b", bucket=made.id, acl="public-read")


@breaks(
    "lifecycle-transitions",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration 'life': rules[0].transitions is "
    '"STANDARD_IA after 5 days"; allowed: 30 days or more.',
)
def moved_after_5_days():
    lifecycle(LIFE(id="r", status="Enabled", transitions=[MOVE(days=5, storage_class="STANDARD_IA")]))


@breaks(
    "lifecycle-transitions",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration 'life': rules[0].expiration.days "
    "is 30; allowed: more than 30.",
)
def expired_before_it_moves():
    expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=30)
    move = MOVE(days=30, storage_class="STANDARD_IA")
    lifecycle(LIFE(id="r", status="Enabled", transitions=[move], expiration=expiration))


@keeps("lifecycle-transitions")
def moved_after_30_days():
    expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=31)
    move = MOVE(days=30, storage_class="STANDARD_IA")
    lifecycle(LIFE(id="r", status="Enabled", transitions=[move], expiration=expiration))


@breaks(
    "lifecycle-ids",
    'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration \'life\': rules is ["r", "r"]; '
    "allowed: ids that differ.",
)
def two_rules_of_one_id():
    lifecycle(LIFE(id="r", status="Enabled"), LIFE(id="r", status="Disabled"))


@keeps("lifecycle-ids")
def two_rules_of_two_ids():
    after = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=1)
    lifecycle(LIFE(id="r", status="Enabled", expiration=after), LIFE(id="s", status="Disabled", expiration=after))


@breaks(
    "balancer-may-write-its-log",
    "aws:lb/loadBalancer:LoadBalancer 'lb': accessLogs.prefix is \"AWSLogs\"; allowed: a prefix without "
    "AWSLogs, which is added.",
    "aws:lb/loadBalancer:LoadBalancer 'lb': accessLogs.bucket is \"b\"; allowed: a bucket whose policy "
    "lets the log delivery write.",
)
def log_that_nobody_may_write():
    logged(bucket(), prefix="AWSLogs")


@keeps("balancer-may-write-its-log")
def log_that_is_written():
    made = bucket()
    policy(made, principal={"Service": DELIVERY})
    logged(made)


@breaks(
    "balancer-log-encryption",
    "aws:lb/loadBalancer:LoadBalancer 'lb': accessLogs.bucket is \"b\"; allowed: a bucket encrypted with AES256.",
)
def log_under_a_key():
    made = bucket()
    policy(made, principal={"Service": DELIVERY})
    kms = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms"
    )
    rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(apply_server_side_encryption_by_default=kms)
    aws.s3.BucketServerSideEncryptionConfiguration("b", bucket=made.id, rules=[rule])
    logged(made)
