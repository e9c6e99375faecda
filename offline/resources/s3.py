"""Carry S3 buckets and whose they are into the offline account: ownership, public access, policies, encryption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, Put, changed, fields, standing, tag_list, tag_map
from offline.words import from_aws, to_aws

NO_LOCATION = "us-east-1"
"""The one region that CreateBucket must not be told (S3 API, CreateBucketConfiguration)."""
GONE = fields(
    """NoSuchBucket NoSuchBucketPolicy NoSuchCORSConfiguration NoSuchKey NoSuchLifecycleConfiguration NoSuchTagSet
    NoSuchPublicAccessBlockConfiguration OwnershipControlsNotFoundError ServerSideEncryptionConfigurationNotFoundError
    404"""
)
"""Error codes by which S3 says that there is no such thing (S3 API, "List of error codes")."""
WORDS = {"kmsMasterKeyId": "KMSMasterKeyID", "sseAlgorithm": "SSEAlgorithm"}

T = TypeVar("T")


def found(ask: Callable[[], T]) -> T | None:
    """Answer of *ask*, or None when S3 says that there is no such thing."""
    return unless_gone(ask, *GONE)


class Bucket(Handler):
    """`aws.s3.Bucket`; its id is its name. `forceDestroy` is the provider's own: AWS never hears of it."""

    token = "aws:s3/bucket:Bucket"
    emulates = fields("bucket tags")
    records = fields("forceDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name = inputs["bucket"]
        where = {} if aws.region == NO_LOCATION else {"LocationConstraint": aws.region}
        aws("s3").create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
        if inputs.get("tags"):
            with standing(name):
                aws("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(inputs["tags"])})
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        location = found(lambda: aws("s3").get_bucket_location(Bucket=id_))
        if location is None:
            return None
        region = location["LocationConstraint"] or NO_LOCATION
        tags = tag_map((found(lambda: aws("s3").get_bucket_tagging(Bucket=id_)) or {}).get("TagSet"))
        return {
            "bucket": id_,
            "arn": f"arn:aws:s3:::{id_}",
            "bucketDomainName": f"{id_}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{id_}.s3.{region}.amazonaws.com",
            "bucketRegion": region,
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """With `forceDestroy` every object and version goes first; S3 deletes no bucket that holds any."""
        if state.get("forceDestroy"):
            pages = aws("s3").get_paginator("list_object_versions").paginate(Bucket=id_)
            for page in pages:
                for held in page.get("Versions", []) + page.get("DeleteMarkers", []):
                    aws("s3").delete_object(Bucket=id_, Key=held["Key"], VersionId=held["VersionId"])
        aws("s3").delete_bucket(Bucket=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """S3 takes all the tags at once."""
        if not changed(old, new, "tags"):
            return
        if new.get("tags"):
            aws("s3").put_bucket_tagging(Bucket=id_, Tagging={"TagSet": tag_list(new["tags"])})
        else:
            aws("s3").delete_bucket_tagging(Bucket=id_)


class BucketPublicAccessBlock(Put):
    """`aws.s3.BucketPublicAccessBlock`; its id is the bucket's name."""

    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    doors: Mapping[str, str] = {
        "blockPublicAcls": "BlockPublicAcls",
        "blockPublicPolicy": "BlockPublicPolicy",
        "ignorePublicAcls": "IgnorePublicAcls",
        "restrictPublicBuckets": "RestrictPublicBuckets",
    }
    emulates = fields(" ".join(doors)) | fields("bucket")
    records = fields("skipDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        doors = {of: inputs.get(name, False) for name, of in self.doors.items()}
        aws("s3").put_public_access_block(Bucket=inputs["bucket"], PublicAccessBlockConfiguration=doors)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_public_access_block(Bucket=id_))
        if held is None:
            return None
        doors = held["PublicAccessBlockConfiguration"]
        return {"bucket": id_, **{name: doors[of] for name, of in self.doors.items()}}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        if not state.get("skipDestroy"):
            aws("s3").delete_public_access_block(Bucket=id_)


class BucketOwnershipControls(Put):
    """`aws.s3.BucketOwnershipControls`; its id is the bucket's name."""

    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    emulates = fields("bucket rule")

    def create(self, aws: Aws, inputs: Properties) -> str:
        rules = [{"ObjectOwnership": inputs["rule"]["objectOwnership"]}]
        aws("s3").put_bucket_ownership_controls(Bucket=inputs["bucket"], OwnershipControls={"Rules": rules})
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_ownership_controls(Bucket=id_))
        if held is None:
            return None
        return {"bucket": id_, "rule": {"objectOwnership": held["OwnershipControls"]["Rules"][0]["ObjectOwnership"]}}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("s3").delete_bucket_ownership_controls(Bucket=id_)


class BucketPolicy(Put):
    """`aws.s3.BucketPolicy`; its id is the bucket's name."""

    token = "aws:s3/bucketPolicy:BucketPolicy"
    emulates = fields("bucket policy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("s3").put_bucket_policy(Bucket=inputs["bucket"], Policy=inputs["policy"])
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_policy(Bucket=id_))
        return None if held is None else {"bucket": id_, "policy": held["Policy"]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("s3").delete_bucket_policy(Bucket=id_)


class BucketServerSideEncryptionConfiguration(Put):
    """`aws.s3.BucketServerSideEncryptionConfiguration`; its id is the bucket's name."""

    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    emulates = fields("bucket rules")

    def create(self, aws: Aws, inputs: Properties) -> str:
        rules = {"Rules": to_aws(inputs["rules"], WORDS)}
        aws("s3").put_bucket_encryption(Bucket=inputs["bucket"], ServerSideEncryptionConfiguration=rules)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_encryption(Bucket=id_))
        if held is None:
            return None
        rules = from_aws(held["ServerSideEncryptionConfiguration"]["Rules"], WORDS)
        asked = [*state.get("rules", []), {}][0]
        return {"bucket": id_, "rules": [_without_default(rule, asked) for rule in rules]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("s3").delete_bucket_encryption(Bucket=id_)


def _without_default(rule: Properties, asked: Mapping[str, Any]) -> Properties:
    """AWS shows a bucket key as off when nobody spoke of one."""
    return {name: value for name, value in rule.items() if name in asked or value is not False}


HANDLERS: tuple[Handler, ...] = (
    Bucket(),
    BucketPublicAccessBlock(),
    BucketOwnershipControls(),
    BucketPolicy(),
    BucketServerSideEncryptionConfiguration(),
)
INVOKES: dict[str, Any] = {}
