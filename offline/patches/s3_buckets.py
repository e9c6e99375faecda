"""S3 buckets as AWS keeps them: lifecycle rules whole, encrypted and without access lists from the start."""

from typing import Any

import xmltodict
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeAcl, FakeBucket, S3Backend
from moto.s3.responses import S3Response

from offline.patches.swap import replaces

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
AES256 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}
ENFORCED = "BucketOwnerEnforced"


@replaces(FakeBucket, "set_lifecycle")
def rules_are_kept_whole(original: Any, bucket: FakeBucket, rules: list[dict[str, Any]]) -> None:
    """Keep the rules as they came: moto drops size filters and NewerNoncurrentVersions of an expiration."""
    original(bucket, rules)
    vars(bucket)["rules_as_given"] = rules


@replaces(S3Response, "get_bucket_lifecycle")
def rules_are_shown_whole(original: Any, response: Any) -> Any:
    """The body of the answer is the body of the request: the API gives both the same shape."""
    status, headers, _ = original(response)
    rules = vars(response.backend.get_bucket(response.bucket_name))["rules_as_given"]
    return status, headers, xmltodict.unparse({"LifecycleConfiguration": {"@xmlns": NAMESPACE, "Rule": rules}})


@replaces(S3Backend, "get_bucket_encryption")
def buckets_are_encrypted_from_the_start(original: Any, backend: S3Backend, bucket_name: str) -> Any:
    """Since January 2023 a bucket is encrypted with SSE-S3 when nothing else was asked for; moto answers not found."""
    return original(backend, bucket_name) or AES256


@replaces(S3Backend, "get_bucket_ownership_controls")
def owners_are_enforced_from_the_start(original: Any, backend: S3Backend, bucket_name: str) -> Any:
    """Since April 2023 a bucket has no access lists unless it asks for them; moto answers not found."""
    return original(backend, bucket_name) or ENFORCED


@replaces(S3Backend, "put_bucket_acl")
def access_lists_are_refused(original: Any, backend: S3Backend, bucket_name: str, acl: FakeAcl | None) -> None:
    """Moto takes a public access list on a bucket that has none, so that `public-read` seems to work."""
    if backend.get_bucket_ownership_controls(bucket_name) == ENFORCED:
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    original(backend, bucket_name, acl)
