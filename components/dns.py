"""Give the store its name: a hosted zone, and validated certificates for the CDN and for the load balancer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.parts.refusal import refuse
from components.protection import PROTECTED_YET_DISPOSABLE

EDGE_REGION = "us-east-1"
"""The only region whose certificates CloudFront takes (CloudFront Developer Guide, "Requirements for certificates")."""
ORIGIN_LABEL = "origin"
VALIDATION_TTL_S = 60
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{4,253}}$)({LABEL}\.)+[a-z]{{2,63}}")


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsArgs:
    """Which name, and whether its zone is there."""

    domain: str
    """The store's name, lower case, e.g. shop.example.com."""
    region: str
    """Where the load balancer is. In us-east-1 one certificate serves both it and the CDN."""
    make_zone: bool = False
    """Make the hosted zone. It must then be delegated (`name_servers`, at the registrar) while `up` waits for the
    certificate: ACM gives up after 72 hours, Pulumi after 75 minutes."""
    zone_name: str | None = None
    """The zone's own name, where it is a parent of the domain: example.com. Nothing: the domain itself."""
    protect: bool = False
    """Keep a made zone: another one gets other name servers, and the delegation has to be made anew."""
    disposable: bool = False
    """Delete a made zone together with records that others have put into it. Never with `protect`."""

    def __post_init__(self) -> None:
        beneath = not self.zone_name or f".{self.domain}".endswith(f".{self.zone_name}")
        allowed = {
            "domain": (DOMAIN.fullmatch(self.domain), "a lower-case domain name (RFC 1035)"),
            "zone_name": (beneath, f"{self.domain} or a parent of it"),
        }
        refuse(self, allowed, [PROTECTED_YET_DISPOSABLE] if self.protect and self.disposable else [])


@dataclass(frozen=True, slots=True)
class _Zone:
    id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]


class Dns(pulumi.ComponentResource):
    """A hosted zone and certificates for the domain and everything one level below it.

    A certificate's ARN is handed out once ACM has issued it: a listener or distribution refuses it before. A made zone
    costs 0.50 USD a month, certificates cost nothing.
    """

    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]
    origin_name: str
    """The name under which the CDN calls the load balancer, `origin.<domain>`; the certificates cover it."""
    edge_certificate_arn: pulumi.Output[str]
    """For the CDN, in us-east-1."""
    regional_certificate_arn: pulumi.Output[str]
    """For the load balancer, in its own region."""

    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("bigpicture:dns:Dns", name, None, opts)
        zone = self._zone(name, args)
        covered = (args.domain, f"*.{args.domain}")
        certificates = self._certificates(name, covered, args.region)
        records = self._validation_records(name, covered, certificates["edge"], zone)
        arns = self._issued(name, certificates, records)
        self.zone_id, self.name_servers = zone.id, zone.name_servers
        self.origin_name = f"{ORIGIN_LABEL}.{args.domain}"
        self.edge_certificate_arn = arns["edge"]
        self.regional_certificate_arn = arns.get("regional", arns["edge"])
        self.register_outputs(
            {
                "zone_id": self.zone_id,
                "name_servers": self.name_servers,
                "origin_name": self.origin_name,
                "edge_certificate_arn": self.edge_certificate_arn,
                "regional_certificate_arn": self.regional_certificate_arn,
            }
        )

    def _zone(self, name: str, args: DnsArgs) -> _Zone:
        """Make the zone, or find the public one of that very name."""
        zone_name = args.zone_name or args.domain
        if not args.make_zone:
            found = aws.route53.get_zone_output(name=zone_name, opts=pulumi.InvokeOutputOptions(parent=self))
            return _Zone(found.zone_id, found.name_servers)
        zone = aws.route53.Zone(
            name,
            name=zone_name,
            comment="Made by Pulumi",
            force_destroy=args.disposable,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        return _Zone(zone.zone_id, zone.name_servers)

    def _certificates(self, name: str, covered: Sequence[str], region: str) -> dict[str, aws.acm.Certificate]:
        """One certificate per use; the load balancer's own only where the CDN's is of another region."""
        regions = {"edge": EDGE_REGION} if region == EDGE_REGION else {"edge": EDGE_REGION, "regional": None}
        return {
            use: aws.acm.Certificate(
                f"{name}-{use}",
                domain_name=covered[0],
                subject_alternative_names=list(covered),
                validation_method="DNS",
                region=of,
                tags={"Name": f"{name}-{use}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            for use, of in regions.items()
        }

    def _validation_records(
        self, name: str, covered: Sequence[str], certificate: aws.acm.Certificate, zone: _Zone
    ) -> Mapping[str, aws.route53.Record]:
        """One record per name without its wildcard, whatever the number of certificates.

        ACM derives the record from the account and the domain: it is the same for a name and its wildcard, and in every
        region (ACM User Guide, "DNS validation"). Two resources on one record would delete each other's.
        """
        return {
            domain: aws.route53.Record(
                f"{name}-validation-{domain}",
                zone_id=zone.id,
                name=_asked(certificate, domain, "resource_record_name").apply(lambda text: text.removesuffix(".")),
                type=_asked(certificate, domain, "resource_record_type"),
                records=[_asked(certificate, domain, "resource_record_value")],
                ttl=VALIDATION_TTL_S,
                allow_overwrite=True,  # another stack of this account may have validated the same name
                opts=pulumi.ResourceOptions(parent=self),
            )
            for domain in sorted({_without_wildcard(covering) for covering in covered})
        }

    def _issued(
        self, name: str, certificates: Mapping[str, aws.acm.Certificate], records: Mapping[str, aws.route53.Record]
    ) -> dict[str, pulumi.Output[str]]:
        """The certificates' ARNs by use, known once ACM has seen every record."""
        fqdns = [record.fqdn for record in records.values()]
        return {
            use: aws.acm.CertificateValidation(
                f"{name}-{use}",
                certificate_arn=certificate.arn,
                validation_record_fqdns=fqdns,
                region=EDGE_REGION if use == "edge" else None,
                opts=pulumi.ResourceOptions(parent=self),
            ).certificate_arn
            for use, certificate in certificates.items()
        }


def _without_wildcard(name: str) -> str:
    return name.removeprefix("*.")


def _asked(certificate: aws.acm.Certificate, domain: str, field: str) -> pulumi.Output[str]:
    """What ACM asks to be put into the zone for *domain*; picked by name, since ACM orders its answers as it likes."""
    return certificate.domain_validation_options.apply(
        lambda options: next(
            getattr(option, field) for option in options if _without_wildcard(option.domain_name or "") == domain
        )
    )
