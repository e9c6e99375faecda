"""Distributions in front of buckets, load balancers and APIs."""

from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.static_sites import (
    ACCESS_CONTROL,
    ALL_VIEWER,
    CACHING_DISABLED,
    CERTIFICATE,
    DISTRIBUTION,
    behavior,
    private,
    read_by,
    site,
)

ALL_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


@example(ACCESS_CONTROL)
def site_of_a_private_bucket():
    site("site", aws.s3.Bucket("site"))


@example(DISTRIBUTION)
def site_for_some_countries():
    restrictions = {"geo_restriction": {"restriction_type": "whitelist", "locations": ["US", "CA", "GB", "DE"]}}
    site("site", aws.s3.Bucket("site"), is_ipv6_enabled=True, comment="Some comment", price_class="PriceClass_200",
         restrictions=restrictions, tags={"Environment": "production"})  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-procedure.html")
def single_page_app():
    site("app", aws.s3.Bucket("app"), custom_error_responses=[
        {"error_code": code, "response_code": 200, "response_page_path": "/index.html", "error_caching_min_ttl": 300}
        for code in (403, 404)
    ])  # fmt: skip


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html")
def site_that_writes_its_log():
    logs = aws.s3.Bucket("logs")
    private("logs", logs)
    ownership = aws.s3.BucketOwnershipControls(
        "logs", bucket=logs.id, rule={"object_ownership": "BucketOwnerPreferred"}
    )
    acl = aws.s3.BucketAcl(
        "logs", bucket=logs.id, acl="log-delivery-write", opts=pulumi.ResourceOptions(depends_on=[ownership])
    )
    pulumi.export("acl", acl.id)
    site("site", aws.s3.Bucket("site"), logging_config={"bucket": logs.bucket_domain_name, "prefix": "myprefix"})


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html")
def site_with_security_headers():
    headers = aws.cloudfront.ResponseHeadersPolicy(
        "headers",
        security_headers_config={
            "strict_transport_security": {
                "access_control_max_age_sec": 31536000,
                "include_subdomains": True,
                "override": True,
                "preload": True,
            },
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "DENY", "override": True},
            "referrer_policy": {"referrer_policy": "same-origin", "override": True},
        },
    )
    site("site", aws.s3.Bucket("site"), default_cache_behavior=behavior("s3", response_headers_policy_id=headers.id))


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-tutorial.html")
def site_with_a_function_at_the_edge():
    rewrite = aws.cloudfront.Function(
        "rewrite", runtime="cloudfront-js-2.0", publish=True, code="function handler(event) { return event.request; }"
    )
    site("site", aws.s3.Bucket("site"), default_cache_behavior=behavior("s3", function_associations=[
        {"event_type": "viewer-request", "function_arn": rewrite.arn}
    ]))  # fmt: skip


@example("https://www.pulumi.com/registry/packages/aws/api-docs/cloudfront/cachepolicy/")
def site_with_a_cache_policy_of_its_own():
    policy = aws.cloudfront.CachePolicy(
        "example",
        default_ttl=50,
        max_ttl=100,
        min_ttl=1,
        parameters_in_cache_key_and_forwarded_to_origin={
            "cookies_config": {"cookie_behavior": "whitelist", "cookies": {"items": ["example"]}},
            "headers_config": {"header_behavior": "whitelist", "headers": {"items": ["example"]}},
            "query_strings_config": {"query_string_behavior": "whitelist", "query_strings": {"items": ["example"]}},
        },
    )
    site("site", aws.s3.Bucket("site"), default_cache_behavior=behavior("s3", cache_policy_id=policy.id))


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html")
def site_under_its_own_name():
    zone = aws.route53.Zone("zone", name="acme-shop.io")
    viewer = {"acm_certificate_arn": CERTIFICATE, "ssl_support_method": "sni-only",
              "minimum_protocol_version": "TLSv1.2_2021"}  # fmt: skip
    distribution = site("site", aws.s3.Bucket("site"), aliases=["www.acme-shop.io"], viewer_certificate=viewer)
    for kind in ("A", "AAAA"):
        alias: Any = {"name": distribution.domain_name, "zone_id": distribution.hosted_zone_id,
                 "evaluate_target_health": False}  # fmt: skip
        aws.route53.Record(kind, zone_id=zone.zone_id, name="www.acme-shop.io", type=kind, aliases=[alias])


def api_origin(domain, **more) -> Any:
    config = {"http_port": 80, "https_port": 443, "origin_protocol_policy": "https-only",
              "origin_ssl_protocols": ["TLSv1.2"]}  # fmt: skip
    return {"domain_name": domain, "origin_id": "api", "custom_origin_config": {**config, **more}}


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html",
         "cdn-errors-are-not-cached")  # fmt: skip
def api_that_is_not_cached():
    aws.cloudfront.Distribution(
        "api",
        enabled=True,
        http_version="http2and3",
        origins=[api_origin("api.acme-shop.io", origin_read_timeout=60, origin_keepalive_timeout=60)],
        default_cache_behavior=behavior(
            "api", allowed_methods=ALL_METHODS, cache_policy_id=CACHING_DISABLED, origin_request_policy_id=ALL_VIEWER
        ),
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html")
def site_with_a_second_origin():
    primary, second = aws.s3.Bucket("primary"), aws.s3.Bucket("second")
    control = aws.cloudfront.OriginAccessControl(
        "oac", origin_access_control_origin_type="s3", signing_behavior="always", signing_protocol="sigv4"
    )
    origins: Any = [
        {"domain_name": each.bucket_regional_domain_name, "origin_id": name, "origin_access_control_id": control.id}
        for name, each in (("primary", primary), ("second", second))
    ]
    group: Any = {"origin_id": "both", "failover_criteria": {"status_codes": [403, 404, 500, 502]},
             "members": [{"origin_id": "primary"}, {"origin_id": "second"}]}  # fmt: skip
    distribution = aws.cloudfront.Distribution(
        "site",
        enabled=True,
        origins=origins,
        origin_groups=[group],
        default_cache_behavior=behavior("both"),
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )
    let_in("primary", primary, distribution)
    let_in("second", second, distribution)


def let_in(name, bucket, distribution):
    opts = pulumi.ResourceOptions(depends_on=[private(name, bucket)])
    aws.s3.BucketPolicy(name, bucket=bucket.id, policy=read_by(bucket, distribution), opts=opts)
