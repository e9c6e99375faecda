"""Build how a request gets in: names and certificates, the load balancer, and the CDN in front of everything."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from app.contract import SERVICES
from components.alias_records import Alias, AliasRecords, AliasRecordsArgs
from components.browser_uploads import BrowserUploads, BrowserUploadsArgs
from components.cdn import BalancerOrigin, BucketOrigin, Cdn, CdnArgs, Firewall
from components.dns import Dns, DnsArgs
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.network import Network
from components.object_store import ObjectStore
from stacks.balancing import balancing
from stacks.data import Buckets
from stacks.facts import Facts
from stacks.presets import Preset
from stacks.settings import Settings

PICTURE_PATHS = ("/pictures/*",)
MISSING_PAGE = "not-found.html"
LONG_TEXT_PATHS = ("/catalog", "/feedback")
"""Where customers send descriptions and reviews, which may be longer than the 8 KB that the core rules let pass."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """The load balancer, and the names it goes by when the stack has a domain."""

    dns: Dns | None
    balancer: LoadBalancer


def entry(
    settings: Settings, known: Facts, network: Network, stores: Buckets, alarm_topic_arn: pulumi.Output[str]
) -> Entry:
    """Certificates if there is a domain, and the load balancer with a target group per service."""
    dns = _dns(settings) if settings.domain else None
    balancer = LoadBalancer(
        "balancer",
        LoadBalancerArgs(
            **balancing(settings, network, SERVICES, stores, alarm_topic_arn),
            subnet_ids=network.public_subnet_ids,
            source_prefix_list_id=known.edge_prefix_list_id,
            certificate_arn=dns.regional_certificate_arn if dns else None,
            secret_generation=settings.origin_secret_generation,
        ),
    )
    return Entry(dns=dns, balancer=balancer)


def _dns(settings: Settings) -> Dns:
    return Dns(
        "dns",
        DnsArgs(
            domain=settings.domain,
            make_zone=settings.hosted_zone == "make",
            zone_name=settings.zone_name or None,
            region=settings.region,
            protect=settings.preset.protect,
            disposable=settings.preset.disposable,
        ),
    )


def edge(settings: Settings, front: Entry, stores: Buckets, edge_alarm_topic_arn: pulumi.Output[str]) -> Cdn:
    """The CDN over pages, pictures and the load balancer, the records that lead to it, and uploads from its pages."""
    p, dns = settings.preset, front.dns
    cdn = Cdn(
        "cdn",
        CdnArgs(
            pages=_bucket(stores.pages),
            missing_page=MISSING_PAGE,
            pictures=_bucket(stores.pictures),
            picture_paths=PICTURE_PATHS,
            balancer=_balancer(front),
            balancer_paths=[pattern for path in SERVICES.values() for pattern in (path, f"{path}/*")],
            domain=settings.domain or None,
            certificate_arn=dns.edge_certificate_arn if dns else None,
            price_class=settings.price_class,
            firewall=_firewall(p) if p.waf else None,
            security_headers=p.security_headers,
            wait_for_deployment=p.wait_for_deployment,
            alarm_topic_arn=edge_alarm_topic_arn,
        ),
    )
    if dns:
        _records(settings, dns, front.balancer, cdn)
    BrowserUploads("picture-uploads", BrowserUploadsArgs(bucket_name=stores.pictures.name, origins=[cdn.url]))
    return cdn


def _bucket(store: ObjectStore) -> BucketOrigin:
    return BucketOrigin(name=store.name, arn=store.arn, domain_name=store.domain_name)


def _balancer(front: Entry) -> BalancerOrigin:
    """Encrypted where there is a name that a certificate can be for."""
    return BalancerOrigin(
        domain_name=front.dns.origin_name if front.dns else front.balancer.dns_name,
        encrypted=front.dns is not None,
        secret_header=front.balancer.secret_header,
        secret_value=front.balancer.secret_value,
    )


def _firewall(p: Preset) -> Firewall:
    return Firewall(
        requests_per_5_minutes=p.waf_requests_per_5_minutes,
        log_retention_days=p.log_retention_days,
        upload_paths=LONG_TEXT_PATHS,
    )


def _records(settings: Settings, dns: Dns, balancer: LoadBalancer, cdn: Cdn) -> None:
    """The store's own name leads to the CDN over IPv4 and IPv6; the origin's name to the load balancer, IPv4 only."""
    AliasRecords(
        "records",
        AliasRecordsArgs(
            zone_id=dns.zone_id,
            aliases={
                "store": Alias(
                    name=settings.domain, target_name=cdn.domain_name, target_zone_id=cdn.hosted_zone_id, ipv6=True
                ),
                "origin": Alias(
                    name=dns.origin_name,
                    target_name=balancer.dns_name,
                    target_zone_id=balancer.zone_id,
                    ipv6=False,
                    evaluate_target_health=True,
                ),
            },
        ),
    )
