"""Read the policies of a behaviour from the account: what is in the cache's key, and what goes on to the origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.region.edge.table import CachePolicy, Forwarded, Parameters

NONE, EVERY = Parameters(), Parameters(behavior="all")


def only(*names: str) -> Parameters:
    """These and no others."""
    return Parameters(behavior="whitelist", names=names)


COMPRESSED = {"gzip": True, "brotli": True}
BY_ORIGIN = {
    **COMPRESSED,
    "headers": ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
    "cookies": EVERY,
}
MANAGED: Mapping[str, Mapping[str, Any]] = {
    "Managed-CachingOptimized": COMPRESSED,
    "Managed-CachingOptimizedForUncompressedObjects": {},
    "Managed-CachingDisabled": {},
    "Managed-Elemental-MediaPackage": {
        "gzip": True,
        "headers": ("origin",),
        "query": only("aws.manifestfilter", "start", "end", "m"),
    },
    "Managed-Amplify": {**COMPRESSED, "headers": ("authorization", "host"), "cookies": EVERY, "query": EVERY},
    "UseOriginCacheControlHeaders": BY_ORIGIN,
    "UseOriginCacheControlHeaders-QueryStrings": {**BY_ORIGIN, "query": EVERY},
}
"""AWS's own, of which the account shows the times alone (Developer Guide, "Use managed cache policies")."""

TOLD = ("cloudfront-forwarded-proto", "cloudfront-viewer-address")
"""CloudFront's own headers that the edge knows."""
_CORS = ("origin", "access-control-request-headers", "access-control-request-method")
_VIEWER = Forwarded(headers=EVERY, cookies=EVERY, query=EVERY)
MANAGED_REQUESTS: Mapping[str, Forwarded] = {
    "Managed-AllViewer": _VIEWER,
    "Managed-AllViewerExceptHostHeader": Forwarded(
        headers=Parameters(behavior="allExcept", names=("host",)), cookies=EVERY, query=EVERY
    ),
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": Forwarded(headers=EVERY, cookies=EVERY, query=EVERY, told=TOLD),
    "Managed-CORS-S3Origin": Forwarded(headers=only(*_CORS)),
    "Managed-CORS-CustomOrigin": Forwarded(headers=only("origin")),
    "Managed-UserAgentRefererHeaders": Forwarded(headers=only("user-agent", "referer")),
    "Managed-Elemental-MediaTailor-PersonalizedManifests": Forwarded(
        headers=only(*_CORS, "user-agent", "x-forwarded-for"), query=EVERY
    ),
    "Managed-HostHeaderOnly": Forwarded(headers=only("host")),
}
"""AWS's own, of which the account shows the names (Developer Guide, "Use managed origin request policies")."""


def cache_policy(cloudfront: Any, id_: str) -> CachePolicy:
    """What is in the key, and for how long answers are kept."""
    config = cloudfront.get_cache_policy(Id=id_)["CachePolicy"]["CachePolicyConfig"]
    times = {"minimum_s": config["MinTTL"], "default_s": config["DefaultTTL"], "maximum_s": config["MaxTTL"]}
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin")
    return CachePolicy(**times, **(_parameters(parameters) if parameters else MANAGED[config["Name"]]))


def forwarded(cloudfront: Any, id_: str) -> Forwarded:
    """What an origin request policy lets through."""
    config = cloudfront.get_origin_request_policy(Id=id_)["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
    if config["Name"] in MANAGED_REQUESTS:
        return MANAGED_REQUESTS[config["Name"]]
    headers = config["HeadersConfig"]
    names = tuple(each.lower() for each in headers.get("Headers", {}).get("Items", []))
    known = {
        "none": NONE,
        "whitelist": only(*names),
        "allViewer": EVERY,
        "allViewerAndWhitelistCloudFront": EVERY,
        "allExcept": Parameters(behavior="allExcept", names=names),
    }
    says = {"whitelist", "allViewerAndWhitelistCloudFront"}
    return Forwarded(
        headers=known[headers["HeaderBehavior"]],
        cookies=_some(config["CookiesConfig"], "CookieBehavior", "Cookies"),
        query=_some(config["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
        told=tuple(each for each in TOLD if each in names and headers["HeaderBehavior"] in says),
    )


def _parameters(config: Mapping[str, Any]) -> dict[str, Any]:
    headers = config["HeadersConfig"].get("Headers", {}).get("Items", [])
    return {
        "headers": tuple(each.lower() for each in headers),
        "cookies": _some(config["CookiesConfig"], "CookieBehavior", "Cookies"),
        "query": _some(config["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
        "gzip": config["EnableAcceptEncodingGzip"],
        "brotli": config.get("EnableAcceptEncodingBrotli", False),
    }


def _some(config: Mapping[str, Any], behavior: str, names: str) -> Parameters:
    return Parameters(behavior=config[behavior], names=tuple(config.get(names, {}).get("Items", [])))
