"""CloudFront distributions exactly as they were asked for, with AWS's defaults for what was left out.

Measured on moto 5.2.5: a distribution loses its origins' access control, its function associations and its logging's
false values, gains `ForwardedValues` beside a cache policy (AWS refuses the two together), and may name policies,
certificates, controls and ETags that do not exist.
"""

import copy
from typing import Any

from moto.cloudfront import models
from moto.core.utils import utcnow

from offline.patches.acm import is_issued
from offline.patches.cloudfront_policies import policy
from offline.patches.overlay import Answer, Call, Refusal, amends, checks
from offline.patches.swap import replaces

NONE = {"Quantity": 0}
DISTRIBUTION_DEFAULTS: dict[str, Any] = {
    "Aliases": NONE,
    "CacheBehaviors": NONE,
    "CustomErrorResponses": NONE,
    "DefaultRootObject": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": False,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "OriginGroups": NONE,
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "Staging": False,
    "WebACLId": "",
}
ORIGIN_DEFAULTS: dict[str, Any] = {
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "CustomHeaders": NONE,
    "OriginAccessControlId": "",
    "OriginPath": "",
    "OriginShield": {"Enabled": False},
}
CUSTOM_ORIGIN_DEFAULTS: dict[str, Any] = {
    "IpAddressType": "ipv4",
    "OriginKeepaliveTimeout": 5,
    "OriginReadTimeout": 30,
    "OriginSslProtocols": {"Quantity": 3, "Items": ["TLSv1", "TLSv1.1", "TLSv1.2"]},
}
BEHAVIOR_DEFAULTS: dict[str, Any] = {
    "AllowedMethods": {
        "Quantity": 2,
        "Items": ["HEAD", "GET"],
        "CachedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]},
    },
    "Compress": False,
    "FieldLevelEncryptionId": "",
    "FunctionAssociations": NONE,
    "LambdaFunctionAssociations": NONE,
    "SmoothStreaming": False,
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
}
NOT_IN_SUMMARY = {"CallerReference", "DefaultRootObject", "Logging"}
PRICE_CLASSES = {"PriceClass_100", "PriceClass_200", "PriceClass_All"}


def _given(call: Call) -> dict[str, Any]:
    tagged = call.params.get("DistributionConfigWithTags", {})
    return call.params.get("DistributionConfig") or tagged["DistributionConfig"]


