"""Let pages in a browser put objects into a bucket, with addresses that a server signed for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import names


@dataclass(frozen=True, kw_only=True, slots=True)
class BrowserUploadsArgs:
    """Whose pages may upload where."""

    bucket_name: pulumi.Input[str]
    origins: Sequence[pulumi.Input[str]]
    """Scheme and host of the pages, e.g. https://shop.example.org, without a path. Never `*`."""

    def __post_init__(self) -> None:
        if not self.origins or "*" in self.origins:
            raise ValueError(
                f"origins is {list(self.origins)!r}; allowed: at least one, never '*'. Fix: the pages' own"
            )


class BrowserUploads(pulumi.ComponentResource):
    """The bucket's CORS rule, a resource of its own: it needs the CDN's address, and the CDN needs the bucket.

    It grants nothing and costs nothing: who may upload what is in the signature. Sign for the regional endpoint; the
    global one answers a browser's preflight with a redirect, which browsers refuse (S3 User Guide, "Troubleshooting
    CORS").
    """

    def __init__(self, name: str, args: BrowserUploadsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:data:BrowserUploads", name, None, opts)
        self._rule(name, args)
        self.register_outputs({})

    def _rule(self, name: str, args: BrowserUploadsArgs) -> aws.s3.BucketCorsConfiguration:
        """PUT for a signed address, POST for a signed form (which can bound the size); the ETag proves what arrived."""
        return aws.s3.BucketCorsConfiguration(
            names.logical(aws.s3.BucketCorsConfiguration, name, "cors"),
            bucket=args.bucket_name,
            cors_rules=[
                {
                    "allowed_methods": ["PUT", "POST"],
                    "allowed_origins": list(args.origins),
                    "allowed_headers": ["content-type", "content-md5", "x-amz-*"],
                    "expose_headers": ["ETag"],
                    "max_age_seconds": 3600,
                }
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
