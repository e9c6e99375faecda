"""Carry objects, and who may send them from a browser, into the offline account."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from offline.handler import Aws, Handler, Properties, Put, changed, fields, standing, tag_list, tag_map
from offline.resources.s3 import found
from offline.wire import ASSET_SIGNATURE, SIGNATURE
from offline.words import from_aws, to_aws

HEADERS = {
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "websiteRedirect": "WebsiteRedirectLocation",
}
WORDS = {"id": "ID"}


def content(inputs: Properties) -> bytes:
    """The bytes to upload: of `content`, of `contentBase64` or of the asset in `source`, a path or a text.

    A relative path starts at the project's folder, in which programs run. OSError when the file is not there.
    """
    if "content" in inputs:
        return inputs["content"].encode()
    if "contentBase64" in inputs:
        return base64.b64decode(inputs["contentBase64"])
    asset = inputs["source"]
    if not isinstance(asset, dict) or asset.get(SIGNATURE) != ASSET_SIGNATURE or not {"path", "text"} & asset.keys():
        raise ValueError(f"source is {asset!r}; allowed: a FileAsset or a StringAsset. Fix: pulumi.FileAsset(path)")
    return Path(asset["path"]).read_bytes() if "path" in asset else asset["text"].encode()


class BucketObject(Handler):
    """`aws.s3.BucketObjectv2`; its id is bucket/key.

    The bytes are held, and read back by whoever asks S3; `source`, `sourceHash` and `content` say where the bytes came
    from, which neither S3 nor the real provider can tell afterwards.
    """

    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    emulates = fields(" ".join(HEADERS)) | fields("bucket key tags")
    records = fields("content contentBase64 forceDestroy source sourceHash")
    moves = fields("etag versionId")

    def create(self, aws: Aws, inputs: Properties) -> str:
        headers = {of: inputs[name] for name, of in HEADERS.items() if name in inputs}
        body, where = content(inputs), {"Bucket": inputs["bucket"], "Key": inputs["key"]}
        aws("s3").put_object(**where, Body=body, **headers)
        if inputs.get("tags"):
            with standing(f"{inputs['bucket']}/{inputs['key']}"):
                aws("s3").put_object_tagging(**where, Tagging={"TagSet": tag_list(inputs["tags"])})
        return f"{inputs['bucket']}/{inputs['key']}"

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        bucket, key = id_.split("/", 1)
        where = {"Bucket": bucket, "Key": key}
        held = found(lambda: aws("s3").head_object(**where))
        if held is None:
            return None
        tags = tag_map(aws("s3").get_object_tagging(**where)["TagSet"])
        headers = {name: held[of] for name, of in HEADERS.items() if of in held}
        computed = {"etag": held["ETag"].strip('"'), "versionId": held.get("VersionId"), "tagsAll": tags}
        return {"bucket": bucket, "key": key, **headers, **computed, "arn": f"arn:aws:s3:::{id_}", "tags": tags}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Every version goes, as with the AWS provider: a delete marker would keep the bucket from being deleted."""
        bucket, key = id_.split("/", 1)
        held = aws("s3").list_object_versions(Bucket=bucket, Prefix=key)
        for version in held.get("Versions", []) + held.get("DeleteMarkers", []):
            if version["Key"] == key:
                aws("s3").delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Any change but that of the tags is a new upload: S3 changes no object that stands."""
        if any(changed(old, new, name) for name in (self.emulates | self.records) - {"forceDestroy", "tags"}):
            self.create(aws, new)
        where = {"Bucket": new["bucket"], "Key": new["key"]}
        aws("s3").put_object_tagging(**where, Tagging={"TagSet": tag_list(new.get("tags"))})


class BucketCorsConfiguration(Put):
    """`aws.s3.BucketCorsConfiguration`; its id is the bucket's name."""

    token = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    emulates = fields("bucket corsRules")

    def create(self, aws: Aws, inputs: Properties) -> str:
        rules = {"CORSRules": to_aws(inputs["corsRules"], WORDS)}
        aws("s3").put_bucket_cors(Bucket=inputs["bucket"], CORSConfiguration=rules)
        return inputs["bucket"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = found(lambda: aws("s3").get_bucket_cors(Bucket=id_))
        return None if held is None else {"bucket": id_, "corsRules": from_aws(held["CORSRules"], WORDS)}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("s3").delete_bucket_cors(Bucket=id_)


HANDLERS: tuple[Handler, ...] = (BucketObject(), BucketCorsConfiguration())
INVOKES: dict[str, Any] = {}
