"""Rules of a distribution's smaller parts: names that its certificate covers, times, countries, error pages, logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.rules.cdn import behaviors
from policies.rules.load_balancer import CERTIFICATE, DISTRIBUTION, VALIDATION
from policies.rules.object_store import BUCKET, OWNERSHIP
from policies.stack import Stack
from policies.values import Fault, Properties, of_each

API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
PAGED = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""The codes that a custom error response may be about."""
TIMES = ("minTtl", "defaultTtl", "maxTtl")


@stack_rule(DISTRIBUTION, source=f"{GUIDE}cnames-and-https-requirements.html",
            fix="add the alias to the certificate's subject_alternative_names")  # fmt: skip
def cdn_certificate_covers_its_aliases(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudFront refuses an alias that the certificate does not name (InvalidViewerCertificate)."""
    for certificate in _certificates(distribution, stack):
        names = [*certificate.texts("domainName"), *certificate.texts("subjectAlternativeNames")]
        bare = [each for each in distribution.known_texts("aliases") if not any(_covers(name, each) for name in names)]
        if bare and names:
            yield distribution.fault("aliases", f"names that {certificate.name} covers", got=bare)


@resource_rule(DISTRIBUTION, source=f"{API}DefaultCacheBehavior.html", fix="order them: min_ttl, default_ttl, max_ttl")
def cdn_times_in_order(distribution: Resource) -> Iterator[Fault]:
    """Of the times that an object is kept the least is not above the default, nor that above the most."""
    yield from of_each(behaviors(distribution), _times)


@resource_rule(DISTRIBUTION, source=f"{API}GeoRestriction.html", fix='give locations, or restriction_type="none"')
def cdn_countries(distribution: Resource) -> Iterator[Fault]:
    """A restriction by countries names them by their two letters; CloudFront refuses an empty list."""
    restriction = distribution.part("restrictions.geoRestriction")
    places = restriction.get("locations")
    if restriction.text("restrictionType") in ("whitelist", "blacklist") and not places:
        yield restriction.fault("locations", "countries, such as DE")
    wrong = [each for each in restriction.known_texts("locations") if not re.fullmatch("[A-Z]{2}", each)]
    if wrong:
        yield restriction.fault("locations", "two capital letters for each country", got=wrong)


@resource_rule(DISTRIBUTION, source=f"{API}CustomErrorResponse.html", fix="give response_code and response_page_path")
def cdn_error_page(distribution: Resource) -> Iterator[Fault]:
    """An error's page and the code that it is sent with are given together."""
    yield from of_each(distribution.parts("customErrorResponses"), _page)


@resource_rule(DISTRIBUTION, source=f"{GUIDE}creating-custom-error-pages.html", fix="name one of the codes")
def cdn_error_code(distribution: Resource) -> Iterator[Fault]:
    """CloudFront replaces eleven errors, and refuses a response for another code."""
    yield from of_each(distribution.parts("customErrorResponses"), lambda each: each.one_of("errorCode", *PAGED))


@stack_rule(DISTRIBUTION, source=f"{GUIDE}standard-logging-legacy-s3.html",
            fix='add BucketOwnershipControls with object_ownership="BucketOwnerPreferred"')  # fmt: skip
def cdn_log_bucket(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """Standard logs are written by an ACL, which a new bucket does not take until its ownership controls say so."""
    for bucket in stack.referred(distribution, "loggingConfig", BUCKET):
        controls = stack.referring(OWNERSHIP, "bucket", bucket)
        owners = [each.text("rule.objectOwnership") for each in controls]
        if not {"BucketOwnerPreferred", "ObjectWriter"} & set(owners):
            yield distribution.fault("loggingConfig", "a bucket that takes ACLs", got=bucket.name)


@resource_rule(DISTRIBUTION, source=f"{GUIDE}DownloadDistS3AndCustomOrigins.html#concept_S3Origin_website",
               fix="give a custom_origin_config that asks by http-only")  # fmt: skip
def cdn_website_origin(distribution: Resource) -> Iterator[Fault]:
    """A bucket's web site is a server of its own, over HTTP alone: no access identity or control opens it."""
    for origin in distribution.parts("origins"):
        for name in origin.known_texts("domainName"):
            if ".s3-website" in name and "customOriginConfig" not in origin:
                yield origin.fault("customOriginConfig", "given, as the origin is a web site", got=name)


def _certificates(distribution: Resource, stack: Stack) -> list[Resource]:
    """The certificate that the distribution shows, also when its ARN came from the validation."""
    found = stack.referred(distribution, "viewerCertificate", CERTIFICATE, VALIDATION)
    validated = [one for each in found if each.type == VALIDATION
                 for one in stack.referred(each, "certificateArn", CERTIFICATE)]  # fmt: skip
    return list(dict.fromkeys([*[each for each in found if each.type == CERTIFICATE], *validated]))[:1]


def _covers(name: str, alias: str) -> bool:
    """Whether the certificate's *name* is the alias, or a star for its first label."""
    star = name.startswith("*.") and alias.partition(".")[2] == name[2:]
    return star or name.lower() == alias.lower()


def _times(behavior: Properties) -> Iterator[Fault]:
    given = [(name, number) for name in TIMES if (number := behavior.number(name)) is not None]
    for (lower, least), (upper, most) in pairwise(given):
        if least > most:
            yield behavior.fault(lower, f"at most {upper}, which is {most}")


def _page(response: Properties) -> Iterator[Fault]:
    for name, other in (("responseCode", "responsePagePath"), ("responsePagePath", "responseCode")):
        if name not in response and response.get(other):
            yield response.fault(name, f"given beside {other}")
