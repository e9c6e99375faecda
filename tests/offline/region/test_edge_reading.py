"""What the account says of a distribution is what the edge does."""

import json

import pytest

from offline.patches.cloudfront_policies import MANAGED
from offline.region.edge import policies
from offline.region.edge.forwarding import headers, query
from offline.region.edge.reading import behaviors, groups, missing_of, origins, pages
from offline.region.edge.table import Behavior, ErrorPage, Forwarded, Origin, OriginGroup

CACHING_DISABLED, ALL_BUT_HOST = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CONTENT, HERE = "connect-src 'self' https://pictures-1.s3.eu-west-1.amazonaws.com", "http://127.0.0.1:1"
CORS, HOST_ONLY = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "bf0718e1-ba1e-49d1-88b1-f726733018ae"
ALL_VIEWER, SECURITY = "216adef6-5c7f-47e4-b989-5492eafa07d3", "67f7725c-6f97-4210-82d7-5512b31e9d03"
THERE = Origin(address="127.0.0.2", port=80, host="front.example.com", headers=(("X-Secret", "letmein"),))
SENT = {"host": "shop.dev", "origin": "https://a.dev", "cookie": "a=1; b=2", "user-agent": "me"}
VIEWER = {
    "headers": [(name.encode(), value.encode()) for name, value in SENT.items()],
    "client": ("127.0.0.9", 4711),
    "raw_path": b"/",
    "query_string": b"x=1&y=2",
}


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


def passed(account, policy, **config):
    """What of a request goes on to an origin by a policy of AWS's own, or by one that is made of *config*."""
    cloudfront = account.client("cloudfront")
    if config:
        made = cloudfront.create_origin_request_policy(OriginRequestPolicyConfig={"Name": policy, **config})
        policy = made["OriginRequestPolicy"]["Id"]
    [found] = behaviors(cloudfront, {"DefaultCacheBehavior": behavior(OriginRequestPolicyId=policy)}, HERE)
    sent = dict(headers(VIEWER, found, THERE))
    names = {name.decode() for name in sent.keys() & dict(VIEWER["headers"]).keys()}
    return sent[b"host"].decode(), names - {"host"}, sent.get(b"cookie", b"").decode(), query(VIEWER, found).decode()


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (ALL_VIEWER, ("shop.dev", {"origin", "cookie", "user-agent"}, "a=1; b=2", "x=1&y=2")),
        (ALL_BUT_HOST, ("front.example.com", {"origin", "cookie", "user-agent"}, "a=1; b=2", "x=1&y=2")),
        (CORS, ("front.example.com", {"origin"}, "", "")),
        (HOST_ONLY, ("shop.dev", set(), "", "")),
    ],
)
def test_an_origin_gets_what_a_policy_of_awss_own_lets_through(account, policy, found):
    assert passed(account, policy) == found


def test_an_origin_gets_what_a_policy_of_the_owners_lets_through(account):
    config = {
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 1, "Items": ["User-Agent"]}},
        "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": {"Quantity": 1, "Items": ["b"]}},
        "QueryStringsConfig": {"QueryStringBehavior": "allExcept", "QueryStrings": {"Quantity": 1, "Items": ["x"]}},
    }
    assert passed(account, "mine", **config) == ("front.example.com", {"user-agent", "cookie"}, "b=2", "y=2")


@pytest.mark.parametrize("policy", [*MANAGED["CachePolicy"].values()])
def test_every_cache_policy_of_awss_own_is_known(policy):
    assert policy in policies.MANAGED


def test_every_origin_request_policy_of_awss_own_is_known():
    assert policies.MANAGED_REQUESTS.keys() == {*MANAGED["OriginRequestPolicy"].values()}


def test_awss_own_security_headers_are_added(account):
    [found] = behaviors(
        account.client("cloudfront"), {"DefaultCacheBehavior": behavior(ResponseHeadersPolicyId=SECURITY)}, HERE
    )
    assert dict(found.added) == {
        "referrer-policy": "strict-origin-when-cross-origin",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "x-xss-protection": "1; mode=block",
    }


def test_an_origin_is_asked_at_the_port_of_its_protocol_policy():
    places = {"front.example.com": {80: ("127.0.0.2", 8000), 443: ("127.0.0.2", 8443)}}
    found = origins(None, {"Origins": {"Items": [origin()]}}, places, "http://127.0.0.1:1")["app"]
    assert (found.address, found.port, found.headers) == ("127.0.0.2", 8443, (("X-Secret", "letmein"),))


def test_an_origin_that_is_nowhere_here_is_one_that_does_not_answer():
    found = origins(None, {"Origins": {"Items": [origin("other.example.com")]}}, {"front": {}}, HERE)["app"]
    assert (found.address, found.port) == ("127.0.0.1", 0)


def test_a_group_of_origins_has_its_second_and_the_statuses_by_which_the_first_fails():
    members = {"Quantity": 2, "Items": [{"OriginId": "app"}, {"OriginId": "spare"}]}
    criteria = {"StatusCodes": {"Quantity": 2, "Items": [500, 503]}}
    config = {"OriginGroups": {"Items": [{"Id": "both", "FailoverCriteria": criteria, "Members": members}]}}
    assert groups(config) == {"both": OriginGroup(first="app", second="spare", statuses=(500, 503))}


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


def sent_on(*more, **forwards):
    """What an origin with a secret gets of a viewer's headers."""
    sent = [(b"host", b"shop.dev"), *more]
    scope = {"headers": sent, "client": ("127.0.0.9", 4711), "raw_path": b"/", "query_string": b""}
    behavior = Behavior(pattern="*", origin="app", methods=("GET",), forwarded=Forwarded(**forwards))
    return headers(scope, behavior, THERE)


def test_a_viewer_sends_no_header_that_only_the_edge_may_send():
    claims = [(b"x-secret", b"guessed"), (b"cloudfront-viewer-address", b"1.2.3.4:5")]
    sent = sent_on(*claims, headers=policies.EVERY, told=policies.TOLD)
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
