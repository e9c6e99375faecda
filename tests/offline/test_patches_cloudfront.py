"""CloudFront as AWS answers it: distributions read back as they were asked for, policies, published functions."""

import copy
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from offline.account import Account
from tests.offline.certificates import issued

OPTIMIZED, DISABLED = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
STRICT = {"Override": True, "AccessControlMaxAgeSec": 63_072_000, "IncludeSubdomains": True, "Preload": False}
HEADERS: dict[str, Any] = {"Name": "strict", "SecurityHeadersConfig": {"StrictTransportSecurity": STRICT}}
CONFIG: dict[str, Any] = {
    "CallerReference": "store",
    "Comment": "store",
    "Enabled": True,
    "DefaultRootObject": "index.html",
    "PriceClass": "PriceClass_100",
    "HttpVersion": "http2and3",
    "IsIPV6Enabled": True,
    "WebACLId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/store/1",
    "Origins": {
        "Quantity": 2,
        "Items": [
            {"Id": "s3", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}},
            {
                "Id": "alb",
                "DomainName": "alb.example.net",
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
                    "OriginReadTimeout": 20,
                },
                "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "x-origin", "HeaderValue": "secret"}]},
            },
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "s3",
        "ViewerProtocolPolicy": "redirect-to-https",
        "CachePolicyId": OPTIMIZED,
        "Compress": True,
    },
    "CacheBehaviors": {
        "Quantity": 1,
        "Items": [
            {
                "PathPattern": "/cart*",
                "TargetOriginId": "alb",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": DISABLED,
                "OriginRequestPolicyId": ALL_VIEWER,
            }
        ],
    },
    "CustomErrorResponses": {
        "Quantity": 1,
        "Items": [{"ErrorCode": 403, "ResponsePagePath": "/404.html", "ResponseCode": "404", "ErrorCachingMinTTL": 10}],
    },
}


def control(account: Account) -> str:
    config = {
        "Name": "pages",
        "SigningProtocol": "sigv4",
        "SigningBehavior": "always",
        "OriginAccessControlOriginType": "s3",
    }
    made = account.client("cloudfront").create_origin_access_control(OriginAccessControlConfig=config)
    return made["OriginAccessControl"]["Id"]


