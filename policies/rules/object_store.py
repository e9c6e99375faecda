"""Rules of S3 buckets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from itertools import pairwise

from policies.documents import statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
ACL = "aws:s3/bucketAcl:BucketAcl"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
LOGS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"
RESERVED = re.compile(r"(xn--|sthree-|amzn-s3-demo-).*|.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)")
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
LOG_KINDS = ("accessLogs", "connectionLogs", "healthCheckLogs")
DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"


@resource_rule(BUCKET, source=f"{GUIDE}bucketnamingrules.html", fix="use 3 to 63 of a-z, 0-9 and -")
def bucket_name(bucket: Resource) -> Iterator[Fault]:
    """A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, and none of S3's reserved ends."""
    name = bucket.text("bucket")
    good = re.fullmatch(r"(?!.*(\.\.|\.-|-\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) and not RESERVED.fullmatch(name)
    if name and (not good or _is_address(name)):
        yield bucket.fault("bucket", "3 to 63 of a-z, 0-9, . and -, no reserved beginning or end")


@resource_rule(BUCKET, source=f"{GUIDE}bucketnamingrules.html", fix="use hyphens", severity=Severity.ADVISORY)
def bucket_name_without_dots(bucket: Resource) -> Iterator[Fault]:
    """A dot in a bucket's name breaks TLS: the certificate covers one level only."""
    if "." in bucket.text("bucket"):
        yield bucket.fault("bucket", "a name without dots")


@stack_rule(
    BUCKET,
    source=f"{GUIDE}access-control-block-public-access.html",
    fix="add a BucketPublicAccessBlock with all four true",
)
def bucket_is_private(bucket: Resource, stack: Stack) -> Iterator[Fault]:
    """A bucket is kept from the public by a block that no policy and no ACL can undo."""
    for block in stack.referring(BLOCK, "bucket", bucket):
        missing = [name for name in BLOCKS if block.is_known(name) and not block.flag(name)]
        if missing:
            yield bucket.fault("bucket", "a block with all four true", got=f"not true: {', '.join(missing)}")


@stack_rule(
    BUCKET,
    source=f"{GUIDE}access-control-block-public-access.html",
    fix="add a BucketPublicAccessBlock with all four true",
    severity=Severity.ADVISORY,
)
def bucket_says_that_it_is_private(bucket: Resource, stack: Stack) -> Iterator[Fault]:
    """Since 2023 S3 blocks the public by itself, until somebody takes that away by hand: a program can hold it."""
    if not stack.referring(BLOCK, "bucket", bucket):
        yield bucket.fault("bucket", "a BucketPublicAccessBlock of it", got=f"{bucket.name} without a block")


@stack_rule(
    POLICY,
    source=f"{GUIDE}access-control-block-public-access.html",
    fix="make it depend on the BucketPublicAccessBlock",
    severity=Severity.ADVISORY,
)
def bucket_policy_after_its_block(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """S3 refuses two changes of a bucket's access at a time (OperationAborted): the policy waits for the block."""
    for bucket in stack.referred(policy, "bucket", BUCKET):
        blocks = [each.urn for each in stack.referring(BLOCK, "bucket", bucket)]
        if blocks and not set(blocks) & set(policy.options.depends_on):
            yield policy.fault("dependsOn", "the bucket's BucketPublicAccessBlock", got=None)


@stack_rule(POLICY, source=f"{GUIDE}bucket-policies.html", fix="write all statements into one BucketPolicy")
def bucket_policy_alone(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A bucket has one policy: of two resources the last one takes the other's permissions away."""
    for bucket in stack.referred(policy, "bucket", BUCKET):
        if len(stack.referring(POLICY, "bucket", bucket)) > 1:
            yield policy.fault("bucket", "one policy a bucket", got=bucket.name)


@stack_rule(POLICY, source=f"{GUIDE}example-bucket-policies.html", fix="name the bucket's own ARN, and its ARN/*")
def bucket_policy_of_its_bucket(policy: Resource, stack: Stack) -> Iterator[Fault]:
    """A bucket's policy speaks of that bucket only; S3 refuses another's ARN."""
    for bucket in stack.referred(policy, "bucket", BUCKET):
        arn = f"arn:aws:s3:::{bucket.text('bucket')}" if "bucket" in bucket else str(bucket.outputs.get("arn", ""))
        own = (arn, f"{arn}/")
        foreign = [each for statement in statements(policy.document("policy")) for each in statement.resources
                   if not (each == own[0] or each.startswith(own[1]))]  # fmt: skip
        if arn and foreign:
            yield policy.fault("policy", f"resources of {bucket.name}", got=foreign)


@stack_rule(ACL, source=f"{GUIDE}about-object-ownership.html", fix="drop the ACL, and use a policy")
def bucket_acl_where_acls_are_off(acl: Resource, stack: Stack) -> Iterator[Fault]:
    """With BucketOwnerEnforced ACLs are off, and S3 refuses every one but private."""
    for bucket in stack.referred(acl, "bucket", BUCKET):
        for each in stack.referring(OWNERSHIP, "bucket", bucket):
            enforced = each.text("rule.objectOwnership") == "BucketOwnerEnforced"
            if enforced and acl.text("acl") not in ("private", "bucket-owner-full-control"):
                yield acl.fault("acl", "not set with BucketOwnerEnforced")


@resource_rule(
    LIFECYCLE,
    source=f"{GUIDE}lifecycle-transition-general-considerations.html",
    fix="wait 30 days before an infrequent-access class",
)
def lifecycle_transitions(lifecycle: Resource) -> Iterator[Fault]:
    """Objects move to an infrequent-access class after 30 days at the earliest, and expire after their last move."""
    yield from of_each(lifecycle.parts("rules"), _transitions)


def _transitions(rule: Properties) -> Iterator[Fault]:
    told = [each for each in rule.parts("transitions") if each.is_known("days") and each.is_known("storageClass")]
    moves = sorted((each.number("days") or 0, each.text("storageClass")) for each in told)
    for days, kind in moves:
        if kind in ("STANDARD_IA", "ONEZONE_IA") and days < 30:
            yield rule.fault("transitions", "30 days or more", got=f"{kind} after {days} days")
    end = rule.number("expiration.days")
    if moves and end and end <= moves[-1][0]:
        yield rule.fault("expiration.days", f"more than {moves[-1][0]}")


@resource_rule(
    LIFECYCLE,
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html",
    fix="give each rule an id of its own, of at most 255 characters",
)
def lifecycle_ids(lifecycle: Resource) -> Iterator[Fault]:
    """The rules of a bucket's lifecycle have ids of their own."""
    ids = sorted(id_ for each in lifecycle.parts("rules") for id_ in each.known_texts("id"))
    if any(one == other for one, other in pairwise(ids)) or any(len(each) > 255 for each in ids):
        yield lifecycle.fault("rules", "ids that differ", got=ids)


@stack_rule(BALANCER, source=LOGS, fix=f"allow {DELIVERY} s3:PutObject in the bucket's policy, and depend on it")
def balancer_may_write_its_log(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer's log needs a bucket whose policy lets the log delivery write; AWS tries it at once."""
    for kind in LOG_KINDS:
        log = balancer.part(kind)
        if "AWSLogs" in log.text("prefix"):
            yield log.fault("prefix", "a prefix without AWSLogs, which is added")
        for bucket in stack.referred(balancer, f"{kind}.bucket", BUCKET) if log.flag("enabled") else []:
            given = [each for policy in stack.referring(POLICY, "bucket", bucket)
                     for each in statements(policy.document("policy")) if each.allows]  # fmt: skip
            if not any(each.names_service(DELIVERY) and each.covers("s3:PutObject") for each in given):
                yield log.fault("bucket", "a bucket whose policy lets the log delivery write", got=bucket.name)


@stack_rule(BALANCER, source=LOGS, fix="encrypt the log bucket with AES256")
def balancer_log_encryption(balancer: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer writes its log to buckets encrypted by S3 itself; a KMS key makes it fail."""
    for bucket in stack.referred(balancer, "accessLogs.bucket", BUCKET):
        for each in stack.referring(ENCRYPTION, "bucket", bucket):
            path = "applyServerSideEncryptionByDefault.sseAlgorithm"
            used = [algorithm for rule in each.parts("rules") for algorithm in rule.known_texts(path)]
            if any(algorithm.startswith("aws:kms") for algorithm in used):
                yield balancer.fault("accessLogs.bucket", "a bucket encrypted with AES256", got=bucket.name)


@stack_rule(
    NOTIFICATION,
    source=f"{GUIDE}grant-destinations-permissions-to-s3.html",
    fix="add a QueuePolicy that allows s3.amazonaws.com sqs:SendMessage",
)
def bucket_notification_let_in(notification: Resource, stack: Stack) -> Iterator[Fault]:
    """S3 tries the queue when it is told of it, and refuses one that it may not send to."""
    for queue in stack.referred(notification, "queues", "aws:sqs/queue:Queue"):
        given = [each for policy in stack.referring("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", queue)
                 for each in statements(policy.document("policy")) if each.allows]  # fmt: skip
        if not any(each.names_service("s3.amazonaws.com") and each.covers("sqs:SendMessage") for each in given):
            yield notification.fault("queues", "a queue whose policy lets S3 send", got=queue.name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
