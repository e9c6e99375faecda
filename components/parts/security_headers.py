"""Say what every answer of the CDN forbids the browser to do, and what of the servers behind it tells nobody."""

import pulumi
import pulumi_aws as aws

from components import names

HSTS_S = 31_536_000
"""A year, in seconds: what browsers' preload lists ask for at least."""

TELLING = (
    "Server",
    "X-Amz-Server-Side-Encryption",
    "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id",
    "X-Amz-Server-Side-Encryption-Bucket-Key-Enabled",
    "X-Amz-Tagging-Count",
    "X-Amz-Version-Id",
)
"""What S3 says of itself and of how it keeps an object (S3 API, GetObject); CloudFront removes ten headers at most."""


def make_security_headers(parent: pulumi.Resource, name: str, upload_domain: pulumi.Input[str]) -> pulumi.Output[str]:
    """Make the response headers policy as a child of *parent*; pages may connect to the store and to *upload_domain*.

    A policy of its own, because the managed SecurityHeadersPolicy has no content security policy.
    """
    made = aws.cloudfront.ResponseHeadersPolicy(
        names.logical(aws.cloudfront.ResponseHeadersPolicy, name, "security"),
        security_headers_config={
            "strict_transport_security": {
                "access_control_max_age_sec": HSTS_S,
                "include_subdomains": False,  # of a bare domain they may be somebody else's, without TLS
                "override": True,
            },
            "content_security_policy": {"content_security_policy": _content(upload_domain), "override": True},
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "DENY", "override": True},
            "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
        },
        remove_headers_config={"items": [{"header": name} for name in TELLING]},
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return made.id


def _content(upload_domain: pulumi.Input[str]) -> pulumi.Output[str]:
    """Nothing but the store's own; a browser sends a picture straight to the bucket with a signed address."""
    return pulumi.Output.concat(
        "default-src 'self'; connect-src 'self' https://", upload_domain, "; object-src 'none'; base-uri 'none';"
        " form-action 'self' https://", upload_domain, "; frame-ancestors 'none'"
    )  # fmt: skip
