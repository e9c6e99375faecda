"""Carry into the offline account how long a bucket's objects live: versions and lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.handler import Aws, Handler, Properties, Put, fields
from offline.resources.s3 import found
from offline.words import from_aws, to_aws

WORDS = {"id": "ID"}


class BucketVersioning(Put):
    """`aws.s3.BucketVersioning`; its id is the bucket's name."""

    token = "aws:s3/bucketVersioning:BucketVersioning"
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

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Suspend it: S3 never lets a bucket be again as if it had had no versions."""
        aws("s3").put_bucket_versioning(Bucket=id_, VersioningConfiguration={"Status": "Suspended"})


class BucketLifecycleConfiguration(Put):
    """`aws.s3.BucketLifecycleConfiguration`; its id is the bucket's name."""

    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    emulates = fields("bucket rules")

    def create(self, aws: Aws, inputs: Properties) -> str:
        rules = {"Rules": to_aws(inputs["rules"], WORDS)}
        aws("s3").put_bucket_lifecycle_configuration(Bucket=inputs["bucket"], LifecycleConfiguration=rules)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_lifecycle_configuration(Bucket=id_))
        return None if held is None else {"bucket": id_, "rules": from_aws(held["Rules"], WORDS)}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("s3").delete_bucket_lifecycle(Bucket=id_)


HANDLERS: tuple[Handler, ...] = (BucketVersioning(), BucketLifecycleConfiguration())
INVOKES: dict[str, Any] = {}