def distribution(account: Account, default: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Make CONFIG, with *default* changed in its default behaviour, and read it back."""
    cloudfront, config = account.client("cloudfront"), {**copy.deepcopy(CONFIG), **more}
    config["DefaultCacheBehavior"] |= default or {}
    id_ = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    return cloudfront.get_distribution(Id=id_)


def function(account: Account) -> str:
    cloudfront = account.client("cloudfront")
    config = {"Comment": "redirect", "Runtime": "cloudfront-js-2.0"}
    made = cloudfront.create_function(Name="redirect", FunctionConfig=config, FunctionCode=b"function handler() {}")
    live = cloudfront.publish_function(Name="redirect", IfMatch=made["ETag"])
    return live["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]


def test_a_distribution_is_read_back_as_it_was_asked_for(account: Account) -> None:
    shown = distribution(account)["Distribution"]["DistributionConfig"]
    plain = [name for name, value in CONFIG.items() if not isinstance(value, dict)]
    assert {name: shown[name] for name in plain} == {name: CONFIG[name] for name in plain}
    assert shown["CustomErrorResponses"] == CONFIG["CustomErrorResponses"]


def test_an_origin_keeps_its_access_control(account: Account) -> None:
    config, id_ = copy.deepcopy(CONFIG), control(account)
    config["Origins"]["Items"][0]["OriginAccessControlId"] = id_
    shown = distribution(account, **config)["Distribution"]["DistributionConfig"]["Origins"]["Items"]
    assert [origin["OriginAccessControlId"] for origin in shown] == [id_, ""]


def test_a_custom_origin_keeps_times_protocols_and_secret_header(account: Account) -> None:
    origin = distribution(account)["Distribution"]["DistributionConfig"]["Origins"]["Items"][1]
    asked = CONFIG["Origins"]["Items"][1]
    assert origin["CustomHeaders"] == asked["CustomHeaders"]
    assert asked["CustomOriginConfig"].items() <= origin["CustomOriginConfig"].items()


def test_a_behaviour_keeps_its_policies_and_gains_no_forwarded_values(account: Account) -> None:
    config = distribution(account)["Distribution"]["DistributionConfig"]
    [cart] = config["CacheBehaviors"]["Items"]
    assert (cart["CachePolicyId"], cart["OriginRequestPolicyId"]) == (DISABLED, ALL_VIEWER)
    assert "ForwardedValues" not in f"{config}"


def test_a_behaviour_keeps_its_published_function(account: Account) -> None:
    functions = {"Quantity": 1, "Items": [{"FunctionARN": function(account), "EventType": "viewer-request"}]}
    shown = distribution(account, {"FunctionAssociations": functions})["Distribution"]["DistributionConfig"]
    assert shown["DefaultCacheBehavior"]["FunctionAssociations"] == functions


def test_without_a_certificate_cloudfront_uses_its_own(account: Account) -> None:
    shown = distribution(account)["Distribution"]["DistributionConfig"]["ViewerCertificate"]
    assert (shown["CloudFrontDefaultCertificate"], shown["MinimumProtocolVersion"]) == (True, "TLSv1")


def test_a_certificate_of_one_s_own_keeps_its_lowest_protocol(account: Account) -> None:
    arn = issued(account, "shop.example.net")
    asked = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    aliases = {"Quantity": 1, "Items": ["shop.example.net"]}
    shown = distribution(account, ViewerCertificate=asked, Aliases=aliases)["Distribution"]["DistributionConfig"]
    assert asked.items() <= shown["ViewerCertificate"].items()
    assert shown["Aliases"] == aliases


def test_ids_look_like_those_of_aws(account: Account) -> None:
    made = distribution(account)
    assert (made["Distribution"]["Id"][0], made["Distribution"]["DomainName"][0], made["ETag"][0]) == ("E", "d", "E")


def test_tags_of_a_distribution_are_kept(account: Account) -> None:
    cloudfront, tags = account.client("cloudfront"), {"Items": [{"Key": "box", "Value": "cdn"}]}
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": CONFIG, "Tags": tags}
    )
    assert cloudfront.list_tags_for_resource(Resource=made["Distribution"]["ARN"])["Tags"] == tags


def test_an_update_changes_configuration_and_etag(account: Account) -> None:
    before, cloudfront = distribution(account), account.client("cloudfront")
    id_ = before["Distribution"]["Id"]
    cloudfront.update_distribution(Id=id_, IfMatch=before["ETag"], DistributionConfig={**CONFIG, "Comment": "new"})
    after = cloudfront.get_distribution_config(Id=id_)
    assert (after["DistributionConfig"]["Comment"], after["ETag"] == before["ETag"]) == ("new", False)
    [listed] = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert listed["Comment"] == "new"
    with pytest.raises(ClientError, match="InvalidIfMatchVersion"):
        cloudfront.update_distribution(Id=id_, IfMatch=before["ETag"], DistributionConfig=CONFIG)


@pytest.mark.parametrize(
    ("default", "more", "message"),
    [
        ({"CachePolicyId": "none"}, {}, "NoSuchCachePolicy"),
        ({"OriginRequestPolicyId": OPTIMIZED}, {}, "NoSuchOriginRequestPolicy"),
        ({"ResponseHeadersPolicyId": "none"}, {}, "NoSuchResponseHeadersPolicy"),
        ({"ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}, {}, "ForwardedValues cannot be"),
        ({}, {"Aliases": {"Quantity": 1, "Items": ["a.example.net"]}}, "InvalidViewerCertificate"),
        ({}, {"ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:eu-west-1:1:certificate/2"}}, "us-east-1"),
        ({}, {"PriceClass": "PriceClass_1"}, r"PriceClass_1; allowed: \['PriceClass_100'"),
    ],
)
def test_what_aws_refuses_is_refused(
    account: Account, default: dict[str, Any], more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        distribution(account, default, **more)


def test_an_unpublished_function_cannot_be_associated(account: Account) -> None:
    arn = "arn:aws:cloudfront::123456789012:function/redirect"
    functions = {"Quantity": 1, "Items": [{"FunctionARN": arn, "EventType": "viewer-request"}]}
    with pytest.raises(ClientError, match="InvalidFunctionAssociation"):
        distribution(account, {"FunctionAssociations": functions})


@pytest.mark.parametrize(
    ("operation", "kind", "id_", "name"),
    [
        ("get_cache_policy", "CachePolicy", DISABLED, "Managed-CachingDisabled"),
        ("get_origin_request_policy", "OriginRequestPolicy", ALL_VIEWER, "Managed-AllViewer"),
    ],
)
def test_the_managed_policies_exist(account: Account, operation: str, kind: str, id_: str, name: str) -> None:
    policy = getattr(account.client("cloudfront"), operation)(Id=id_)[kind]
    assert (policy["Id"], policy[f"{kind}Config"]["Name"]) == (id_, name)


def test_a_response_headers_policy_lives_changes_and_goes(account: Account) -> None:
    cloudfront = account.client("cloudfront")
    made = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig=HEADERS)
    id_ = made["ResponseHeadersPolicy"]["Id"]
    changed = cloudfront.update_response_headers_policy(
        Id=id_, IfMatch=made["ETag"], ResponseHeadersPolicyConfig={**HEADERS, "Comment": "new"}
    )
    shown = cloudfront.get_response_headers_policy_config(Id=id_)["ResponseHeadersPolicyConfig"]
    assert shown == {**HEADERS, "Comment": "new"}
    cloudfront.delete_response_headers_policy(Id=id_, IfMatch=changed["ETag"])
    assert cloudfront.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"]["Quantity"] == 0


def test_a_managed_policy_cannot_be_changed(account: Account) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        account.client("cloudfront").delete_cache_policy(Id=DISABLED, IfMatch="E1")


def test_a_published_function_has_a_live_stage(account: Account) -> None:
    function(account)
    shown = account.client("cloudfront").describe_function(Name="redirect", Stage="LIVE")["FunctionSummary"]
    assert shown["FunctionMetadata"]["Stage"] == "LIVE"


def test_the_server_answers_what_moto_does_not_route(account: Account) -> None:
    remote = boto3.client(
        "cloudfront", "us-east-1", endpoint_url=account.serve(), aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert remote.get_cache_policy(Id=DISABLED)["CachePolicy"]["CachePolicyConfig"]["MaxTTL"] == 0


def test_moto_still_changes_distributions(shipped: Account) -> None:
    config = copy.deepcopy(CONFIG)
    config["Origins"]["Items"][0]["OriginAccessControlId"] = control(shipped)
    shown = distribution(shipped, **config)["Distribution"]["DistributionConfig"]
    assert "OriginAccessControlId" not in shown["Origins"]["Items"][0]
    assert "ForwardedValues" in shown["DefaultCacheBehavior"]


def test_moto_still_has_no_policies(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="get_cache_policy"):
        shipped.client("cloudfront").get_cache_policy(Id=DISABLED)


def test_moto_still_publishes_no_function(shipped: Account) -> None:
    with pytest.raises(NotImplementedError, match="publish_function"):
        function(shipped)


def test_moto_still_keeps_an_etag_for_ever(shipped: Account) -> None:
    before = distribution(shipped)
    update = {"Id": before["Distribution"]["Id"], "IfMatch": "old", "DistributionConfig": copy.deepcopy(CONFIG)}
    assert shipped.client("cloudfront").update_distribution(**update)["ETag"] == before["ETag"]


def test_moto_still_takes_policies_that_do_not_exist(shipped: Account) -> None:
    assert distribution(shipped, {"CachePolicyId": "none"})["Distribution"]["Status"] == "Deployed"
