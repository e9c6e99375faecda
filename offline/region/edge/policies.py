"""Read a behaviour's cache policy from the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.region.edge.table import CachePolicy, Parameters
from offline.region.process import RegionError

MANAGED = {
    "Managed-CachingOptimized": {"gzip": True, "brotli": True},
    "Managed-CachingOptimizedForUncompressedObjects": {},
    "Managed-CachingDisabled": {},
}
"""AWS's own, of which the account shows the times alone (Developer Guide, "Use managed cache policies")."""


def cache_policy(cloudfront: Any, id_: str) -> CachePolicy:
    """What is in the key, and for how long answers are kept; RegionError, by name, for a managed one unknown here."""
    config = cloudfront.get_cache_policy(Id=id_)["CachePolicy"]["CachePolicyConfig"]
    times = {"minimum_s": config["MinTTL"], "default_s": config["DefaultTTL"], "maximum_s": config["MaxTTL"]}
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin")
    if parameters is not None:
        return CachePolicy(**times, **_parameters(parameters))
    if config["Name"] not in MANAGED:
        raise RegionError(
            f"a cache policy is {config['Name']}; allowed offline: {', '.join(MANAGED)}, or one of your own. Fix: these"
        )
    return CachePolicy(**times, **MANAGED[config["Name"]])


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
