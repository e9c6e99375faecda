"""Rules of certificates, records and health checks."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from policies.resource import Resource
from policies.rule import resource_rule, stack_rule
from policies.stack import Stack
from policies.values import Fault, Properties, UnknownValueError, of_each

RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"
CHECK = "aws:route53/healthCheck:HealthCheck"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_"
GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"
ACM = "https://docs.aws.amazon.com/acm/latest/"
CDN_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every CloudFront distribution, a constant of AWS."""
LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
ROUTING = ("weightedRoutingPolicies", "latencyRoutingPolicies", "failoverRoutingPolicies", "geolocationRoutingPolicies",
           "geoproximityRoutingPolicy", "multivalueAnswerRoutingPolicy", "cidrRoutingPolicy")  # fmt: skip


@resource_rule(ZONE, source=f"{API}CreateHostedZone.html", fix="use a domain of your own")
def zone_name(zone: Resource) -> Iterator[Fault]:
    """Route 53 makes no zone for example.com and its like, which nobody can own, and none for a malformed name."""
    name = zone.text("name").rstrip(".")
    reserved = name in ("example.com", "example.net", "example.org")
    if name and (reserved or not all(re.fullmatch(LABEL, each) for each in name.split("."))):
        yield zone.fault("name", "a domain that you can own")


@resource_rule(
    CERTIFICATE, source=f"{ACM}APIReference/API_RequestCertificate.html", fix="write it as a host name, or *.host"
)
def certificate_names(certificate: Resource) -> Iterator[Fault]:
    """A certificate's names are host names, a star may be the first label; the first has at most 64 characters."""
    form = rf"(\*\.)?{LABEL}(\.{LABEL})+"
    for path in ("domainName", "subjectAlternativeNames"):
        wrong = [each for each in certificate.texts(path) if not re.fullmatch(form, each) or len(each) > 253]
        if wrong:
            yield certificate.fault(path, "host names", got=wrong)
    if len(certificate.text("domainName")) > 64:
        yield certificate.fault("domainName", "at most 64 characters")


@resource_rule(
    CERTIFICATE, source=f"{ACM}APIReference/API_RequestCertificate.html", fix="use RSA_2048 or EC_prime256v1"
)
def certificate_key(certificate: Resource) -> Iterator[Fault]:
    """ACM issues RSA keys of 2048 bits and EC keys on two curves; CloudFront and ALB take these."""
    yield from certificate.one_of("keyAlgorithm", "RSA_2048", "EC_prime256v1", "EC_secp384r1")


@resource_rule(
    RECORD, source=f"{GUIDE}resource-record-sets-values-basic.html", fix="give records with a ttl, or an alias"
)
def record_values_or_alias(record: Resource) -> Iterator[Fault]:
    """A record has values and a TTL, or it is an alias, which has neither."""
    alias, values = "aliases" in record, "records" in record
    if alias is values:
        yield record.fault("records", "either records or aliases", got=sorted({"aliases", "records"} & record.keys()))
    elif alias is ("ttl" in record):
        yield record.fault("ttl", "not set on an alias" if alias else "seconds, as it is no alias")


@resource_rule(RECORD, source=f"{GUIDE}ResourceRecordTypes.html", fix="write addresses")
def record_addresses(record: Resource) -> Iterator[Fault]:
    """An A record holds IPv4 addresses, an AAAA record IPv6 addresses."""
    version = {"A": 4, "AAAA": 6}.get(record.text("type"))
    wrong = [each for each in record.known_texts("records") if version and _version(each) != version]
    if wrong:
        yield record.fault("records", f"IPv{version} addresses", got=wrong)


@resource_rule(RECORD, source=f"{GUIDE}DomainNameFormat.html", fix="mend the name")
def record_name(record: Resource) -> Iterator[Fault]:
    """A record's name is labels of 1 to 63 characters between dots; a star may be the first."""
    name = record.text("name").rstrip(".")
    if name and not all(re.fullmatch(rf"{LABEL}|\*", each) for each in name.split(".")):
        yield record.fault("name", "labels of 1 to 63 characters between dots")


@stack_rule(
    RECORD,
    source=f"{API}ChangeResourceRecordSets.html",
    fix="keep one of them, or give both a set_identifier and one routing policy",
)
def record_once(record: Resource, stack: Stack) -> Iterator[Fault]:
    """A name has one record of a type, unless all of them say how they share it: simple and routed do not mix."""
    for other in _namesakes(record, stack):
        kinds = {_routing(other), _routing(record)}
        twin = record.get("setIdentifier") == other.get("setIdentifier")
        if twin or len(kinds) > 1 or kinds == {""}:
            yield record.fault("name", f"a name that {other.name} does not have")


@resource_rule(RECORD, source=f"{GUIDE}resource-record-sets-values-weighted.html", fix="use 0 to 255")
def record_weight(record: Resource) -> Iterator[Fault]:
    """A weight is 0 to 255."""
    for policy in record.parts("weightedRoutingPolicies"):
        yield from policy.between("weight", 0, 255)


