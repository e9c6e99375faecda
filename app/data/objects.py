"""One bucket of the object store: whole objects by key, and forms by which a browser puts one there itself."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from app.data.aws import Aws
from app.data.outage import Unavailable

ABSENT = {"NoSuchKey", "404"}
"""What S3 says of a missing key to who may list the bucket, as servers may (S3 API, GetObject, "Permissions")."""


class TooLongError(Exception):
    """The object is longer than the caller takes."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser posts, as multipart/form-data with the file as the last field (S3 API, "POST Object")."""

    url: str
    fields: dict[str, str]


class Objects:
    """Objects of one bucket."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        """Reach *bucket* through *aws*."""
        self._aws = aws
        self._bucket = bucket

    async def form(self, key: str, content_type: str, most_bytes: int, lifetime_s: int) -> Form:
        """Let whoever has the form put 1 to *most_bytes* of just this type under just this key, for *lifetime_s*."""
        kind = {"Content-Type": content_type}
        signed = await self._aws.sign_form(
            Bucket=self._bucket,
            Key=key,
            Fields=dict(kind),
            Conditions=[kind, ["content-length-range", 1, most_bytes]],
            ExpiresIn=lifetime_s,
        )
        return Form(signed["url"], signed["fields"])

    async def get(self, key: str, most_bytes: int) -> bytes | None:
        """The object, or None; raises TooLongError without having fetched it, Unavailable. Consistent.

        Unavailable as well where the server may not read it: a policy or a key is wrong, and what is there is not gone.
        """
        try:
            answer = await self._aws.call("s3", "get_object", Bucket=self._bucket, Key=key)
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code in ABSENT:
                return None
            if code == "AccessDenied":
                raise Unavailable("objects", f"{code}: this server may not read {self._bucket}") from refused
            raise
        with answer["Body"] as body:
            if answer["ContentLength"] > most_bytes:
                raise TooLongError
            return await self._aws.run(body.read)

    async def put_once(self, key: str, content: bytes, content_type: str) -> bool:
        """Put an object unless the key is taken, and return whether it was put; raises Unavailable. Consistent."""
        try:
            await self._put(key, content, content_type, IfNoneMatch="*")
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise
        return True

    async def put(self, key: str, content: bytes, content_type: str, cache_control: str = "private, no-store") -> None:
        """Put or overwrite one object; raises Unavailable. Consistent: whoever reads after this reads it."""
        await self._put(key, content, content_type, CacheControl=cache_control)

    async def _put(self, key: str, content: bytes, content_type: str, **how: str) -> None:
        await self._aws.call(
            "s3", "put_object", Bucket=self._bucket, Key=key, Body=content, ContentType=content_type, **how
        )
