"""Rules of CloudFront distributions, their origins, and the firewall before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.documents import statements
from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.load_balancer import BALANCER, CERTIFICATE, DISTRIBUTION, LISTENER, VALIDATION
from policies.stack import Stack
from policies.values import Fault, Properties, UnknownValueError, apart, of_each

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
RECORD = "aws:route53/record:Record"
EDGE = "us-east-1"
API = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
METHODS = (
    {"GET", "HEAD"},
    {"GET", "HEAD", "OPTIONS"},
    {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"},
)
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""What CloudFront caches unasked: HTTP status codes it caches for 10 s by default."""


@stack_rule(
    DISTRIBUTION,
    source=f"{GUIDE}cnames-and-https-requirements.html",
    fix='make the certificate with region="us-east-1"',
)
def cdn_certificate_region(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudFront takes certificates of us-east-1 only."""
    for each in stack.referred(distribution, "viewerCertificate", CERTIFICATE, VALIDATION):
        if each.options.region and each.options.region != EDGE:
            got = f"{each.name} in {each.options.region}"
            yield distribution.fault("viewerCertificate", f"a certificate in {EDGE}", got=got)
            return
    arn = distribution.text("viewerCertificate.acmCertificateArn")
    if arn.startswith("arn:") and arn.split(":")[3] != EDGE and not stack.named(CERTIFICATE, arn):
        yield distribution.fault("viewerCertificate.acmCertificateArn", f"a certificate in {EDGE}")


@resource_rule(
    DISTRIBUTION, source=f"{API}ViewerCertificate.html", fix="give both aliases and a certificate, or neither"
)
def cdn_aliases_and_certificate(distribution: Resource) -> Iterator[Fault]:
    """CloudFront refuses aliases under its own certificate, which does not cover them."""
    custom = any(name in distribution.part("viewerCertificate") for name in ("acmCertificateArn", "iamCertificateId"))
    if distribution.get("aliases") and not custom:
        yield distribution.fault("aliases", "none with CloudFront's own certificate")


@resource_rule(DISTRIBUTION, source=f"{API}ViewerCertificate.html", fix='set ssl_support_method="sni-only"')
def cdn_certificate_by_sni(distribution: Resource) -> Iterator[Fault]:
    """A certificate of one's own is chosen by SNI, or by a dedicated address that costs 600 dollars a month."""
    viewer = distribution.part("viewerCertificate")
    if "acmCertificateArn" in viewer:
        yield from viewer.must_be("sslSupportMethod", "sni-only")


@resource_rule(DISTRIBUTION, source=f"{GUIDE}secure-connections-supported-viewer-protocols-ciphers.html",
               fix='set minimum_protocol_version="TLSv1.2_2021" with a certificate, not without')  # fmt: skip
def cdn_tls_version(distribution: Resource) -> Iterator[Fault]:
    """With a certificate the default is old; without one CloudFront sets TLSv1 whatever is asked, a change for ever."""
    viewer = distribution.part("viewerCertificate")
    wanted = viewer.text("minimumProtocolVersion")
    if "acmCertificateArn" in viewer and wanted not in ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"):
        yield viewer.fault("minimumProtocolVersion", "TLSv1.2_2021, TLSv1.2_2025 or TLSv1.3_2025")
    elif viewer.flag("cloudfrontDefaultCertificate") and wanted not in ("", "TLSv1"):
        yield viewer.fault("minimumProtocolVersion", "not set with CloudFront's own certificate")


@resource_rule(
    DISTRIBUTION,
    source=f"{API}DefaultCacheBehavior.html",
    fix="drop forwarded_values and the TTLs: the policy holds them",
)
def cdn_policy_or_forwarding(distribution: Resource) -> Iterator[Fault]:
    """A behaviour with a cache policy takes no forwarded values and no TTLs; CloudFront refuses both together."""
    for behavior in behaviors(distribution):
        for name in ("forwardedValues", "minTtl", "maxTtl", "defaultTtl"):
            if "cachePolicyId" in behavior and behavior.get(name):
                yield behavior.fault(name, "not set beside cachePolicyId")


@resource_rule(DISTRIBUTION, source=f"{API}DefaultCacheBehavior.html", fix="give it a cache_policy_id")
def cdn_has_a_cache_policy(distribution: Resource) -> Iterator[Fault]:
    """A behaviour needs a cache policy or forwarded values; CloudFront refuses one with neither."""
    for behavior in behaviors(distribution):
        if "cachePolicyId" not in behavior and "forwardedValues" not in behavior:
            yield behavior.fault("cachePolicyId", "the id of a cache policy")


@resource_rule(DISTRIBUTION, source=f"{API}DefaultCacheBehavior.html", fix="name an origin_id of origins")
def cdn_origin_exists(distribution: Resource) -> Iterator[Fault]:
    """A behaviour's target must be one of the distribution's origins (NoSuchOrigin)."""
    groups = distribution.parts("originGroups")
    known = {each.text("originId") for each in [*distribution.parts("origins"), *groups]}
    for behavior in behaviors(distribution):
        yield from behavior.one_of("targetOriginId", *sorted(known))


@resource_rule(DISTRIBUTION, source=f"{API}AllowedMethods.html", fix="list all methods of one of the three sets")
def cdn_methods(distribution: Resource) -> Iterator[Fault]:
    """CloudFront allows GET and HEAD, or OPTIONS as well, or all seven methods, and caches the first two or three."""
    for behavior in behaviors(distribution):
        yield from _methods(behavior, "allowedMethods", METHODS, "GET, HEAD; or OPTIONS too; or all seven")
        yield from _methods(behavior, "cachedMethods", METHODS[:2], "GET, HEAD; or OPTIONS too")


@apart
def _methods(behavior: Properties, path: str, sets: Iterable[set[str]], allowed: str) -> Iterator[Fault]:
    if set(behavior.texts(path)) not in sets:
        yield behavior.fault(path, allowed)


@resource_rule(DISTRIBUTION, source=f"{API}DistributionConfig.html", fix="choose a price class")
def cdn_price_class(distribution: Resource) -> Iterator[Fault]:
    """There are three price classes."""
    yield from distribution.one_of("priceClass", "PriceClass_100", "PriceClass_200", "PriceClass_All")


@resource_rule(DISTRIBUTION, source=f"{GUIDE}HTTPStatusCodes.html",
               fix="set error_caching_min_ttl=0 for each of them in custom_error_responses",
               severity=Severity.ADVISORY)  # fmt: skip
def cdn_errors_are_not_cached(distribution: Resource) -> Iterator[Fault]:
    """CloudFront caches errors for 10 s even where it caches nothing else: one customer's 503 becomes everybody's."""
    dynamic = any(each.text("cachePolicyId") == CACHING_DISABLED for each in behaviors(distribution))
    free = {each.number("errorCode") for each in distribution.parts("customErrorResponses")
            if each.number("errorCachingMinTtl") == 0}  # fmt: skip
    cached = [code for code in ERRORS if code not in free]
    if dynamic and cached:
        yield distribution.fault("customErrorResponses", "no caching of any error", got=f"cached: {cached}")


@resource_rule(DISTRIBUTION, source=f"{GUIDE}controlling-origin-requests.html",
               fix="give it an origin_request_policy_id", severity=Severity.ADVISORY)  # fmt: skip
def cdn_dynamic_requests_are_whole(distribution: Resource) -> Iterator[Fault]:
    """What is not cached is dynamic: without an origin request policy, cookies and query never reach the servers."""
    for behavior in behaviors(distribution):
        if behavior.text("cachePolicyId") == CACHING_DISABLED and "originRequestPolicyId" not in behavior:
            yield behavior.fault("originRequestPolicyId", "a policy that forwards cookies and query")


@stack_rule(
    DISTRIBUTION, source=f"{GUIDE}DownloadDistValuesOrigin.html", fix="listen on the port that the origin is asked on"
)
def cdn_origin_port(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """CloudFront asks a load balancer on the port and protocol that the origin says: somebody must listen there."""
    yield from of_each(distribution.parts("origins"), lambda origin: _origin_port(origin, stack))


def _origin_port(origin: Properties, stack: Stack) -> Iterator[Fault]:
    balancer, config = _balancer(origin, stack), origin.part("customOriginConfig")
    if balancer is not None and config.text("originProtocolPolicy") in ("https-only", "http-only"):
        secure = config.text("originProtocolPolicy") == "https-only"
        port = config.number("httpsPort" if secure else "httpPort")
        listeners = [
            (each.number("port"), each.text("protocol"))
            for each in stack.referring(LISTENER, "loadBalancerArn", balancer)
        ]
        if (port, "HTTPS" if secure else "HTTP") not in listeners:
            yield origin.fault("customOriginConfig", f"a port that {balancer.name} listens on", got=f"port {port}")


@stack_rule(
    DISTRIBUTION,
    source=f"{GUIDE}private-content-restricting-access-to-s3.html",
    fix="attach an OriginAccessControl and use the bucket's regional domain name",
)
def cdn_bucket_by_access_control(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """A private bucket answers only signed requests: an origin without access control gets 403 for everything."""
    for origin in distribution.parts("origins"):
        if _bucket(origin, distribution, stack) is not None and "originAccessControlId" not in origin:
            yield origin.fault("originAccessControlId", "the id of an OriginAccessControl")


@stack_rule(DISTRIBUTION, source=f"{GUIDE}private-content-restricting-access-to-s3.html",
            fix="allow cloudfront.amazonaws.com s3:GetObject with the distribution's ARN as AWS:SourceArn")  # fmt: skip
def cdn_bucket_lets_it_in(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """The bucket's policy must let this distribution read, and no distribution of another account."""
    for origin in distribution.parts("origins"):
        bucket = _bucket(origin, distribution, stack)
        if bucket is not None and not _reads(bucket, stack):
            yield origin.fault("domainName", "a bucket whose policy lets this distribution read", got=bucket.name)


@stack_rule(
    DISTRIBUTION,
    source=f"{GUIDE}CNAMEs.html",
    fix="make an A and an AAAA alias record for it",
    severity=Severity.ADVISORY,
)
def cdn_alias_records(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """An alias that DNS does not lead to CloudFront is reached by nobody; with IPv6 on it needs AAAA as well."""
    records = stack.of(RECORD)
    kinds = ("A", "AAAA") if distribution.flag("isIpv6Enabled") else ("A",)
    for alias in distribution.known_texts("aliases") if records else []:
        names = {each.text("type") for each in records if each.text("name").rstrip(".") == alias and "aliases" in each}
        missing = [kind for kind in kinds if kind not in names]
        if missing:
            yield distribution.fault("aliases", f"with records of type {' and '.join(kinds)}", got=alias)


def behaviors(distribution: Properties) -> list[Properties]:
    """The default behaviour and the ordered ones."""
    return [*distribution.parts("defaultCacheBehavior"), *distribution.parts("orderedCacheBehaviors")]


@stack_rule(DISTRIBUTION, source=f"{GUIDE}CNAMEs.html", fix="give each alias to one distribution")
def cdn_alias_once(distribution: Resource, stack: Stack) -> Iterator[Fault]:
    """An alias belongs to one distribution in the world (CNAMEAlreadyExists)."""
    others = [each for each in stack.of(DISTRIBUTION) if each is not distribution]
    theirs = {alias for each in others for alias in each.known_texts("aliases")}
    shared = theirs & {*distribution.known_texts("aliases")}
    if shared:
        yield distribution.fault("aliases", "aliases that no other distribution has", got=sorted(shared))


def _balancer(origin: Properties, stack: Stack) -> Resource | None:
    try:
        return stack.named(BALANCER, origin.text("domainName"))
    except UnknownValueError:
        balancers = [each for each in stack.of(BALANCER) if each.get("internal") is not True]
        return balancers[0] if "customOriginConfig" in origin and len(balancers) == 1 else None


def _bucket(origin: Properties, distribution: Resource, stack: Stack) -> Resource | None:
    if "customOriginConfig" in origin:
        return None
    try:
        return stack.named(BUCKET, origin.text("domainName"))
    except UnknownValueError:
        buckets = stack.referred(distribution, "origins", BUCKET)
        return buckets[0] if len(buckets) == 1 else None


def _reads(bucket: Resource, stack: Stack) -> bool:
    policies = stack.referring(BUCKET_POLICY, "bucket", bucket)
    given = [each for policy in policies for each in statements(policy.document("policy")) if each.allows]
    return any(
        each.names_service("cloudfront.amazonaws.com")
        and each.covers("s3:GetObject")
        and each.condition("AWS:SourceArn")
        for each in given
    )
