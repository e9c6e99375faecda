"""Rules of what is said of a bucket beside it: versions, replication, encryption, lifecycle and web site."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.object_store import BUCKET, ENCRYPTION, GUIDE, LIFECYCLE
from policies.stack import Stack
from policies.values import Fault, Properties, apart, of_each

REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration"
API = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_"
DOES = ("abortIncompleteMultipartUpload", "expiration", "noncurrentVersionExpiration", "noncurrentVersionTransitions",
        "transitions")  # fmt: skip
"""What a lifecycle rule may do."""


@stack_rule(REPLICATION, source=f"{GUIDE}replication-requirements.html",
            fix='add a BucketVersioning with status "Enabled", and make the replication depend on it')  # fmt: skip
def replication_of_versions(replication: Resource, stack: Stack) -> Iterator[Fault]:
    """S3 replicates versions: source and destination must both have versioning enabled."""
    for path in ("bucket", "rules"):
        for bucket in stack.referred(replication, path, BUCKET):
            if not _has_versions(bucket, stack):
                yield replication.fault(path, "a bucket with versioning enabled", got=bucket.name)


@resource_rule(ENCRYPTION, source=f"{API}ServerSideEncryptionByDefault.html", fix='set sse_algorithm="aws:kms"')
def bucket_key_of_its_algorithm(encryption: Resource) -> Iterator[Fault]:
    """A key is for aws:kms alone: S3 refuses it beside AES256."""
    yield from of_each(encryption.parts("rules"), _key)


@resource_rule(LIFECYCLE, source=f"{API}LifecycleRule.html", fix="give expiration, transitions or another action")
def lifecycle_does_something(lifecycle: Resource) -> Iterator[Fault]:
    """Each rule of a lifecycle does at least one thing; S3 refuses one that does nothing (MalformedXML)."""
    for number, rule in enumerate(lifecycle.parts("rules")):
        if not any(name in rule for name in DOES):
            yield lifecycle.fault(f"rules[{number}]", "an action", got=sorted(rule.keys()))


@resource_rule(LIFECYCLE, source=f"{API}LifecycleExpiration.html", fix="give days or date")
def lifecycle_expires_once(lifecycle: Resource) -> Iterator[Fault]:
    """Objects expire after days, on a date, or when a delete marker is all that is left: one of the three."""
    yield from of_each(lifecycle.parts("rules"), _expiration)


@resource_rule(WEBSITE, source=f"{API}IndexDocument.html", fix='write "index.html"')
def website_index(website: Resource) -> Iterator[Fault]:
    """The index document is a name that S3 appends to each folder, without a slash."""
    yield from website.matching("indexDocument.suffix", r"[^/]+", "a name without a slash")


@apart
def _key(rule: Properties) -> Iterator[Fault]:
    default = rule.part("applyServerSideEncryptionByDefault")
    if "kmsMasterKeyId" in default and not default.text("sseAlgorithm").startswith("aws:kms"):
        yield default.fault("sseAlgorithm", "aws:kms or aws:kms:dsse beside a key")


def _expiration(rule: Properties) -> Iterator[Fault]:
    expiration = rule.part("expiration")
    given = [name for name in ("date", "days", "expiredObjectDeleteMarker") if expiration.get(name)]
    if len(given) > 1:
        yield rule.fault("expiration", "one of days, date and expiredObjectDeleteMarker", got=given)


def _has_versions(bucket: Resource, stack: Stack) -> bool:
    """Whether versioning is on; what is not known yet is taken to be."""
    beside = stack.referring(VERSIONING, "bucket", bucket)
    paths = [(each, "versioningConfiguration.status") for each in beside]
    inside = not bucket.is_known("versioning") or bucket.part("versioning").get("enabled") is True
    return inside or any(not each.is_known(path) or each.text(path) == "Enabled" for each, path in paths)
