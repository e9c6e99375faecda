"""Read a distribution from the account, and say what of it the edge does not carry through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from offline.absence import unless_gone
from offline.region.edge.policies import cache_policy
from offline.region.edge.table import Behavior, CachePolicy, ErrorPage, Origin
from offline.region.process import RegionError

SIGNED = "AWS4-HMAC-SHA256 Credential=edge/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""What an origin access control adds: moto wants to see a signature and checks none; without one it answers 403."""

BUCKET = re.compile(r"https://[a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com")

ERRORS, ERROR_S = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 10.0

Places = Mapping[str, Mapping[int, tuple[str, int]]]
"""Host name -> port there -> address and port here."""


def behaviors(cloudfront: Any, config: Mapping[str, Any], endpoint: str) -> tuple[Behavior, ...]:
    """In the order in which patterns are tried, the default last. RegionError for a policy that the edge lacks.

    What a header says of a bucket's own address is said of *endpoint*: that is where a browser reaches buckets here.
    """
    ordered = config.get("CacheBehaviors", {}).get("Items", [])
    return tuple(_behavior(cloudfront, each, endpoint) for each in [*ordered, config["DefaultCacheBehavior"]])


def origins(s3: Any, config: Mapping[str, Any], places: Places, endpoint: str) -> dict[str, Origin]:
    """Every origin by its id; buckets are asked at *endpoint*, all others where *places* says."""
    return {each["Id"]: _origin(s3, each, places, endpoint) for each in config["Origins"]["Items"]}


def pages(config: Mapping[str, Any]) -> dict[int, ErrorPage]:
    """Status -> the page that is shown for it, and with which status."""
    said = config.get("CustomErrorResponses", {}).get("Items", [])
    return {
        each["ErrorCode"]: ErrorPage(path=each["ResponsePagePath"], status=int(each["ResponseCode"]))
        for each in said
        if each.get("ResponsePagePath")
    }


def errors(config: Mapping[str, Any]) -> dict[int, float]:
    """Status -> seconds for which an origin's error is kept: 10 where nothing is said (CloudFront Developer Guide)."""
    said = config.get("CustomErrorResponses", {}).get("Items", [])
    return dict.fromkeys(ERRORS, ERROR_S) | {each["ErrorCode"]: float(each["ErrorCachingMinTTL"]) for each in said}


def not_carried(config: Mapping[str, Any]) -> list[str]:
    """What the distribution asks for and the edge leaves out, in words."""
    return sorted(set(_left_out(config)))


def _left_out(config: Mapping[str, Any]) -> Iterator[str]:
    yield "brotli: what is compressed is compressed by gzip"
    yield "TLS at the edge: viewers come by plain HTTP, and origins are told https"
    if config.get("WebACLId"):
        yield "the web application firewall"
    for each in [*config.get("CacheBehaviors", {}).get("Items", []), config["DefaultCacheBehavior"]]:
        if each.get("FunctionAssociations", {}).get("Quantity"):
            yield "functions at the edge"


def _behavior(cloudfront: Any, behavior: Mapping[str, Any], endpoint: str) -> Behavior:
    policy = behavior.get("OriginRequestPolicyId")
    forwards: dict[str, Any] = _forwards(cloudfront, policy) if policy else {}
    headers = behavior.get("ResponseHeadersPolicyId")
    return Behavior(
        pattern=behavior.get("PathPattern", "*"),
        origin=behavior["TargetOriginId"],
        methods=tuple(behavior["AllowedMethods"]["Items"]),
        **(_changed(cloudfront, headers, endpoint) if headers else {}),
        cache=cache_policy(cloudfront, behavior["CachePolicyId"]) if behavior.get("CachePolicyId") else CachePolicy(),
        compress=behavior.get("Compress", False),
        **forwards,
    )


