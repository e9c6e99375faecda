"""Build the CDN: one CloudFront distribution over the pages, the pictures and the load balancer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
import pulumi_aws as aws

from components import names, policy
from components.parts.alarm import Alarm, make_alarm
from components.parts.behaviors import BALANCER, PAGES, PICTURES, default_behavior, ordered_behaviors
from components.parts.bucket_policy import readable_by_distribution, tls_only
from components.parts.firewall import EDGE_REGION, Firewall, make_firewall
from components.parts.refusal import refuse
from components.parts.security_headers import make_security_headers

__all__ = ["BalancerOrigin", "BucketOrigin", "Cdn", "CdnArgs", "Firewall"]

PriceClass = Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"]
MAX_BEHAVIORS = 75
"""Cache behaviours of a distribution (CloudFront quotas)."""
UNCACHED_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""What CloudFront keeps for 10 s even under no-store, by a key without the cookie: one customer's 503 would be
everybody's (CloudFront Developer Guide, "How CloudFront processes HTTP 4xx and 5xx status codes from your origin")."""
FORBIDDEN, NOT_FOUND = 403, 404
ORIGIN_READ_S = 30
"""Silence after which CloudFront gives the load balancer up, between packets too: a stream's heartbeat is shorter."""
ORIGIN_KEEP_ALIVE_S = 5
"""Seconds for which CloudFront keeps a silent connection: under the load balancer's own, else 502 at random."""
MINIMUM_TLS = "TLSv1.2_2025"
"""CloudFront Developer Guide, "Supported protocols and ciphers between viewers and CloudFront"."""
DEPLOYMENT = pulumi.CustomTimeouts(create="60m", update="60m", delete="60m")
"""CloudFront needs 5 to 15 minutes to reach all its locations, and has been seen to need 40."""
ERROR_PERCENT = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class BucketOrigin:
    """A private bucket without a policy of its own; the `Cdn` makes it."""

    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    domain_name: pulumi.Input[str]
    """The regional domain name, never the website endpoint, which speaks no TLS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BalancerOrigin:
    """A load balancer that answers only who knows the secret header."""

    domain_name: pulumi.Input[str]
    """With `encrypted`, a name that the load balancer's certificate covers; it is sent the store's own name as Host."""
    encrypted: bool
    secret_header: pulumi.Input[str]
    secret_value: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class CdnArgs:
    """Which path leads where, under which name, and what is looked at on the way."""

    pages: BucketOrigin
    """Where every path leads that is in neither list below; `/` is its index.html."""
    missing_page: str | None = None
    """Key in `pages` of what is shown, with 404, for what is in no bucket; None shows S3's XML.

    CloudFront's error pages hold for every origin. So buckets then say 403, and `balancer` must not: its 403 would be
    replaced as well, and so is the firewall's (CloudFront Developer Guide, "HTTP 403 status code").
    """
    pictures: BucketOrigin
    picture_paths: Sequence[str]
    """Path patterns that lead to `pictures`, e.g. /pictures/*; the key holds the whole path."""
    balancer: BalancerOrigin
    balancer_paths: Sequence[str]
    """Path patterns that lead to `balancer`, e.g. /orders and /orders/*."""
    domain: str | None = None
    """The store's own name, with `certificate_arn`; None leaves CloudFront's name and certificate."""
    certificate_arn: pulumi.Input[str] | None = None
    """Of a validated certificate in us-east-1 that covers `domain`."""
    price_class: PriceClass = "PriceClass_100"
    firewall: Firewall | None = None
    security_headers: bool = True
    """HSTS and a content security policy on every answer."""
    wait_for_deployment: bool = True
    """Wait 5 to 15 minutes until every location knows; False returns at once, and what is new appears later."""
    alarm_topic_arn: pulumi.Input[str] | None = None
    """In us-east-1, where CloudFront's metrics are."""

    def __post_init__(self) -> None:
        classes = get_args(PriceClass)
        refuse(self, {"price_class": (self.price_class in classes, ", ".join(classes))}, self._faults())

    def _faults(self) -> Iterator[str]:
        if (self.domain is None) != (self.certificate_arn is None):
            given = "domain" if self.domain else "certificate_arn"
            yield f"only {given} is set; allowed: domain and certificate_arn, or neither. Fix: set both"
        if (self.missing_page or "page").startswith("/"):
            yield f"missing_page is {self.missing_page!r}; allowed: a key, without '/' in front. Fix: missing_page"
        paths = [*self.picture_paths, *self.balancer_paths]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice or len(paths) > MAX_BEHAVIORS or not all(path.startswith("/") for path in paths):
            yield (
                f"picture_paths and balancer_paths are {paths}; allowed: at most {MAX_BEHAVIORS} patterns, each once"
                f" (twice: {', '.join(twice) or 'none'}), '/' first. Fix: picture_paths, balancer_paths"
            )


class Cdn(pulumi.ComponentResource):
    """One distribution, the only way into the buckets, and optionally a firewall and security headers.

    `url` and the other outputs are handed out once the buckets let the distribution in. A month's first TB costs
    nothing, then it is 0.085 USD per GB in North America and Europe.
    """

    distribution_id: pulumi.Output[str]
    arn: pulumi.Output[str]
    domain_name: pulumi.Output[str]
    """CloudFront's own name for it, xxx.cloudfront.net: what alias records lead to."""
    hosted_zone_id: pulumi.Output[str]
    """CloudFront's zone, for alias records."""
    url: pulumi.Output[str]
    """The store's address, https:// and no slash at the end."""

    def __init__(self, name: str, args: CdnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:edge:Cdn", name, None, opts)
        distribution = self._distribution(name, args)
        buckets = {"pages": args.pages, "pictures": args.pictures}
        policies = [self._bucket_policy(name, role, bucket, args, distribution) for role, bucket in buckets.items()]
        self._alarm(name, args, distribution)
        self.distribution_id = _after(policies, distribution.id)
        self.arn = _after(policies, distribution.arn)
        self.domain_name = _after(policies, distribution.domain_name)
        self.hosted_zone_id = distribution.hosted_zone_id
        self.url = pulumi.Output.concat("https://", args.domain or self.domain_name)
        outputs = ("distribution_id", "arn", "domain_name", "hosted_zone_id", "url")
        self.register_outputs({output: getattr(self, output) for output in outputs})

    def _distribution(self, name: str, args: CdnArgs) -> aws.cloudfront.Distribution:
        headers = make_security_headers(self, name, args.pictures.domain_name) if args.security_headers else None
        return aws.cloudfront.Distribution(
            names.logical(aws.cloudfront.Distribution, name, "distribution"),
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=args.price_class,
            aliases=[args.domain] if args.domain else None,
            viewer_certificate=_certificate(args),
            default_root_object="index.html",
            origins=self._origins(name, args),
            default_cache_behavior=default_behavior(headers),
            ordered_cache_behaviors=ordered_behaviors(args.picture_paths, args.balancer_paths, headers),
            custom_error_responses=[_error(code, args.missing_page) for code in UNCACHED_ERRORS],
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            web_acl_id=make_firewall(self, name, args.firewall) if args.firewall else None,
            wait_for_deployment=args.wait_for_deployment,
            opts=pulumi.ResourceOptions(parent=self, custom_timeouts=DEPLOYMENT),
        )

    def _origins(self, name: str, args: CdnArgs) -> list[aws.cloudfront.DistributionOriginArgsDict]:
        access = aws.cloudfront.OriginAccessControl(
            names.logical(aws.cloudfront.OriginAccessControl, name, "buckets"),
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=pulumi.ResourceOptions(parent=self),
        )
        return [
            {"origin_id": PAGES, "domain_name": args.pages.domain_name, "origin_access_control_id": access.id},
            {"origin_id": PICTURES, "domain_name": args.pictures.domain_name, "origin_access_control_id": access.id},
            _balancer_origin(args.balancer),
        ]

    def _bucket_policy(
        self, name: str, role: str, bucket: BucketOrigin, args: CdnArgs, distribution: aws.cloudfront.Distribution
    ) -> aws.s3.BucketPolicy:
        read = readable_by_distribution(bucket.arn, distribution.arn, tells_missing=args.missing_page is None)
        return aws.s3.BucketPolicy(
            names.logical(aws.s3.BucketPolicy, name, role),
            bucket=bucket.name,
            policy=policy.document(tls_only(bucket.arn), *read),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _alarm(self, name: str, args: CdnArgs, distribution: aws.cloudfront.Distribution) -> None:
        alarm = Alarm(
            namespace="AWS/CloudFront",
            metric="5xxErrorRate",
            dimensions={"DistributionId": distribution.id, "Region": "Global"},
            threshold=ERROR_PERCENT,
            description=f"Over {ERROR_PERCENT} % of the CDN's answers are errors: look at the balancer's 5xx first",
            region=EDGE_REGION,
        )
        make_alarm(self, name, "errors", alarm, args.alarm_topic_arn)


def _error(code: int, missing_page: str | None) -> aws.cloudfront.DistributionCustomErrorResponseArgsDict:
    if missing_page is None or code != FORBIDDEN:
        return {"error_code": code, "error_caching_min_ttl": 0}
    page = f"/{missing_page}"
    return {"error_code": code, "error_caching_min_ttl": 0, "response_page_path": page, "response_code": NOT_FOUND}


def _certificate(args: CdnArgs) -> aws.cloudfront.DistributionViewerCertificateArgsDict:
    """With CloudFront's own certificate AWS sets the minimum, TLSv1, and refuses another."""
    if args.certificate_arn is None:
        return {"cloudfront_default_certificate": True}
    return {
        "acm_certificate_arn": args.certificate_arn,
        "ssl_support_method": "sni-only",
        "minimum_protocol_version": MINIMUM_TLS,
    }


def _balancer_origin(balancer: BalancerOrigin) -> aws.cloudfront.DistributionOriginArgsDict:
    return {
        "origin_id": BALANCER,
        "domain_name": balancer.domain_name,
        "custom_headers": [{"name": balancer.secret_header, "value": balancer.secret_value}],
        "custom_origin_config": {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only" if balancer.encrypted else "http-only",
            "origin_ssl_protocols": ["TLSv1.2"],
            "origin_read_timeout": ORIGIN_READ_S,
            "origin_keepalive_timeout": ORIGIN_KEEP_ALIVE_S,
        },
    }


def _after(policies: list[aws.s3.BucketPolicy], value: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.all(value, *[each.id for each in policies]).apply(lambda known: known[0])
