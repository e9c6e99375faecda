"""Fragments about a distribution's smaller parts."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

LEGACY = {"query_string": True, "cookies": {"forward": "all"}}


def shown(*aliases, names=()):
    """A distribution of *aliases* that shows a certificate of bigpicture.dev and *names*."""
    certificate = aws.acm.Certificate(
        "certificate", domain_name="bigpicture.dev", subject_alternative_names=[*names], validation_method="DNS"
    )
    valid = aws.acm.CertificateValidation(
        "valid", certificate_arn=certificate.arn, validation_record_fqdns=["made-elsewhere.bigpicture.dev"]
    )
    shows = {"acm_certificate_arn": valid.certificate_arn, "ssl_support_method": "sni-only",
             "minimum_protocol_version": "TLSv1.2_2021"}  # fmt: skip
    parts.distribution(aliases=[*aliases], viewer_certificate=shows)


def kept(**times):
    policies = {"cache_policy_id": None, "origin_request_policy_id": None, "forwarded_values": LEGACY}
    parts.distribution(default_cache_behavior=parts.behavior(**policies, **times))


def restricted(**more):
    parts.distribution(restrictions={"geo_restriction": more})


def replaced(**more):
    parts.distribution(custom_error_responses=[{"error_caching_min_ttl": 0, **more}])


def logged(ownership=""):
    bucket = aws.s3.Bucket("logs")
    if ownership:
        aws.s3.BucketOwnershipControls("logs", bucket=bucket.id, rule={"object_ownership": ownership})
    parts.distribution(logging_config={"bucket": bucket.bucket_domain_name})


@breaks(
    "cdn-certificate-covers-its-aliases",
    "aws:cloudfront/distribution:Distribution 'cdn': aliases is [\"shop.bigpicture.dev\"]; allowed: names "
    "that certificate covers.",
)
def alias_that_the_certificate_does_not_name():
    shown("bigpicture.dev", "shop.bigpicture.dev")


@breaks(
    "cdn-certificate-covers-its-aliases",
    "aws:cloudfront/distribution:Distribution 'cdn': aliases is [\"de.shop.bigpicture.dev\"]; allowed: "
    "names that certificate covers.",
)
def alias_two_labels_below_the_star():
    shown("de.shop.bigpicture.dev", names=["*.bigpicture.dev"])


@keeps("cdn-certificate-covers-its-aliases")
def aliases_that_the_certificate_covers():
    shown("bigpicture.dev", "shop.bigpicture.dev", names=["*.bigpicture.dev"])


@breaks(
    "cdn-times-in-order",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.minTtl is 100; allowed: at most"
    " defaultTtl, which is 10.",
    "aws:cloudfront/distribution:Distribution 'cdn': defaultCacheBehavior.defaultTtl is 10; allowed: at "
    "most maxTtl, which is 5.",
)
def least_above_the_default_above_the_most():
    kept(min_ttl=100, default_ttl=10, max_ttl=5)


@keeps("cdn-times-in-order")
def three_equal_times():
    kept(min_ttl=5, default_ttl=5, max_ttl=5)


@breaks(
    "cdn-countries",
    "aws:cloudfront/distribution:Distribution 'cdn': restrictions.geoRestriction.locations is not set; "
    "allowed: countries, such as DE.",
)
def restriction_to_nowhere():
    restricted(restriction_type="whitelist")


@breaks(
    "cdn-countries",
    "aws:cloudfront/distribution:Distribution 'cdn': restrictions.geoRestriction.locations is "
    '["Germany"]; allowed: two capital letters for each country.',
)
def country_by_its_name():
    restricted(restriction_type="blacklist", locations=["Germany"])


@keeps("cdn-countries")
def restriction_to_two_countries():
    restricted(restriction_type="whitelist", locations=["AT", "DE"])


@breaks(
    "cdn-error-page",
    "aws:cloudfront/distribution:Distribution 'cdn': customErrorResponses[0].responseCode is not set; "
    "allowed: given beside responsePagePath.",
)
def page_without_a_code():
    replaced(error_code=404, response_page_path="/404.html")


@breaks(
    "cdn-error-page",
    "aws:cloudfront/distribution:Distribution 'cdn': customErrorResponses[0].responsePagePath is not set;"
    " allowed: given beside responseCode.",
)
def code_without_a_page():
    replaced(error_code=404, response_code=200)


@keeps("cdn-error-page")
def page_with_its_code():
    replaced(error_code=404, response_code=200, response_page_path="/index.html")


@breaks(
    "cdn-error-code",
    "aws:cloudfront/distribution:Distribution 'cdn': customErrorResponses[0].errorCode is 418; allowed: "
    "400 or 403 or 404 or 405 or 414 or 416 or 500 or 501 or 502 or 503 or 504.",
)
def page_for_a_teapot():
    replaced(error_code=418)


@keeps("cdn-error-code")
def page_for_a_range():
    replaced(error_code=416)


@breaks(
    "cdn-log-bucket",
    "aws:cloudfront/distribution:Distribution 'cdn': loggingConfig is \"logs\"; allowed: a bucket that takes ACLs.",
)
def log_into_a_new_bucket():
    logged()


@breaks(
    "cdn-log-bucket",
    "aws:cloudfront/distribution:Distribution 'cdn': loggingConfig is \"logs\"; allowed: a bucket that takes ACLs.",
)
def log_into_a_bucket_without_acls():
    logged("BucketOwnerEnforced")


@keeps("cdn-log-bucket")
def log_into_a_bucket_with_acls():
    logged("BucketOwnerPreferred")


@breaks(
    "cdn-website-origin",
    "aws:cloudfront/distribution:Distribution 'cdn': origins[0].customOriginConfig is \"shop.s3-website-"
    'us-east-1.amazonaws.com"; allowed: given, as the origin is a web site.',
)
def website_as_a_bucket():
    origin = {"origin_id": "balancer", "domain_name": "shop.s3-website-us-east-1.amazonaws.com"}
    parts.distribution(origins=[{**origin, "s3_origin_config": {"origin_access_identity": ""}}])


@keeps("cdn-website-origin")
def website_as_a_server():
    parts.distribution(
        origins=[parts.custom_origin("shop.s3-website-us-east-1.amazonaws.com", origin_protocol_policy="http-only")]
    )
