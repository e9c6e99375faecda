"""Say which paths of the CDN lead to which origin, and what is cached, forwarded and allowed on each."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

PAGES, PICTURES, BALANCER = "pages", "pictures", "balancer"
"""Origins of the distribution."""

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""Managed cache policies, the same ids in every account (CloudFront Developer Guide, "Use managed cache policies")."""
ALL_VIEWER_AND_CLOUDFRONT_HEADERS = "33f36d7e-f396-46d9-90e0-52428a34d9dc"
"""AllViewerAndCloudFrontHeaders-2022-06: all that the browser sent, its Host too, with CloudFront-Forwarded-Proto and
CloudFront-Viewer-Address (CloudFront Developer Guide, "Use managed origin request policies")."""

READS = ("GET", "HEAD")
EVERYTHING = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
"""CloudFront takes one of three sets: these two, or reads with OPTIONS."""


def default_behavior(
    headers_policy_id: pulumi.Input[str] | None,
) -> aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict:
    """Every path without a behaviour of its own is a page, so that `/` is one."""
    return aws.cloudfront.DistributionDefaultCacheBehaviorArgsDict(**_from_bucket(PAGES), **_headers(headers_policy_id))


def ordered_behaviors(
    picture_paths: Sequence[str], balancer_paths: Sequence[str], headers_policy_id: pulumi.Input[str] | None
) -> list[aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict]:
    """Pictures first, then what the load balancer answers; the first pattern that fits decides."""
    pictures = [{"path_pattern": path, **_from_bucket(PICTURES)} for path in picture_paths]
    dynamic = [{"path_pattern": path, **_from_balancer()} for path in balancer_paths]
    return [
        aws.cloudfront.DistributionOrderedCacheBehaviorArgsDict(**behavior, **_headers(headers_policy_id))
        for behavior in pictures + dynamic
    ]


def _from_bucket(origin: str) -> dict[str, Any]:
    """Cached as long as the object's Cache-Control says. No origin request policy: S3 refuses a Host not its own."""
    return {
        "target_origin_id": origin,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(READS),
        "cached_methods": list(READS),
        "cache_policy_id": CACHING_OPTIMIZED,
        "compress": True,
    }


def _from_balancer() -> dict[str, Any]:
    """Never cached, everything forwarded. Not compressed: CloudFront compresses only what it may cache."""
    return {
        "target_origin_id": BALANCER,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(EVERYTHING),
        "cached_methods": list(READS),
        "cache_policy_id": CACHING_DISABLED,
        "origin_request_policy_id": ALL_VIEWER_AND_CLOUDFRONT_HEADERS,
    }


def _headers(policy_id: pulumi.Input[str] | None) -> dict[str, Any]:
    return {} if policy_id is None else {"response_headers_policy_id": policy_id}
