"""The CDN, read back from the account that it was deployed to."""

import json

import pytest

from components.parts.security_headers import TELLING
from tests.components.distributions import DOMAIN, SECRET, TOPIC, behaviors, config, origins, program
from tests.deploying import deploy

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


def test_paths_lead_to_pictures_and_services_and_all_others_to_pages(deployed):
    assert {path: row["TargetOriginId"] for path, row in behaviors(deployed, "plain").items()} == {
        "*": "pages",
        "/pictures/*": "pictures",
        "/orders": "balancer",
        "/orders/*": "balancer",
    }


def test_the_root_is_a_page(deployed):
    assert config(deployed, "plain")["DefaultRootObject"] == "index.html"


def test_plain_http_is_redirected_on_every_path(deployed):
    policies = [row["ViewerProtocolPolicy"] for row in behaviors(deployed, "plain").values()]
    assert policies == ["redirect-to-https"] * 4


def test_services_are_never_cached_and_get_everything_that_the_browser_sent(deployed):
    row = behaviors(deployed, "plain")["/orders/*"]
    names = {item["CachePolicy"]["Id"]: item for item in managed(deployed, "Cache")}
    assert names[row["CachePolicyId"]]["CachePolicy"]["CachePolicyConfig"]["Name"] == "Managed-CachingDisabled"
    forwarded = {item["OriginRequestPolicy"]["Id"]: item for item in managed(deployed, "OriginRequest")}
    given = forwarded[row["OriginRequestPolicyId"]]["OriginRequestPolicy"]["OriginRequestPolicyConfig"]
    assert given["Name"] == "Managed-AllViewerAndCloudFrontHeaders-2022-06"


def managed(deployed, kind: str) -> list:
    client = deployed.client("cloudfront")
    ask = client.list_cache_policies if kind == "Cache" else client.list_origin_request_policies
    return ask(Type="managed")[f"{kind}PolicyList"]["Items"]


def test_services_take_all_seven_methods(deployed):
    methods = behaviors(deployed, "plain")["/orders"]["AllowedMethods"]["Items"]
    assert sorted(methods) == ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


@pytest.mark.parametrize("path", ["*", "/pictures/*"])
def test_files_are_cached_compressed_and_only_read(deployed, path):
    row = behaviors(deployed, "plain")[path]
    names = {item["CachePolicy"]["Id"]: item for item in managed(deployed, "Cache")}
    assert names[row["CachePolicyId"]]["CachePolicy"]["CachePolicyConfig"]["Name"] == "Managed-CachingOptimized"
    assert (row["Compress"], row["AllowedMethods"]["Items"]) == (True, ["GET", "HEAD"])


def test_no_origin_request_policy_changes_the_host_that_s3_sees(deployed):
    assert "OriginRequestPolicyId" not in behaviors(deployed, "plain")["*"]


@pytest.mark.parametrize("name", ["plain", "named"])
def test_nothing_is_forwarded_the_old_way_beside_a_cache_policy(deployed, name):
    assert [row for row in behaviors(deployed, name).values() if "ForwardedValues" in row] == []


def test_buckets_are_asked_with_a_signature(deployed):
    controls = {row["OriginAccessControlId"] for id_, row in origins(deployed, "plain").items() if id_ != "balancer"}
    [control] = controls
    answer = deployed.client("cloudfront").get_origin_access_control(Id=control)
    held = answer["OriginAccessControl"]["OriginAccessControlConfig"]
    shown = (held["OriginAccessControlOriginType"], held["SigningBehavior"], held["SigningProtocol"])
    assert shown == ("s3", "always", "sigv4")