@resource_rule(RECORD, source=f"{GUIDE}resource-record-sets-values-alias.html", fix="set evaluate_target_health=False")
def record_to_the_cdn(record: Resource) -> Iterator[Fault]:
    """Route 53 cannot evaluate the health of a distribution, and refuses to try."""
    for alias in record.parts("aliases"):
        if CDN_ZONE in alias.known_texts("zoneId") and {"True", "true"} & {*alias.known_texts("evaluateTargetHealth")}:
            yield alias.fault("evaluateTargetHealth", "false for CloudFront")


@stack_rule(VALIDATION, source=f"{ACM}userguide/dns-validation.html", fix="give validation_record_fqdns")
def validation_names_its_records(validation: Resource, stack: Stack) -> Iterator[Fault]:
    """A validation that does not know its records does not wait for them, and times out after 75 minutes."""
    if stack.of(RECORD) and "validationRecordFqdns" not in validation:
        yield validation.fault("validationRecordFqdns", "the fqdn of every validation record")


@stack_rule(RECORD, source=f"{ACM}userguide/dns-validation.html", fix="set allow_overwrite=True")
def validation_record_is_shared(record: Resource, stack: Stack) -> Iterator[Fault]:
    """ACM gives all certificates of one domain the same record: the second that makes it must be allowed to."""
    made_from = [stack.by_urn(urn) for urn in record.dependencies.get("name", [])]
    mine = [each for each in made_from if each and each.type == CERTIFICATE]
    others = [each for each in stack.of(CERTIFICATE) if each not in mine]
    shared = any(_certified(each) & _certified(other) for each in mine for other in others)
    if shared and not record.flag("allowOverwrite"):
        yield record.fault("allowOverwrite", "true on a validation record")


def _certified(certificate: Resource) -> set[str]:
    """The domains that a certificate is validated for: a star's record is that of its parent."""
    names = [*certificate.known_texts("domainName"), *certificate.known_texts("subjectAlternativeNames")]
    return {name.removeprefix("*.") for name in names}


@resource_rule(CHECK, source=f"{API}HealthCheckConfig.html", fix="use 10 or 30 s, and 1 to 10 failures")
def health_check_ranges(check: Resource) -> Iterator[Fault]:
    """Route 53 asks every 10 or 30 s, and counts 1 to 10 failures."""
    yield from check.one_of("requestInterval", 10, 30)
    yield from check.between("failureThreshold", 1, 10)
    yield from check.between("port", 1, 65535)


@stack_rule(RECORD, source=f"{GUIDE}routing-policy-failover.html", fix="make one PRIMARY and one SECONDARY")
def record_one_primary(record: Resource, stack: Stack) -> Iterator[Fault]:
    """Of the records of one name one is primary and one secondary."""
    mine = [each.text("type") for each in record.parts("failoverRoutingPolicies")]
    for other in _namesakes(record, stack):
        theirs = [each.text("type") for each in other.parts("failoverRoutingPolicies")]
        if mine and mine == theirs:
            yield record.fault("failoverRoutingPolicies", f"a kind that {other.name} is not", got=mine[0])


@resource_rule(RECORD, source=f"{GUIDE}routing-policy-latency.html", fix="name a region of AWS")
def record_region(record: Resource) -> Iterator[Fault]:
    """Latency is measured to regions that AWS has."""
    for policy in record.parts("latencyRoutingPolicies"):
        yield from policy.matching("region", r"[a-z]{2}(-[a-z]+)+-\d", "a region such as eu-west-1")


@stack_rule(
    RECORD, source=f"{GUIDE}resource-record-sets-values-alias.html", fix="make the record that the alias leads to"
)
def record_alias_leads_somewhere(record: Resource, stack: Stack) -> Iterator[Fault]:
    """An alias into its own zone leads to a record of its type that exists."""
    yield from of_each(record.parts("aliases"), lambda alias: _alias(alias, record, stack))


def _alias(alias: Properties, record: Resource, stack: Stack) -> Iterator[Fault]:
    if alias.text("zoneId") == record.text("zoneId"):
        names = [each.text("name").rstrip(".") for each in stack.of(RECORD) if each.get("type") == record.get("type")]
        if alias.text("name").rstrip(".") not in names:
            yield alias.fault("name", "the name of a record of this zone")


def _namesakes(record: Resource, stack: Stack) -> list[Resource]:
    """Every other record of the same name, type and zone."""
    return [each for each in stack.derived(_by_name).get(_key(record), []) if each is not record]


def _by_name(stack: Stack) -> Mapping[tuple[str, ...], list[Resource]]:
    found: dict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for each in stack.of(RECORD):
        try:
            found[_key(each)].append(each)
        except UnknownValueError:
            continue
    return found


def _key(record: Resource) -> tuple[str, ...]:
    return tuple(record.text(path) for path in ("name", "type", "zoneId"))


def _routing(record: Resource) -> str:
    return next((name for name in ROUTING if record.get(name)), "")


def _version(text: str) -> int:
    try:
        return ipaddress.ip_address(text).version
    except ValueError:
        return 0
