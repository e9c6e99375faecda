"""CloudFront and WAF in the offline account: what a plain program asks for is what they hold."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.deploying import deploy

DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
BEHAVIOR = {
    "target_origin_id": "site",
    "viewer_protocol_policy": "https-only",
    "allowed_methods": ["GET", "HEAD"],
    "cached_methods": ["GET", "HEAD"],
    "cache_policy_id": DISABLED,
}
CUSTOM = {
    "http_port": 8080,
    "https_port": 8443,
    "origin_protocol_policy": "https-only",
    "origin_ssl_protocols": ["TLSv1.1", "TLSv1.2"],
}
VISIBLE: Any = {"cloudwatch_metrics_enabled": True, "metric_name": "m", "sampled_requests_enabled": False}
MATCH: Any = {
    "byte_match_statement": {
        "search_string": "/admin",
        "field_to_match": {"uri_path": {}},
        "positional_constraint": "STARTS_WITH",
        "text_transformations": [{"priority": 0, "type": "NONE"}],
    }
}


def distribution(**more) -> aws.cloudfront.Distribution:
    given = {
        "enabled": True,
        "origins": [
            {"origin_id": "site", "domain_name": "a.dev", "custom_origin_config": CUSTOM, "connection_attempts": 2},
            {"origin_id": "files", "domain_name": "shelf.s3.amazonaws.com", "connection_timeout": 10},
        ],
        "default_cache_behavior": {**BEHAVIOR, "compress": False},
        "ordered_cache_behaviors": [{**BEHAVIOR, "path_pattern": "/a/*", "compress": True}],
        "custom_error_responses": [{"error_code": 404, "response_code": 200, "response_page_path": "/a.html"}],
        "restrictions": {"geo_restriction": {"restriction_type": "whitelist", "locations": ["DE"]}},
        "viewer_certificate": {"cloudfront_default_certificate": True},
        "comment": "for a test",
        "tags": {"box": "edge"},
        **more,
    }
    return aws.cloudfront.Distribution("site", **given)


def program():
    made = distribution()
    pulumi.export("id", made.id)
    pulumi.export("arn", made.arn)
    aws.cloudfront.OriginAccessControl(
        "signed", origin_access_control_origin_type="s3", signing_behavior="never", signing_protocol="sigv4"
    )
    protection: Any = {"xss_protection": {"protection": True, "mode_block": True, "override": False}}
    aws.cloudfront.ResponseHeadersPolicy("headers", security_headers_config=protection)
    rule: Any = {"name": "r", "priority": 0, "action": {"count": {}}, "statement": MATCH, "visibility_config": VISIBLE}
    aws.wafv2.WebAcl(
        "rules",
        scope="REGIONAL",
        default_action={"block": {}},
        rules=[rule],
        visibility_config=VISIBLE,
        tags={"box": "edge"},
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


def held(deployed) -> dict:
    return deployed.client("cloudfront").get_distribution(Id=deployed.outputs["id"])["Distribution"]


def test_everything_reads_back_as_it_was_asked_for(deployed):
    differences = {}
    for urn, live in deployed.monitor.live.items():
        shown = live.handler.read(live.aws, live.id, live.inputs)
        asked = {name: value for name, value in live.inputs.items() if name in live.handler.emulates}
        differences |= {(urn, name): shown.get(name) for name, value in asked.items() if shown.get(name) != value}
    assert differences == {}


def test_an_origin_without_a_configuration_of_its_own_is_a_bucket(deployed):
    origins = {origin["Id"]: origin for origin in held(deployed)["DistributionConfig"]["Origins"]["Items"]}
    assert origins["files"]["S3OriginConfig"] == {"OriginAccessIdentity": ""}
    assert origins["site"]["CustomOriginConfig"]["HTTPSPort"] == 8443


def test_an_error_may_be_answered_with_a_page(deployed):
    [row] = held(deployed)["DistributionConfig"]["CustomErrorResponses"]["Items"]
    assert (row["ErrorCode"], row["ResponseCode"], row["ResponsePagePath"]) == (404, "200", "/a.html")


def test_a_distribution_has_its_tags(deployed):
    answer = deployed.client("cloudfront").list_tags_for_resource(Resource=deployed.outputs["arn"])
    assert answer["Tags"]["Items"] == [{"Key": "box", "Value": "edge"}]


def test_what_a_request_is_searched_for_reaches_waf_as_bytes(deployed):
    waf = deployed.client("wafv2")
    [summary] = waf.list_web_acls(Scope="REGIONAL")["WebACLs"]
    acl = waf.get_web_acl(Id=summary["Id"], Name=summary["Name"], Scope="REGIONAL")["WebACL"]
    assert acl["Rules"][0]["Statement"]["ByteMatchStatement"]["SearchString"] == b"/admin"
