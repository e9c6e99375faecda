"""Put files of this machine into a bucket, with the headers that browsers and caches go by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from mimetypes import MimeTypes
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import names

MAX_FILES = 200
"""One Pulumi resource per file: beyond this an `up` is slow and the state is large. Use a sync tool for more."""

IMMUTABLE = "public, max-age=31536000, immutable"
PAGE = "public, max-age=60"
OTHER = "public, max-age=300"
HASH_DIGITS = 8
"""Digits of its own SHA-256 that a key must hold to count as a name of this very content."""

NEWER_TYPES = {
    ".avif": "image/avif",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Registered with IANA, and not yet in Python 3.11's table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadedFilesArgs:
    """Which files go where."""

    bucket_name: pulumi.Input[str]
    files: Mapping[str, Path]
    """Key in the bucket, without a slash in front -> file; at most 200."""

    def __post_init__(self) -> None:
        if len(self.files) > MAX_FILES:
            raise ValueError(f"files holds {len(self.files)} files; allowed: at most {MAX_FILES}. Fix: fewer files")
        for key, path in self.files.items():
            if not key or key.startswith("/") or len(key.encode()) > 1024:
                raise ValueError(f"files has the key {key!r}; allowed: 1 to 1024 bytes, no '/' in front. Fix: the key")
            if not path.is_file():
                raise ValueError(f"files[{key!r}] is {path}; allowed: a file that exists. Fix: the path")


class UploadedFiles(pulumi.ComponentResource):
    """One object per file, replaced in place when its content changes; 1,000 uploads cost 0.005 USD in us-east-1.

    How long a browser or the CDN may keep it, since nothing tells them of a change:

    - a key that holds the first 8 digits of its content's SHA-256: a year, since new content has a new name. It also
      stays in the bucket when the program no longer has it: old pages, old servers and a rolled-back fleet still ask;
    - an HTML page, whose name is what people know: 60 seconds;
    - everything else (robots.txt, icons): 5 minutes.
    """

    keys: dict[str, pulumi.Output[str]]
    """Key -> the same key, known once its object is in the bucket."""

    def __init__(self, name: str, args: UploadedFilesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:UploadedFiles", name, None, opts)
        digests = {key: hashlib.sha256(path.read_bytes()).hexdigest() for key, path in args.files.items()}
        lasting = [key for key, digest in digests.items() if digest[:HASH_DIGITS] in key]
        made = {key: self._object(name, args, key, digests[key], ()) for key in lasting}
        before = tuple(made.values())
        made |= {key: self._object(name, args, key, digests[key], before) for key in digests if key not in made}
        self.keys = {key: each.key for key, each in made.items()}
        self.register_outputs({"keys": self.keys})

    def _object(
        self, name: str, args: UploadedFilesArgs, key: str, digest: str, after: Sequence[pulumi.Resource]
    ) -> aws.s3.BucketObjectv2:
        """After what it may name: a page of a new release must not be seen before its scripts are there."""
        type_, immutable = content_type(key), digest[:HASH_DIGITS] in key
        return aws.s3.BucketObjectv2(
            names.logical(aws.s3.BucketObjectv2, name, key),
            bucket=args.bucket_name,
            key=key,
            source=pulumi.FileAsset(_from_here(args.files[key])),
            source_hash=digest,
            content_type=type_,
            cache_control=IMMUTABLE if immutable else PAGE if type_.startswith("text/html") else OTHER,
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=immutable, depends_on=after),
        )


def content_type(key: str) -> str:
    """Media type of *key* by its suffix, text in UTF-8; application/octet-stream when the suffix is unknown."""
    type_, encoding = _types().guess_type(key)
    if encoding == "gzip":  # the file is to arrive as it is: no Content-Encoding, which would unpack it on the way
        return "application/gzip"
    if type_ is None or encoding:
        return "application/octet-stream"
    return f"{type_}; charset=utf-8" if type_.startswith("text/") else type_


@cache
def _types() -> MimeTypes:
    """Python's own table, not the machine's /etc/mime.types: the same header wherever the program runs."""
    types = MimeTypes(filenames=())
    for suffix, type_ in NEWER_TYPES.items():
        types.add_type(type_, suffix)
    return types


def _from_here(path: Path) -> str:
    """Relative to the project's folder, in which programs run: the state then names no folder of one machine."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
