"""ACM: a certificate is issued when its validation records stand in a public zone of the account, and not before.

Measured on moto 5.2.5: certificates are issued on a timer, whatever is in DNS; every domain gets the same record name
and value (AWS's are hashes of account and domain, and a wildcard shares its parent's); names are listed in the order
of a set, which changes from run to run; the key algorithm that was asked for is lost.
"""

import hashlib
from typing import Any

from offline.patches.overlay import Answer, Call, amends, backend_of, checks, memory_of

PENDING, ISSUED = "PENDING_VALIDATION", "ISSUED"


def validation_record(account_id: str, domain: str) -> dict[str, str]:
    """The CNAME that proves *domain*: the same in every region and for each certificate of the account."""
    apex = domain.removeprefix("*.")
    name, value, zone = (
        hashlib.sha256(f"{account_id} {part} {apex}".encode()).hexdigest()[:length]
        for part, length in (("name", 32), ("value", 32), ("zone", 10))
    )
    return {"Name": f"_{name}.{apex}.", "Type": "CNAME", "Value": f"_{value}.{zone}.acm-validations.aws."}


def _names(asked: dict[str, Any]) -> list[str]:
    """The domain, then its alternative names as they were given, each once."""
    return list(dict.fromkeys([asked["DomainName"], *asked.get("SubjectAlternativeNames", [])]))


def _stands_in_dns(account_id: str, record: dict[str, str]) -> bool:
    zones = backend_of("route53", account_id, "aws").zones.values()
    return any(
        entry.name.rstrip(".") == record["Name"].rstrip(".")
        and entry.type == "CNAME"
        and record["Value"].rstrip(".") in {value.rstrip(".") for value in entry.records}
        for zone in zones
        if not zone.private_zone
        for entry in zone.rrsets
    )


def _validate(backend: Any) -> None:
    """Issue what has its records by now. A certificate to be validated by mail waits for ever: nobody reads it here."""
    for arn, asked in memory_of(backend, "requests").items():
        certificate = backend._certificates.get(arn)  # noqa: SLF001  moto has no other list
        if certificate is None or certificate.status != PENDING or asked.get("ValidationMethod") != "DNS":
            continue
        records = [validation_record(backend.account_id, name) for name in _names(asked)]
        if all(_stands_in_dns(backend.account_id, record) for record in records):
            certificate.status = ISSUED


def is_issued(account_id: str, arn: str) -> bool:
    """Tell whether the certificate exists in its region and may be used; an imported one may be at once."""
    backend = backend_of("acm", account_id, arn.split(":")[3])
    _validate(backend)
    certificate = backend._certificates.get(arn)  # noqa: SLF001  moto has no other list
    return certificate is not None and certificate.status == ISSUED


@amends("acm", "RequestCertificate")
def remember_request(call: Call, answer: Answer) -> None:
    """Keep what was asked for; a repeated idempotency token answers with the first certificate."""
    call.memory("requests").setdefault(answer["CertificateArn"], call.params)


@checks("acm", "DescribeCertificate", "ListCertificates", "GetCertificate")
def look_into_dns(call: Call) -> None:
    """Look for the records each time that somebody asks."""
    _validate(call.backend)


@amends("acm", "DescribeCertificate")
def show_certificate(call: Call, answer: Answer) -> None:
    """Show names, records and key as they were asked for."""
    shown, asked = answer["Certificate"], call.memory("requests").get(call.params["CertificateArn"])
    if asked is None:
        return
    method = asked.get("ValidationMethod", "EMAIL")
    shown["SubjectAlternativeNames"] = _names(asked)
    shown["DomainValidationOptions"] = [_option(call, name, method) for name in _names(asked)]
    shown["KeyAlgorithm"] = asked.get("KeyAlgorithm", "RSA_2048")
    shown["Serial"] = ":".join(f"{byte:02x}" for byte in hashlib.sha256(shown["CertificateArn"].encode()).digest()[:16])
    if shown["Status"] != ISSUED:
        for name in ("IssuedAt", "NotBefore", "NotAfter", "Serial"):
            shown.pop(name, None)


def _option(call: Call, name: str, method: str) -> dict[str, Any]:
    record = validation_record(call.account_id, name)
    proved = method == "DNS" and _stands_in_dns(call.account_id, record)
    option: dict[str, Any] = {
        "DomainName": name,
        "ValidationDomain": name,
        "ValidationMethod": method,
        "ValidationStatus": "SUCCESS" if proved else PENDING,
    }
    return {**option, "ResourceRecord": record} if method == "DNS" else option