def test_no_origin_has_an_access_identity_of_the_old_kind(deployed):
    pages = origins(deployed, "plain")["pages"]
    assert pages["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_buckets_are_asked_at_their_regional_name(deployed):
    name = deployed.outputs["plain-pages-name"]
    assert origins(deployed, "plain")["pages"]["DomainName"] == f"{name}.s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("bucket", ["pages", "pictures"])
def test_a_bucket_lets_this_distribution_alone_read(deployed, bucket):
    text = deployed.client("s3").get_bucket_policy(Bucket=deployed.outputs[f"plain-{bucket}-name"])["Policy"]
    statements = {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}
    assert statements["DistributionReads"] == {
        "Sid": "DistributionReads",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": ["s3:GetObject"],
        "Resource": f"{deployed.outputs[f'plain-{bucket}-arn']}/*",
        "Condition": {"StringEquals": {"aws:SourceArn": deployed.outputs["plain-arn"]}},
    }


@pytest.mark.parametrize("bucket", ["pages", "pictures"])
def test_a_served_bucket_s_policy_denies_plain_http_too(deployed, bucket):
    text = deployed.client("s3").get_bucket_policy(Bucket=deployed.outputs[f"plain-{bucket}-name"])["Policy"]
    assert [row["Sid"] for row in json.loads(text)["Statement"] if row["Effect"] == "Deny"] == ["TlsOnly"]


def test_the_load_balancer_is_told_the_secret(deployed):
    headers = origins(deployed, "plain")["balancer"]["CustomHeaders"]["Items"]
    assert headers == [{"HeaderName": "X-Origin-Secret", "HeaderValue": SECRET}]


def test_the_secret_is_shown_nowhere_in_the_graph(deployed):
    shown = [(resource.inputs, resource.outputs) for resource in deployed.graph.resources]
    assert SECRET not in json.dumps(shown)


@pytest.mark.parametrize(("name", "protocol"), [("plain", "http-only"), ("named", "https-only")])
def test_the_load_balancer_is_spoken_to_in_tls_when_it_has_a_certificate(deployed, name, protocol):
    assert origins(deployed, name)["balancer"]["CustomOriginConfig"]["OriginProtocolPolicy"] == protocol


def test_the_load_balancer_is_spoken_to_in_tls_1_2_alone(deployed):
    held = origins(deployed, "named")["balancer"]["CustomOriginConfig"]["OriginSslProtocols"]
    assert held["Items"] == ["TLSv1.2"]


@pytest.mark.parametrize("name", ["plain", "named"])
def test_no_error_is_cached(deployed, name):
    held = config(deployed, name)["CustomErrorResponses"]["Items"]
    assert {row["ErrorCode"]: row["ErrorCachingMinTTL"] for row in held} == dict.fromkeys(
        (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0
    )


def test_what_is_missing_is_shown_as_a_page_where_there_is_one_and_no_other_error_is(deployed):
    shown = {
        name: {
            row["ErrorCode"]: (row["ResponsePagePath"], row["ResponseCode"])
            for row in config(deployed, name)["CustomErrorResponses"]["Items"]
            if row.get("ResponsePagePath")
        }
        for name in ("plain", "named")
    }
    assert shown == {"plain": {}, "named": {403: ("/not-found.html", "404")}}


@pytest.mark.parametrize("bucket", ["pages", "pictures"])
def test_buckets_say_403_of_what_is_missing_where_403_has_a_page(deployed, bucket):
    s3 = deployed.client("s3")
    texts = {
        name: s3.get_bucket_policy(Bucket=deployed.outputs[f"{name}-{bucket}-name"])["Policy"]
        for name in ("plain", "named")
    }
    assert {name: "s3:ListBucket" in text for name, text in texts.items()} == {"plain": True, "named": False}


def test_without_a_domain_cloudfront_s_own_name_and_certificate_are_used(deployed):
    held = config(deployed, "plain")
    assert (held["Aliases"]["Quantity"], held["ViewerCertificate"]["CloudFrontDefaultCertificate"]) == (0, True)
    assert deployed.one(DISTRIBUTION, "plain-distribution").inputs["viewerCertificate"] == {
        "cloudfrontDefaultCertificate": True
    }


def test_with_a_domain_browsers_speak_tls_1_2_of_2025_or_newer(deployed):
    certificate = config(deployed, "named")["ViewerCertificate"]
    assert config(deployed, "named")["Aliases"]["Items"] == [DOMAIN]
    assert (certificate["SSLSupportMethod"], certificate["MinimumProtocolVersion"]) == ("sni-only", "TLSv1.2_2025")
    assert certificate["ACMCertificateArn"] == deployed.outputs["certificate"]


def test_the_url_is_the_domain_or_cloudfront_s_own_name(deployed):
    urls = (deployed.outputs["plain-url"], deployed.outputs["named-url"])
    assert urls == (f"https://{deployed.outputs['plain-domain_name']}", f"https://{DOMAIN}")


def test_ipv6_and_http_3_are_on(deployed):
    held = config(deployed, "plain")
    assert (held["IsIPV6Enabled"], held["HttpVersion"], held["Enabled"]) == (True, "http2and3", True)


def test_the_price_class_is_the_one_that_was_chosen(deployed):
    classes = [config(deployed, name)["PriceClass"] for name in ("plain", "named")]
    assert classes == ["PriceClass_100", "PriceClass_200"]


def test_alias_records_lead_to_cloudfront_s_zone(deployed):
    assert deployed.outputs["plain-hosted_zone_id"] == "Z2FDTNDATAQYW2"


def test_a_sandbox_does_not_wait_for_every_location(deployed):
    waits = {row.name: row.inputs["waitForDeployment"] for row in deployed.of_type(DISTRIBUTION)}
    assert waits == {"plain-distribution": False, "named-distribution": True}


def test_a_deployment_may_take_an_hour(deployed):
    timeouts = deployed.one(DISTRIBUTION, "plain-distribution").options.custom_timeouts
    assert timeouts == {"create": "60m", "update": "60m", "delete": "60m"}


def test_the_address_is_handed_out_once_the_buckets_let_the_distribution_in(deployed):
    policies = {row.urn for row in deployed.of_type("aws:s3/bucketPolicy:BucketPolicy") if row.name.startswith("plain")}
    assert policies <= set(deployed.one("aws:sqs/queue:Queue", "customer-of-plain").property_dependencies["tags"])


def test_the_distribution_goes_before_what_it_refers_to(deployed):
    needs = deployed.one(DISTRIBUTION, "named-distribution").property_dependencies
    [acl] = deployed.of_type("aws:wafv2/webAcl:WebAcl")
    control = deployed.one("aws:cloudfront/originAccessControl:OriginAccessControl", "named-buckets")
    [policy] = deployed.of_type("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    assert (acl.urn in needs["webAclId"], control.urn in needs["origins"]) == (True, True)
    assert policy.urn in needs["defaultCacheBehavior"]


def test_errors_are_told_in_the_region_of_the_edge(deployed):
    [alarm] = deployed.client("cloudwatch", "us-east-1").describe_alarms()["MetricAlarms"]
    dimensions = {row["Name"]: row["Value"] for row in alarm["Dimensions"]}
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/CloudFront", "5xxErrorRate")
    assert dimensions == {"DistributionId": deployed.outputs["named-distribution_id"], "Region": "Global"}
    assert (alarm["AlarmActions"], alarm["OKActions"]) == ([TOPIC], [TOPIC])


def test_every_answer_carries_the_security_headers_that_were_asked_for(deployed):
    [policy] = deployed.of_type("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    held = {row.get("ResponseHeadersPolicyId") for row in behaviors(deployed, "named").values()}
    assert held == {policy.id}


def headers_policy(deployed):
    [policy] = deployed.of_type("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    answer = deployed.client("cloudfront").get_response_headers_policy(Id=policy.id)["ResponseHeadersPolicy"]
    return answer["ResponseHeadersPolicyConfig"]


def security_headers(deployed):
    return headers_policy(deployed)["SecurityHeadersConfig"]


def test_no_answer_says_what_serves_it_or_how_its_object_is_kept(deployed):
    removed = headers_policy(deployed)["RemoveHeadersConfig"]
    assert (removed["Quantity"], [row["Header"] for row in removed["Items"]]) == (len(TELLING), list(TELLING))


def test_security_headers_forbid_what_the_store_does_not_do(deployed):
    bucket = f"https://{deployed.outputs['named-pictures-name']}.s3.eu-west-1.amazonaws.com"
    content = (
        f"default-src 'self'; connect-src 'self' {bucket}; object-src 'none'; base-uri 'none';"
        f" form-action 'self' {bucket}; frame-ancestors 'none'"
    )
    found = security_headers(deployed)["ContentSecurityPolicy"]
    assert found == {"Override": True, "ContentSecurityPolicy": content}


def test_security_headers_keep_browsers_on_tls_and_out_of_frames(deployed):
    found = security_headers(deployed)
    assert {name: held for name, held in found.items() if name != "ContentSecurityPolicy"} == {
        "StrictTransportSecurity": {"Override": True, "IncludeSubdomains": False, "AccessControlMaxAgeSec": 31_536_000},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": True, "FrameOption": "DENY"},
        "ReferrerPolicy": {"Override": True, "ReferrerPolicy": "strict-origin-when-cross-origin"},
    }


def test_a_cdn_without_them_has_neither_firewall_nor_security_headers(deployed):
    held = config(deployed, "plain")
    assert (held["WebACLId"], held["DefaultCacheBehavior"].get("ResponseHeadersPolicyId")) == ("", None)


def test_the_firewall_is_named_by_the_distribution_itself(deployed):
    [acl] = deployed.client("wafv2", "us-east-1").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    assert config(deployed, "named")["WebACLId"] == acl["ARN"]
