"""Carry CloudFront distributions into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.moto_api._internal import mock_random

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, fields, tag_changes, tag_list, tag_map
from offline.words import from_aws, to_aws

HOSTED_ZONE = "Z2FDTNDATAQYW2"
"""The zone of every distribution, for alias records (Route 53 API, AliasTarget HostedZoneId)."""
WORDS = {
    "acmCertificateArn": "ACMCertificateArn",
    "cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
    "errorCachingMinTtl": "ErrorCachingMinTTL",
    "httpPort": "HTTPPort",
    "httpsPort": "HTTPSPort",
    "iamCertificateId": "IAMCertificateId",
    "originId": "Id",
    "sslSupportMethod": "SSLSupportMethod",
}
HEADER_WORDS = {"name": "HeaderName", "value": "HeaderValue"}
UNSAID: dict[str, Any] = {
    "cloudfrontDefaultCertificate": False,
    "compress": False,
    "connectionAttempts": 3,
    "connectionTimeout": 10,
    "customHeaders": [],
    "fieldLevelEncryptionId": "",
    "functionAssociations": [],
    "ipAddressType": "ipv4",
    "lambdaFunctionAssociations": [],
    "locations": [],
    "minimumProtocolVersion": "TLSv1",
    "originAccessControlId": "",
    "originKeepaliveTimeout": 5,
    "originPath": "",
    "originReadTimeout": 30,
    "originShield": {"enabled": False},
    "s3OriginConfig": {"originAccessIdentity": ""},
    "smoothStreaming": False,
    "sslSupportMethod": "vip",
    "trustedKeyGroups": [],
    "trustedSigners": [],
}
"""What AWS shows for a member that was never given: left out, unless the program says it too."""


def counted(items: list[Any], **more: Any) -> dict[str, Any]:
    """Spell a list as CloudFront does."""
    return {"Quantity": len(items), "Items": items, **more}


def listed(counted_: Mapping[str, Any] | None) -> list[Any]:
    """Undo `counted`; an empty list has no items on the wire."""
    return (counted_ or {}).get("Items") or []


def said(shown: Properties, asked: Mapping[str, Any]) -> Properties:
    """Leave out of what AWS shows what is its default, but for what the program, in *asked*, has a word for."""
    return {name: value for name, value in shown.items() if name in asked or UNSAID.get(name, ...) != value}


def _origin_to_aws(origin: Properties) -> dict[str, Any]:
    rest = {name: value for name, value in origin.items() if name not in ("customHeaders", "customOriginConfig")}
    made = to_aws(rest, WORDS)
    made["CustomHeaders"] = counted(to_aws(origin.get("customHeaders", []), HEADER_WORDS))
    if "customOriginConfig" in origin:
        custom = origin["customOriginConfig"]
        made["CustomOriginConfig"] = to_aws(custom, WORDS)
        made["CustomOriginConfig"]["OriginSslProtocols"] = counted(custom["originSslProtocols"])
    else:  # AWS wants one of the two, and so the provider fills this one in
        made.setdefault("S3OriginConfig", {"OriginAccessIdentity": ""})
    return made


def _origin_from_aws(origin: dict[str, Any], asked: Mapping[str, Any]) -> Properties:
    shown = from_aws({name: value for name, value in origin.items() if name != "CustomHeaders"}, WORDS)
    shown["customHeaders"] = from_aws(listed(origin.get("CustomHeaders")), HEADER_WORDS)
    if "customOriginConfig" in shown:
        shown["customOriginConfig"]["originSslProtocols"] = listed(origin["CustomOriginConfig"]["OriginSslProtocols"])
        shown["customOriginConfig"] = said(shown["customOriginConfig"], asked.get("customOriginConfig", {}))
    return said(shown, asked)


def _behavior_to_aws(behavior: Properties) -> dict[str, Any]:
    rest = {name: value for name, value in behavior.items() if name not in ("allowedMethods", "cachedMethods")}
    methods = counted(behavior["allowedMethods"], CachedMethods=counted(behavior["cachedMethods"]))
    return {**to_aws(rest, WORDS), "AllowedMethods": methods}


def _behavior_from_aws(behavior: dict[str, Any], asked: Mapping[str, Any]) -> Properties:
    lists = {name for name, value in behavior.items() if isinstance(value, dict) and "Quantity" in value}
    shown = from_aws({name: value for name, value in behavior.items() if name not in lists}, WORDS)
    shown |= from_aws({name: listed(behavior[name]) for name in lists}, WORDS)
    shown["cachedMethods"] = listed(behavior["AllowedMethods"]["CachedMethods"])
    return said(shown, asked)


def _error_to_aws(error: Properties) -> dict[str, Any]:
    """AWS takes the code that the viewer sees as text."""
    code = {"ResponseCode": str(error["responseCode"])} if "responseCode" in error else {}
    return {**to_aws(error, WORDS), **code}


def _error_from_aws(error: dict[str, Any]) -> Properties:
    code = {"responseCode": int(error["ResponseCode"])} if error.get("ResponseCode") else {}
    return {**from_aws(error, WORDS), **code}


def _config(inputs: Properties, reference: str) -> dict[str, Any]:
    errors = [_error_to_aws(error) for error in inputs.get("customErrorResponses", [])]
    geo = inputs["restrictions"]["geoRestriction"]
    return {
        "CallerReference": reference,
        "Comment": inputs.get("comment", ""),
        "Aliases": counted(inputs.get("aliases", [])),
        "Origins": counted([_origin_to_aws(origin) for origin in inputs["origins"]]),
        "DefaultCacheBehavior": _behavior_to_aws(inputs["defaultCacheBehavior"]),
        "CacheBehaviors": counted([_behavior_to_aws(each) for each in inputs.get("orderedCacheBehaviors", [])]),
        "CustomErrorResponses": counted(errors),
        "DefaultRootObject": inputs.get("defaultRootObject", ""),
        "Enabled": inputs["enabled"],
        "HttpVersion": inputs.get("httpVersion", "http2"),
        "IsIPV6Enabled": inputs.get("isIpv6Enabled", False),
        "PriceClass": inputs.get("priceClass", "PriceClass_All"),
        "Restrictions": {"GeoRestriction": counted(geo.get("locations", []), RestrictionType=geo["restrictionType"])},
        "ViewerCertificate": to_aws(inputs["viewerCertificate"], WORDS),
        "WebACLId": inputs.get("webAclId", ""),
    }


def _properties(config: dict[str, Any], state: Mapping[str, Any]) -> Properties:
    asked_origins = {origin["originId"]: origin for origin in state.get("origins", [])}
    asked_paths = {behavior["pathPattern"]: behavior for behavior in state.get("orderedCacheBehaviors", [])}
    geo = config["Restrictions"]["GeoRestriction"]
    restriction = {"restrictionType": geo["RestrictionType"], "locations": listed(geo)}
    certificate = from_aws(config["ViewerCertificate"], WORDS)
    derived = ("certificate", "certificateSource")
    certificate = {name: value for name, value in certificate.items() if name not in derived}
    return {
        "comment": config["Comment"],
        "aliases": listed(config["Aliases"]),
        "origins": [_origin_from_aws(each, asked_origins.get(each["Id"], {})) for each in listed(config["Origins"])],
        "defaultCacheBehavior": _behavior_from_aws(
            config["DefaultCacheBehavior"], state.get("defaultCacheBehavior", {})
        ),
        "orderedCacheBehaviors": [
            _behavior_from_aws(each, asked_paths.get(each["PathPattern"], {}))
            for each in listed(config["CacheBehaviors"])
        ],
        "customErrorResponses": [_error_from_aws(error) for error in listed(config["CustomErrorResponses"])],
        "defaultRootObject": config["DefaultRootObject"],
        "enabled": config["Enabled"],
        "httpVersion": config["HttpVersion"],
        "isIpv6Enabled": config["IsIPV6Enabled"],
        "priceClass": config["PriceClass"],
        "restrictions": {"geoRestriction": said(restriction, state.get("restrictions", {}).get("geoRestriction", {}))},
        "viewerCertificate": said(certificate, state.get("viewerCertificate", {})),
        "webAclId": config["WebACLId"],
        "callerReference": config["CallerReference"],
    }


class Distribution(Handler):
    """`aws.cloudfront.Distribution`; its id is AWS's. Waiting for its deployment is the provider's own business."""

    token = "aws:cloudfront/distribution:Distribution"
    emulates = fields(
        """aliases comment customErrorResponses defaultCacheBehavior defaultRootObject enabled httpVersion isIpv6Enabled
        orderedCacheBehaviors origins priceClass restrictions tags viewerCertificate webAclId"""
    )
    records = fields("waitForDeployment")
    moves = fields("etag")

    def create(self, aws: Aws, inputs: Properties) -> str:
        config = _config(inputs, mock_random.get_random_hex(26))
        wanted = {"DistributionConfig": config, "Tags": {"Items": tag_list(inputs.get("tags"))}}
        made = aws("cloudfront").create_distribution_with_tags(DistributionConfigWithTags=wanted)
        return made["Distribution"]["Id"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = unless_gone(lambda: aws("cloudfront").get_distribution(Id=id_), "NoSuchDistribution")
        if answer is None:
            return None
        held = answer["Distribution"]
        tags = tag_map(aws("cloudfront").list_tags_for_resource(Resource=held["ARN"])["Tags"].get("Items"))
        return {
            **_properties(held["DistributionConfig"], state),
            "arn": held["ARN"],
            "domainName": held["DomainName"],
            "etag": answer["ETag"],
            "hostedZoneId": HOSTED_ZONE,
            "status": held["Status"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Switch the distribution off first: AWS deletes none that is enabled."""
        held = aws("cloudfront").get_distribution_config(Id=id_)
        etag = held["ETag"]
        if held["DistributionConfig"]["Enabled"]:
            off = {**held["DistributionConfig"], "Enabled": False}
            etag = aws("cloudfront").update_distribution(Id=id_, IfMatch=etag, DistributionConfig=off)["ETag"]
        aws("cloudfront").delete_distribution(Id=id_, IfMatch=etag)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        held = aws("cloudfront").get_distribution_config(Id=id_)
        config = _config(new, held["DistributionConfig"]["CallerReference"])
        made = aws("cloudfront").update_distribution(Id=id_, IfMatch=held["ETag"], DistributionConfig=config)
        arn = made["Distribution"]["ARN"]
        tags, gone = tag_changes(old, new)
        if tags:
            aws("cloudfront").tag_resource(Resource=arn, Tags={"Items": tag_list(tags)})
        if gone:
            aws("cloudfront").untag_resource(Resource=arn, TagKeys={"Items": gone})


HANDLERS: tuple[Handler, ...] = (Distribution(),)
INVOKES: dict[str, Any] = {}
