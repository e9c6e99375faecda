"""Read from the account what an edge does for its distribution."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from offline.absence import unless_gone
from offline.region.edge.policies import cache_policy, forwarded
from offline.region.edge.table import Behavior, CachePolicy, ErrorPage, Forwarded, Origin, OriginGroup

SIGNED = "AWS4-HMAC-SHA256 Credential=edge/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""What an origin access control adds: moto wants to see a signature and checks none; without one it answers 403."""

BUCKET = re.compile(r"https://[a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com")

ERRORS, ERROR_S = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 10.0

NOWHERE = ("127.0.0.1", 0)
"""Of an origin that is not in this account: nobody listens on port 0, so that the edge answers 502 for it."""

Places = Mapping[str, Mapping[int, tuple[str, int]]]
"""Host name -> port there -> address and port here."""


def behaviors(cloudfront: Any, config: Mapping[str, Any], endpoint: str) -> tuple[Behavior, ...]:
    """In the order in which patterns are tried, the default last.

    What a header says of a bucket's own address is said of *endpoint*: that is where a browser reaches buckets here.
    """
    ordered = config.get("CacheBehaviors", {}).get("Items", [])
    return tuple(_behavior(cloudfront, each, endpoint) for each in [*ordered, config["DefaultCacheBehavior"]])


def origins(s3: Any, config: Mapping[str, Any], places: Places, endpoint: str) -> dict[str, Origin]:
    """Every origin by its id; buckets are asked at *endpoint*, all others where *places* says."""
    return {each["Id"]: _origin(s3, each, places, endpoint) for each in config["Origins"]["Items"]}


def groups(config: Mapping[str, Any]) -> dict[str, OriginGroup]:
    """Every group of origins by its id."""
    return {
        each["Id"]: OriginGroup(
            first=each["Members"]["Items"][0]["OriginId"],
            second=each["Members"]["Items"][1]["OriginId"],
            statuses=tuple(each["FailoverCriteria"]["StatusCodes"]["Items"]),
        )
        for each in config.get("OriginGroups", {}).get("Items", [])
    }


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


def _behavior(cloudfront: Any, behavior: Mapping[str, Any], endpoint: str) -> Behavior:
    policy = behavior.get("OriginRequestPolicyId")
    headers = behavior.get("ResponseHeadersPolicyId")
    return Behavior(
        pattern=behavior.get("PathPattern", "*"),
        origin=behavior["TargetOriginId"],
        methods=tuple(behavior["AllowedMethods"]["Items"]),
        **(_changed(cloudfront, headers, endpoint) if headers else {}),
        cache=cache_policy(cloudfront, behavior["CachePolicyId"]) if behavior.get("CachePolicyId") else CachePolicy(),
        compress=behavior.get("Compress", False),
        forwarded=forwarded(cloudfront, policy) if policy else Forwarded(),
    )


SECURITY = {
    "ContentSecurityPolicy": lambda part: ("content-security-policy", part["ContentSecurityPolicy"]),
    "ContentTypeOptions": lambda _part: ("x-content-type-options", "nosniff"),
    "FrameOptions": lambda part: ("x-frame-options", part["FrameOption"]),
    "ReferrerPolicy": lambda part: ("referrer-policy", part["ReferrerPolicy"]),
    "XSSProtection": lambda part: (
        "x-xss-protection",
        str(int(part["Protection"]))
        + ("; mode=block" if part.get("ModeBlock") else "")
        + (f"; report={part['ReportUri']}" if part.get("ReportUri") else ""),
    ),
    "StrictTransportSecurity": lambda part: (
        "strict-transport-security",
        f"max-age={part['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if part.get("IncludeSubdomains") else "")
        + ("; preload" if part.get("Preload") else ""),
    ),
}
"""Part of a response headers policy -> the header that it makes (CloudFront Developer Guide, "security headers")."""

MANAGED_SECURITY: Mapping[str, Any] = {
    "ContentTypeOptions": {},
    "FrameOptions": {"FrameOption": "SAMEORIGIN"},
    "ReferrerPolicy": {"ReferrerPolicy": "strict-origin-when-cross-origin"},
    "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31_536_000},
    "XSSProtection": {"Protection": True, "ModeBlock": True},
}
"""Of AWS's own policies, which the account shows by name (Developer Guide, "managed response headers policies")."""


def _changed(cloudfront: Any, policy: str, endpoint: str) -> dict[str, tuple[Any, ...]]:
    """What a response headers policy adds to each answer, and what it removes."""
    config = cloudfront.get_response_headers_policy(Id=policy)["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"]
    managed = MANAGED_SECURITY if "SecurityHeadersPolicy" in config["Name"] else {}
    parts = config.get("SecurityHeadersConfig", managed)
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
    address, port = places.get(name, {}).get(there, NOWHERE)
    wait = float(custom["OriginReadTimeout"])
    return Origin(address=address, port=port, host=name, prefix=path, headers=headers, read_s=wait)
