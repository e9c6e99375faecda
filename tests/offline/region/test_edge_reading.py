"""What the account says of a distribution is what the edge does, or what it refuses by name."""

import json

import pytest

from offline.region.edge.proxy import _headers
from offline.region.edge.reading import behaviors, missing_of, not_carried, origins, pages
from offline.region.edge.table import Behavior, ErrorPage, Origin
from offline.region.process import RegionError

CACHING_DISABLED, ALL_BUT_HOST = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CONTENT, HERE = "connect-src 'self' https://pictures-1.s3.eu-west-1.amazonaws.com", "http://127.0.0.1:1"
CORS = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"


def behavior(**more):
    return {"TargetOriginId": "app", "AllowedMethods": {"Items": ["GET"]}, "CachePolicyId": CACHING_DISABLED, **more}


def origin(name="front.example.com", **more):
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only", "OriginReadTimeout": 30}
    kept = {"Items": [{"HeaderName": "X-Secret", "HeaderValue": "letmein"}]}
    return {"Id": "app", "DomainName": name, "CustomHeaders": kept, "CustomOriginConfig": {**custom, **more}}


def test_what_a_policy_says_of_headers_holds_for_every_answer(account):
    parts = {
        "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 60, "IncludeSubdomains": True},
        "ContentTypeOptions": {"Override": True},
        "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": CONTENT},
    }
    removed = {"Quantity": 1, "Items": [{"Header": "Server"}]}
    made = account.client("cloudfront").create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": "mine", "SecurityHeadersConfig": parts, "RemoveHeadersConfig": removed}
    )
    policy = made["ResponseHeadersPolicy"]["Id"]
    [found] = behaviors(
        account.client("cloudfront"), {"DefaultCacheBehavior": behavior(ResponseHeadersPolicyId=policy)}, HERE
    )
    assert found.removed == ("server",)
    assert found.added == (
        ("content-security-policy", "connect-src 'self' http://127.0.0.1:1"),
        ("x-content-type-options", "nosniff"),
        ("strict-transport-security", "max-age=60; includeSubDomains"),
    )


def test_a_policy_without_the_viewers_host_keeps_it_from_the_origin(account):
    [found] = behaviors(
        account.client("cloudfront"), {"DefaultCacheBehavior": behavior(OriginRequestPolicyId=ALL_BUT_HOST)}, HERE
    )
    assert (found.forwards_viewer, found.forwards_host, found.tells_viewer) == (True, False, False)


def test_a_policy_that_the_edge_does_not_know_is_refused_by_name(account):
    with pytest.raises(RegionError, match=r"^an origin request policy is Managed-CORS-S3Origin; allowed offline: "):
        behaviors(account.client("cloudfront"), {"DefaultCacheBehavior": behavior(OriginRequestPolicyId=CORS)}, HERE)


def test_an_origin_is_asked_at_the_port_of_its_protocol_policy():
    places = {"front.example.com": {80: ("127.0.0.2", 8000), 443: ("127.0.0.2", 8443)}}
    found = origins(None, {"Origins": {"Items": [origin()]}}, places, "http://127.0.0.1:1")["app"]
    assert (found.address, found.port, found.headers) == ("127.0.0.2", 8443, (("X-Secret", "letmein"),))


def test_an_origin_that_is_nowhere_here_is_refused_by_name():
    with pytest.raises(RegionError, match=r"^an origin is other\.example\.com:443; allowed offline: front\. "):
        origins(None, {"Origins": {"Items": [origin("other.example.com")]}}, {"front": {}}, "http://127.0.0.1:1")


def test_what_is_left_out_is_named():
    config = {
        "DefaultCacheBehavior": behavior(FunctionAssociations={"Quantity": 1}),
        "WebACLId": "arn:aws:wafv2:::",
    }
    assert not_carried(config)[1:] == [
        "brotli: what is compressed is compressed by gzip",
        "functions at the edge",
        "the web application firewall",
    ]


def test_a_bucket_tells_what_is_missing_to_a_cdn_that_may_list_it(account):
    s3 = account.client("s3", "us-east-1")
    s3.create_bucket(Bucket="shelf")
    seen = [missing_of(s3, "shelf"), missing_of(s3, "nobody-made-this")]
    for action in ("s3:GetObject", "s3:ListBucket"):
        principal = {"Service": "cloudfront.amazonaws.com"}
        said = {"Effect": "Allow", "Principal": principal, "Action": [action], "Resource": "arn:aws:s3:::shelf"}
        s3.put_bucket_policy(Bucket="shelf", Policy=json.dumps({"Version": "2012-10-17", "Statement": [said]}))
        seen.append(missing_of(s3, "shelf"))
    assert seen == [403, 403, 403, 404]


def test_an_error_with_a_page_is_told_apart_from_one_that_is_only_kept():
    rows = [{"ErrorCode": 403, "ResponsePagePath": "/a.html", "ResponseCode": "404"}, {"ErrorCode": 500}]
    assert pages({"CustomErrorResponses": {"Items": rows}}) == {403: ErrorPage(path="/a.html", status=404)}


def sent_on(*headers, **forwards):
    """What an origin with a secret gets of a viewer's headers."""
    sent = [(b"host", b"shop.dev"), *headers]
    scope = {"headers": sent, "client": ("127.0.0.9", 4711), "raw_path": b"/", "query_string": b""}
    behavior = Behavior(pattern="*", origin="app", methods=("GET",), **forwards)
    there = Origin(address="127.0.0.2", port=80, host="front.example.com", headers=(("X-Secret", "letmein"),))
    return _headers(scope, behavior, there)


def test_a_viewer_sends_no_header_that_only_the_edge_may_send():
    claims = [(b"x-secret", b"guessed"), (b"cloudfront-viewer-address", b"1.2.3.4:5")]
    sent = sent_on(*claims, forwards_viewer=True, tells_viewer=True)
    kept = {name: value for name, value in sent if name in dict(claims)}
    assert kept == {b"x-secret": b"letmein", b"cloudfront-viewer-address": b"127.0.0.9:4711"}
    assert len(sent) == len({name for name, _ in sent})


def test_without_a_policy_an_origin_gets_nothing_of_the_viewers_but_who_it_is():
    assert sent_on((b"cookie", b"a=1"), (b"accept", b"*/*")) == [
        (b"host", b"front.example.com"),
        (b"x-forwarded-for", b"127.0.0.9"),
        (b"via", b"1.1 edge (CloudFront)"),
        (b"x-secret", b"letmein"),
    ]
