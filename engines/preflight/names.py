"""Check whether the stack's domain can be proven: its hosted zone is there, and the world asks that zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engines.finding import Finding
from engines.preflight.site import Site, tried

ISSUE_WAIT = "a certificate for a domain that is not delegated to the zone holds `up` for 75 minutes, then fails"
"""The provider's default (terraform-provider-aws, aws_acm_certificate_validation, timeouts)."""


def zone(site: Site) -> Iterator[Finding]:
    """Refuse to look for a hosted zone that the account does not hold."""
    settings = site.settings
    if not settings.domain:
        yield Finding("domain", True, "none; the store answers under CloudFront's own name")
        return
    name = settings.zone_name or settings.domain
    if settings.hosted_zone == "make":
        return
    found = tried("hosted zone", lambda: _zones_called(site, name))
    if isinstance(found, Finding):
        yield found
    elif not found:
        fix = f"--set hosted_zone=make, or zone_name in {site.file} if the zone is a parent's"
        yield Finding("hosted zone", False, f"{name} has no public zone in this account", fix, "a zone of the account")
    else:
        yield Finding("hosted zone", True, f"{name} is {found[0]['Id'].rpartition('/')[2]}")


def delegation(site: Site) -> Iterator[Finding]:
    """Say which name servers the domain's registrar must name; whether it does is for the world to say: `dig`."""
    settings = site.settings
    if not settings.domain:
        return
    name = settings.zone_name or settings.domain
    if settings.hosted_zone == "make":
        fix = f"while `up` waits, enter the new zone's name servers where {name} is registered"
        yield Finding("delegation", True, f"`up` makes the zone of {name}; {ISSUE_WAIT}", fix)
        return
    found = tried("delegation", lambda: _name_servers(site, name))
    if isinstance(found, Finding):
        yield found
    elif found:
        fix = f"compare with: dig +short NS {name}; {ISSUE_WAIT}"
        yield Finding("delegation", True, f"{name} is served by {', '.join(found)}", fix)


def _zones_called(site: Site, name: str) -> list[dict[str, Any]]:
    found = site.cloud.client("route53").list_hosted_zones_by_name(DNSName=name)["HostedZones"]
    return [row for row in found if row["Name"] == f"{name}." and not row["Config"]["PrivateZone"]]


def _name_servers(site: Site, name: str) -> list[str]:
    """The zone's own; empty when there is no such zone."""
    rows = _zones_called(site, name)[:1]
    asked = site.cloud.client("route53")
    return [server for row in rows for server in asked.get_hosted_zone(Id=row["Id"])["DelegationSet"]["NameServers"]]