def _forwards(cloudfront: Any, policy: str) -> dict[str, bool]:
    """What an origin request policy lets through: all of the viewer's, with or without Host and CloudFront's own."""
    config = cloudfront.get_origin_request_policy(Id=policy)["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
    known = {
        "Managed-AllViewer": {"forwards_viewer": True, "forwards_host": True},
        "Managed-AllViewerExceptHostHeader": {"forwards_viewer": True},
        "Managed-AllViewerAndCloudFrontHeaders-2022-06": {
            "forwards_viewer": True,
            "forwards_host": True,
            "tells_viewer": True,
        },
    }
    if config["Name"] not in known:
        raise RegionError(
            f"an origin request policy is {config['Name']}; allowed offline: {', '.join(known)}. Fix: one of these"
        )
    return known[config["Name"]]


SECURITY = {
    "ContentSecurityPolicy": lambda part: ("content-security-policy", part["ContentSecurityPolicy"]),
    "ContentTypeOptions": lambda _part: ("x-content-type-options", "nosniff"),
    "FrameOptions": lambda part: ("x-frame-options", part["FrameOption"]),
    "ReferrerPolicy": lambda part: ("referrer-policy", part["ReferrerPolicy"]),
    "StrictTransportSecurity": lambda part: (
        "strict-transport-security",
        f"max-age={part['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if part.get("IncludeSubdomains") else "")
        + ("; preload" if part.get("Preload") else ""),
    ),
}
"""Part of a response headers policy -> the header that it makes (CloudFront Developer Guide, "security headers")."""


def _changed(cloudfront: Any, policy: str, endpoint: str) -> dict[str, tuple[Any, ...]]:
    """What a response headers policy adds to each answer, and what it removes."""
    config = cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    parts = config.get("SecurityHeadersConfig", {})
    custom = config.get("CustomHeadersConfig", {}).get("Items", [])
    made = [SECURITY[name](part) for name, part in sorted(parts.items()) if name in SECURITY]
    made += [(each["Header"].lower(), each["Value"]) for each in custom]
    gone = config.get("RemoveHeadersConfig", {}).get("Items", [])
    return {
        "added": tuple((name, BUCKET.sub(endpoint, value)) for name, value in made),
        "removed": tuple(each["Header"].lower() for each in gone),
    }


def missing_of(s3: Any, bucket: str) -> int:
    """Status for a key that is not there: 404 where the bucket's policy lets the CDN list it, else 403.

    Source: Amazon S3 API, GetObject, "If the object that you request doesn't exist".
    """
    held = unless_gone(lambda: s3.get_bucket_policy(Bucket=bucket), "NoSuchBucketPolicy", "NoSuchBucket")
    statements = json.loads(held["Policy"])["Statement"] if held else []
    may_list = any(
        row["Effect"] == "Allow" and "s3:ListBucket" in row["Action"] and "cloudfront" in str(row["Principal"])
        for row in statements
    )
    return HTTPStatus.NOT_FOUND if may_list else HTTPStatus.FORBIDDEN


def _origin(s3: Any, origin: Mapping[str, Any], places: Places, endpoint: str) -> Origin:
    name, path = origin["DomainName"], origin.get("OriginPath", "")
    headers = tuple((each["HeaderName"], each["HeaderValue"]) for each in origin["CustomHeaders"].get("Items", []))
    custom = origin.get("CustomOriginConfig")
    if custom is None:
        bucket, account = name.partition(".s3.")[0], urlsplit(endpoint)
        host, port = str(account.hostname), account.port or 80
        signed = (("Authorization", SIGNED),) if origin.get("OriginAccessControlId") else ()
        prefix = f"/{bucket}{path}"
        sent, missing = (*headers, *signed), missing_of(s3, bucket)
        return Origin(address=host, port=port, host=account.netloc, prefix=prefix, headers=sent, missing=missing)
    there = custom["HTTPPort"] if custom["OriginProtocolPolicy"] == "http-only" else custom["HTTPSPort"]
    if there not in places.get(name, {}):
        raise RegionError(
            f"an origin is {name}:{there}; allowed offline: {', '.join(places)}. Fix: a load balancer here"
        )
    address, port = places[name][there]
    wait = float(custom["OriginReadTimeout"])
    return Origin(address=address, port=port, host=name, prefix=path, headers=headers, read_s=wait)
