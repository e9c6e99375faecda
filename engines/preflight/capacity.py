"""Check whether the account has room for a stack: zones that offer its servers, and its quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from engines.cloud import FAILED, Cloud, reason, tags_of
from engines.finding import Finding
from engines.preflight.site import Site, tried
from stacks import needs
from stacks.needs import Need, Quota
from stacks.presets import vcpus

STANDARD = tuple("acdhimrtz")
"""First letters of the instance families that share one vCPU quota (EC2 User Guide, "On-Demand Instance quotas")."""


def zones(site: Site) -> Iterator[Finding]:
    """Refuse a region in which too few zones offer every server type, or one that is asked for by name does not."""
    p = site.settings.preset
    offering = tried("zones", lambda: zones_of_servers(site))
    if isinstance(offering, Finding):
        yield offering
        return
    types = _server_types(site)
    enough = set(site.settings.zones) <= set(offering) and len(offering) >= p.zone_count
    asked = ", ".join(site.settings.zones) or f"{p.zone_count} zones"
    wanted = f"of {', '.join(offering)}, which offer {', '.join(types)}"
    fix = "" if enough else f"zones, zone_count or the server types in {site.file}, or another aws:region"
    yield Finding("zones", enough, f"{asked} {wanted}" if enough else asked, fix, "" if enough else wanted)


def zones_of_servers(site: Site) -> list[str]:
    """The zones that offer every server type of the stack, sorted."""
    return sorted(set.intersection(*(_offering(site.cloud, type_) for type_ in _server_types(site))))


def _server_types(site: Site) -> list[str]:
    return sorted({site.settings.preset.app_server_type, site.settings.preset.worker_server_type})


def quotas(site: Site) -> Iterator[Finding]:
    """Refuse what would not fit beside what the account holds already; what this very stack holds is not counted."""
    for need in needs.needs(site.settings):
        if need.most:
            yield _quota(site, need)


def _quota(site: Site, need: Need) -> Finding:
    quota, used = need.quota, 0
    subject = f"quota: {quota.name}"
    try:
        used = USED[quota](site)
        limit = _limit(site, quota)
    except FAILED as error:
        text = f"could not be checked: {reason(error)}. {_wanted(need)}; a new account has {quota.default}"
        return Finding(subject, True, text, checked=False)
    ask = f"aws service-quotas request-service-quota-increase --service-code {quota.service} --quota-code {quota.code}"
    fix = f"{ask} --desired-value {used + need.most} --region {site.settings.region}"
    found = f"{_wanted(need)}, {used} used of {limit}"
    if used + need.least > limit:
        return Finding(subject, False, found, fix, f"at most {limit - used} more")
    return Finding(subject, True, found, fix if used + need.most > limit else "")


def _wanted(need: Need) -> str:
    grown = f", {need.most} when all fleets are full and roll" if need.most > need.least else ""
    return f"needs {need.least}{grown}"


def _limit(site: Site, quota: Quota) -> int:
    asked = site.cloud.client("service-quotas")
    found = asked.get_service_quota(ServiceCode=quota.service, QuotaCode=quota.code)
    return int(found["Quota"]["Value"])


def _offering(cloud: Cloud, type_: str) -> set[str]:
    wanted = {"LocationType": "availability-zone", "Filters": [{"Name": "instance-type", "Values": [type_]}]}
    return {row["Location"] for row in cloud.rows("ec2", "describe_instance_type_offerings", **wanted)}


def _used_vcpus(site: Site) -> int:
    """Of servers that stay while the stack is deployed: all others', and its own fleets that it no longer wants.

    Those go last, when the new fleets are healthy, so that both stand for a while.
    """
    states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    held = site.cloud.rows("ec2", "describe_instances", Filters=states)
    instances = [instance for reservation in held for instance in reservation["Instances"]]
    wanted = set(needs.fleets(site.settings))
    staying = [each for each in instances if not _is_wanted(site, tags_of(each), wanted)]
    counted = [
        each for each in staying if "InstanceLifecycle" not in each and each["InstanceType"].startswith(STANDARD)
    ]
    return sum(map(_vcpus, counted))


def _is_wanted(site: Site, tags: Mapping[str, str], fleets: Collection[str]) -> bool:
    return site.is_own(tags) and tags.get("Name") in fleets


def _vcpus(instance: dict[str, Any]) -> int:
    """What the instance itself says, else what its type has: the answer lacks it for some."""
    options = instance.get("CpuOptions")
    return options["CoreCount"] * options["ThreadsPerCore"] if options else vcpus(instance["InstanceType"])


def _listed(service: str, operation: str, tags: str = "Tags") -> Callable[[Site], int]:
    """Count what an API lists and this stack does not own."""

    def count(site: Site) -> int:
        return sum(not site.is_own(tags_of(row, tags)) for row in site.cloud.rows(service, operation))

    return count


def _used_addresses(site: Site) -> int:
    """Elastic IP addresses, which AWS gives on one page."""
    rows = site.cloud.client("ec2").describe_addresses()["Addresses"]
    return sum(not site.is_own(tags_of(row)) for row in rows)


def _used_gateways(site: Site) -> int:
    """NAT gateways of the zone that has most of them."""
    zones_of = {row["SubnetId"]: row["AvailabilityZone"] for row in site.cloud.rows("ec2", "describe_subnets")}
    rows = [row for row in site.cloud.rows("ec2", "describe_nat_gateways") if row["State"] in ("pending", "available")]
    counts = Counter(zones_of.get(row["SubnetId"]) for row in rows if not site.is_own(tags_of(row)))
    return max(counts.values(), default=0)


def _used_balancers(site: Site) -> int:
    arns = [row["LoadBalancerArn"] for row in site.cloud.rows("elbv2", "describe_load_balancers")]
    parts = [arns[start : start + 20] for start in range(0, len(arns), 20)]  # more are refused in one call
    elb = site.cloud.client("elbv2")
    rows = [row for part in parts for row in elb.describe_tags(ResourceArns=part)["TagDescriptions"]]
    return sum(not site.is_own(tags_of(row)) for row in rows)


def _used_nodes(site: Site) -> int:
    """Cache nodes; their tags are a call for each cluster."""
    cache = site.cloud.client("elasticache")
    rows = list(site.cloud.rows("elasticache", "describe_cache_clusters"))
    tags = {row["ARN"]: cache.list_tags_for_resource(ResourceName=row["ARN"]) for row in rows}
    return sum(row["NumCacheNodes"] for row in rows if not site.is_own(tags_of(tags[row["ARN"]], "TagList")))


USED: dict[Quota, Callable[[Site], int]] = {
    needs.VCPUS: _used_vcpus,
    needs.ADDRESSES: _used_addresses,
    needs.VPCS: _listed("ec2", "describe_vpcs"),
    needs.INTERNET_GATEWAYS: _listed("ec2", "describe_internet_gateways"),
    needs.NAT_GATEWAYS: _used_gateways,
    needs.BALANCERS: _used_balancers,
    needs.DATABASES: _listed("rds", "describe_db_instances", "TagList"),
    needs.CACHE_NODES: _used_nodes,
}