def _behaviors(config: dict[str, Any]) -> list[dict[str, Any]]:
    return [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", NONE).get("Items", [])]


def _filled(given: dict[str, Any]) -> dict[str, Any]:
    config = {**copy.deepcopy(DISTRIBUTION_DEFAULTS), **given}
    origins = [_origin(origin) for origin in given["Origins"]["Items"]]
    config["Origins"] = {"Quantity": len(origins), "Items": origins}
    config["DefaultCacheBehavior"] = {**BEHAVIOR_DEFAULTS, **given["DefaultCacheBehavior"]}
    further = [{**BEHAVIOR_DEFAULTS, **row} for row in config["CacheBehaviors"].get("Items", [])]
    config["CacheBehaviors"] = {"Quantity": len(further), **({"Items": further} if further else {})}
    config["ViewerCertificate"] = _certificate(given.get("ViewerCertificate", {}))
    return config


def _origin(given: dict[str, Any]) -> dict[str, Any]:
    filled = {**ORIGIN_DEFAULTS, **given}
    if "CustomOriginConfig" in given:
        filled["CustomOriginConfig"] = {**CUSTOM_ORIGIN_DEFAULTS, **given["CustomOriginConfig"]}
    return filled


def _certificate(given: dict[str, Any]) -> dict[str, Any]:
    """With CloudFront's own certificate AWS accepts TLSv1, whatever was asked for."""
    if "ACMCertificateArn" in given:
        arn = given["ACMCertificateArn"]
        return {**given, "CloudFrontDefaultCertificate": False, "Certificate": arn, "CertificateSource": "acm"}
    own = {"CloudFrontDefaultCertificate": True, "SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1"}
    return {**own, "CertificateSource": "cloudfront"}


@replaces(models, "random_id")
def ids_look_like_aws(original: Any, uppercase: bool = True, length: int = 13) -> str:
    """Ids and ETags begin with E, domain names with d; moto's begin with any letter."""
    return ("E" if uppercase else "d") + original(uppercase, length)[1:]


@checks("cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution")
def what_is_named_exists(call: Call) -> None:
    """Moto accepts any policy id, function and origin access control."""
    config = _given(call)
    for behavior in _behaviors(config):
        for kind in ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy"):
            if behavior.get(f"{kind}Id"):
                policy(call.backend, kind, behavior[f"{kind}Id"])
        if behavior.get("CachePolicyId") and behavior.get("ForwardedValues"):
            raise Refusal("InvalidArgument", "The parameter ForwardedValues cannot be used when a cache policy is set.")
        _functions_are_live(call, behavior)
    for origin in config["Origins"]["Items"]:
        control = origin.get("OriginAccessControlId")
        if control and control not in call.backend.origin_access_controls:
            raise Refusal("NoSuchOriginAccessControl", f"The origin access control {control} does not exist.")


def _functions_are_live(call: Call, behavior: dict[str, Any]) -> None:
    live = {row["FunctionMetadata"]["FunctionARN"] for row in call.memory("live functions").values()}
    for row in behavior.get("FunctionAssociations", NONE).get("Items", []):
        if row["FunctionARN"] not in live:
            raise Refusal("InvalidFunctionAssociation", f"The function is not published: {row['FunctionARN']}")


@checks("cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution")
def names_and_certificate_fit(call: Call) -> None:
    """Moto accepts aliases without a certificate, a certificate of any region, and an alias of another distribution."""
    config = _given(call)
    certificate = config.get("ViewerCertificate", {}).get("ACMCertificateArn")
    aliases = config.get("Aliases", NONE).get("Items", [])
    if config.get("PriceClass", "PriceClass_All") not in PRICE_CLASSES:
        raise Refusal("InvalidArgument", f"PriceClass {config['PriceClass']}; allowed: {sorted(PRICE_CLASSES)}")
    if aliases and not certificate:
        raise Refusal(
            "InvalidViewerCertificate", "To add an alternate domain name (CNAME), you must attach a certificate."
        )
    if certificate and (certificate.split(":")[3] != "us-east-1" or not is_issued(call.account_id, certificate)):
        message = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or isn't issued"
        raise Refusal("InvalidViewerCertificate", f"{message}: {certificate}")
    for id_, other in call.memory("distributions").items():
        taken = set(aliases) & set(other["Aliases"].get("Items", []))
        if taken and id_ != call.params.get("Id"):
            raise Refusal("CNAMEAlreadyExists", f"The CNAME you provided is already associated: {sorted(taken)}")


@checks("cloudfront", "UpdateDistribution")
def an_old_etag_is_refused(call: Call) -> None:
    """Moto takes any ETag, so that a lost update goes unnoticed."""
    found = call.backend.distributions.get(call.params["Id"])
    if found is not None and found.etag != call.params.get("IfMatch"):
        raise Refusal("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the distribution.")


@amends("cloudfront", "UpdateDistribution")
def an_update_has_a_new_etag(call: Call, answer: Answer) -> None:
    """Moto's ETag stays the same for ever."""
    answer["ETag"] = call.backend.distributions[call.params["Id"]].etag = models.random_id()


@amends("cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution")
def remember_distribution(call: Call, answer: Answer) -> None:
    """Keep the configuration as it was given."""
    call.memory("distributions")[answer["Distribution"]["Id"]] = _filled(_given(call))


@amends("cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution", "GetDistribution")
def show_distribution(call: Call, answer: Answer) -> None:
    """Show the configuration as it was given, and what AWS derives from it."""
    distribution = answer["Distribution"]
    distribution["DistributionConfig"] = call.memory("distributions")[distribution["Id"]]
    distribution["LastModifiedTime"] = call.memory("modified").setdefault(answer["ETag"], utcnow())


@amends("cloudfront", "GetDistributionConfig")
def show_config(call: Call, answer: Answer) -> None:
    """The same, on its own."""
    answer["DistributionConfig"] = call.memory("distributions")[call.params["Id"]]


@amends("cloudfront", "ListDistributions")
def show_summaries(call: Call, answer: Answer) -> None:
    """A summary holds the configuration's members, but for reference, root object and logging."""
    for row in answer["DistributionList"].get("Items", []):
        config = call.memory("distributions")[row["Id"]]
        row.update({name: value for name, value in config.items() if name not in NOT_IN_SUMMARY})
