"""Name each setting of distributions that does something on AWS and nothing in the region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offline.account import Account
from offline.region.left_out.asking import ALWAYS, Told, asked_for

DISTRIBUTION = {
    "brotli: what is compressed is compressed by gzip": ALWAYS,
    "TLS at the edge: viewers come by plain HTTP, and origins are told https": ALWAYS,
    "HTTP versions of edges: viewers are answered by HTTP/1.1": "HttpVersion && HttpVersion != 'http1.1'",
    "web application firewall: none of its rules is tried": "WebACLId",
    "countries of viewers: all of them are served": "Restrictions.GeoRestriction.RestrictionType != 'none'",
    "logs of edges: `logs` has them, no bucket does": "Logging.Enabled",
    "staging of distributions: no viewer is led to a continuous deployment": "Staging || ContinuousDeploymentPolicyId",
}
BEHAVIOR = {
    "functions at the edge: none runs": "FunctionAssociations.Quantity > `0`",
    "Lambda@Edge: none runs": "LambdaFunctionAssociations.Quantity > `0`",
    "signed addresses and cookies: whoever asks is answered": "TrustedKeyGroups.Enabled || TrustedSigners.Enabled",
    "field-level encryption: fields go on as they came": "FieldLevelEncryptionId",
    "real-time logs of edges: nothing is sent": "RealtimeLogConfigArn",
    "gRPC at the edge: it is not spoken": "GrpcConfig.Enabled",
    "caching of OPTIONS: each goes to the origin": "contains(AllowedMethods.CachedMethods.Items || `[]`, 'OPTIONS')",
    "caching without a policy: nothing is kept, and origins get no header, cookie or query": "!CachePolicyId",
}
ORIGIN = {
    "origin shield: there is one edge, which asks by itself": "OriginShield.Enabled",
    "attempts to connect to origins: there is one, of 10 s": "ConnectionAttempts > `1` || ConnectionTimeout != `10`",
    "time for whole answers of origins: it has no end": "ResponseCompletionTimeout",
    "idle connections to origins: they are kept for 5 s": (
        "CustomOriginConfig && CustomOriginConfig.OriginKeepaliveTimeout != `5`"
    ),
    "origin access identities: buckets are asked unsigned": "S3OriginConfig.OriginAccessIdentity",
}
RESPONSE_HEADERS = {
    "CORS at the edge: origins answer for themselves": (
        "CorsConfig || starts_with(Name, 'Managed-') && contains(Name, 'CORS')"
    ),
    "Server-Timing: the edge adds none": "ServerTimingHeadersConfig.Enabled",
    "headers that yield to the origin's: they take its place": (
        "(SecurityHeadersConfig.*.Override)[?@ == `false`] || CustomHeadersConfig.Items[?Override == `false`]"
    ),
}
REQUESTS = {
    "headers of CloudFront's own: origins are told of the viewer's address and protocol alone": (
        "contains(Name, 'AndCloudFrontHeaders') || HeadersConfig.Headers.Items[?starts_with(@, 'CloudFront-')"
        " && @ != 'CloudFront-Viewer-Address' && @ != 'CloudFront-Forwarded-Proto']"
    ),
}


def named(account: Account) -> Iterator[str]:
    """Of every distribution that is enabled."""
    cloudfront = account.client("cloudfront")
    hosts = {each["DNSName"] for each in account.client("elbv2").describe_load_balancers()["LoadBalancers"]}
    for each in cloudfront.list_distributions()["DistributionList"].get("Items", []):
        if not each["Enabled"]:
            continue
        config = cloudfront.get_distribution_config(Id=each["Id"])["DistributionConfig"]
        yield from of_distribution(config)
        yield from (found for origin in config["Origins"]["Items"] for found in of_origin(origin, hosts))
        yield from _of_policies(cloudfront, behaviors(config))


def _of_policies(cloudfront: Any, rows: list[Told]) -> Iterator[str]:
    """Of the policies that behaviours name, each once."""
    for id_ in {each.get("ResponseHeadersPolicyId") for each in rows} - {None, ""}:
        policy = cloudfront.get_response_headers_policy(Id=id_)["ResponseHeadersPolicy"]
        yield from of_response_headers(policy["ResponseHeadersPolicyConfig"])
    for id_ in {each.get("OriginRequestPolicyId") for each in rows} - {None, ""}:
        policy = cloudfront.get_origin_request_policy(Id=id_)["OriginRequestPolicy"]
        yield from of_requests(policy["OriginRequestPolicyConfig"])


def behaviors(config: Told) -> list[Told]:
    """Every behaviour of a distribution, the default's last."""
    return [*config.get("CacheBehaviors", {}).get("Items", []), config["DefaultCacheBehavior"]]


def of_distribution(config: Told) -> Iterator[str]:
    """Of one distribution and its behaviours."""
    yield from asked_for(DISTRIBUTION, config)
    yield from (found for each in behaviors(config) for found in asked_for(BEHAVIOR, each))


def of_origin(origin: Told, hosts: set[str]) -> Iterator[str]:
    """Of one origin; *hosts* are the names of the account's own balancers."""
    yield from asked_for(ORIGIN, origin)
    if "CustomOriginConfig" in origin and origin["DomainName"] not in hosts:
        yield f"origin {origin['DomainName']}: it is none of the account's balancers, and 502 is answered for it"


def of_response_headers(policy: Told) -> Iterator[str]:
    """Of one response headers policy."""
    return asked_for(RESPONSE_HEADERS, policy)


def of_requests(policy: Told) -> Iterator[str]:
    """Of one origin request policy."""
    return asked_for(REQUESTS, policy)
