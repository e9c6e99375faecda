"""Carry into the offline account how long a bucket's objects live: versions and lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.handler import Aws, Handler, Properties, fields
from offline.resources.s3 import found

MEMBERS = {
    "id": "ID",
    "status": "Status",
    "filter": "Filter",
    "prefix": "Prefix",
    "expiration": "Expiration",
    "days": "Days",
    "date": "Date",
    "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
    "noncurrentVersionExpiration": "NoncurrentVersionExpiration",
    "noncurrentDays": "NoncurrentDays",
    "newerNoncurrentVersions": "NewerNoncurrentVersions",
    "abortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    "daysAfterInitiation": "DaysAfterInitiation",
    "transitions": "Transitions",
    "storageClass": "StorageClass",
}
"""The provider's word -> S3's, at every depth of a lifecycle rule."""
WORDS = {of: name for name, of in MEMBERS.items()}


def _renamed(value: Any, words: Mapping[str, str]) -> Any:
    """Rename every key; a key that *words* lacks is a KeyError, which the engine reports with the resource."""
    if isinstance(value, dict):
        return {words[key]: _renamed(item, words) for key, item in value.items()}
    return [_renamed(item, words) for item in value] if isinstance(value, list) else value


class BucketVersioning(Handler):
    """`aws.s3.BucketVersioning`; its id is the bucket's name."""

    token = "aws:s3/bucketVersioning:BucketVersioning"  # noqa: S105  a type token
    emulates = fields("bucket versioningConfiguration")

    def create(self, aws: Aws, inputs: Properties) -> str:
        status = {"Status": inputs["versioningConfiguration"]["status"]}
        aws("s3").put_bucket_versioning(Bucket=inputs["bucket"], VersioningConfiguration=status)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_versioning(Bucket=id_))
        if not held or "Status" not in held:
            return None
        return {"bucket": id_, "versioningConfiguration": {"status": held["Status"]}}


class BucketLifecycleConfiguration(Handler):
    """`aws.s3.BucketLifecycleConfiguration`; its id is the bucket's name."""

    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"  # noqa: S105  a type token
    emulates = fields("bucket rules")

    def create(self, aws: Aws, inputs: Properties) -> str:
        rules = {"Rules": _renamed(inputs["rules"], MEMBERS)}
        aws("s3").put_bucket_lifecycle_configuration(Bucket=inputs["bucket"], LifecycleConfiguration=rules)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_lifecycle_configuration(Bucket=id_))
        return None if held is None else {"bucket": id_, "rules": _renamed(held["Rules"], WORDS)}


HANDLERS: tuple[Handler, ...] = (BucketVersioning(), BucketLifecycleConfiguration())
INVOKES: dict[str, Any] = {}
