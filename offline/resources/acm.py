"""Carry certificates and the wait for their validation into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, fields, given, tag_changes, tag_list, tag_map


def _certificate(aws: Aws, arn: str) -> dict[str, Any] | None:
    answer = unless_gone(lambda: aws("acm").describe_certificate(CertificateArn=arn), "ResourceNotFoundException")
    return answer and answer["Certificate"]


def _names_first(certificate: Mapping[str, Any]) -> list[str]:
    """Every name, the main one first: moto 5.2.5 keeps them in a set, whose order differs from process to process."""
    main = certificate["DomainName"]
    return [main, *sorted(name for name in certificate["SubjectAlternativeNames"] if name != main)]


class Certificate(Handler):
    """`aws.acm.Certificate`, validated by DNS; its id is the ARN."""

    token = "aws:acm/certificate:Certificate"
    emulates = fields("domainName subjectAlternativeNames validationMethod tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("acm").request_certificate(
            DomainName=inputs["domainName"],
            ValidationMethod=inputs["validationMethod"],
            **given(
                SubjectAlternativeNames=inputs.get("subjectAlternativeNames"),
                Tags=tag_list(inputs.get("tags")) or None,
            ),
        )
        return made["CertificateArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        certificate = _certificate(aws, id_)
        if certificate is None:
            return None
        tags = tag_map(aws("acm").list_tags_for_certificate(CertificateArn=id_)["Tags"])
        names = _names_first(certificate)
        options = {option["DomainName"]: option for option in certificate["DomainValidationOptions"]}
        return {
            "arn": id_,
            "domainName": certificate["DomainName"],
            "subjectAlternativeNames": names,
            "validationMethod": options[names[0]]["ValidationMethod"],
            "domainValidationOptions": [_option_told(options[name]) for name in names],
            "status": "PENDING_VALIDATION",  # what ACM says until a record is seen; moto issues when it is asked
            "type": certificate["Type"],
            "keyAlgorithm": certificate["KeyAlgorithm"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("acm").delete_certificate(CertificateArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        tags, gone = tag_changes(old, new)
        if tags:
            aws("acm").add_tags_to_certificate(CertificateArn=id_, Tags=tag_list(tags))
        if gone:
            aws("acm").remove_tags_from_certificate(CertificateArn=id_, Tags=[{"Key": key} for key in gone])


def _option_told(option: Mapping[str, Any]) -> Properties:
    record = option["ResourceRecord"]
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record["Name"],
        "resourceRecordType": record["Type"],
        "resourceRecordValue": record["Value"],
    }


class CertificateValidation(Handler):
    """`aws.acm.CertificateValidation`; like ACM it needs each name's record in a zone, for which moto never looks.

    Its id is the certificate's ARN: the AWS provider gives the time of issuance, which would differ in each run.
    """

    token = "aws:acm/certificateValidation:CertificateValidation"
    emulates = fields("certificateArn")
    records = fields("validationRecordFqdns")

    def create(self, aws: Aws, inputs: Properties) -> str:
        arn = inputs["certificateArn"]
        certificate = _certificate(aws, arn)
        if certificate is None:
            raise ValueError(f"certificate {arn} does not exist in {aws.region}")
        wanted = [option["ResourceRecord"] for option in certificate["DomainValidationOptions"]]
        _refuse_forgotten(wanted, inputs.get("validationRecordFqdns"))
        held = _records(aws)
        missing = sorted({row["Name"] for row in wanted if held.get(row["Name"].rstrip(".")) != row["Value"]})
        if missing:
            raise ValueError(
                f"{', '.join(missing)} is in no hosted zone, so that ACM would wait in vain for 75 minutes"
            )
        return arn

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        certificate = _certificate(aws, id_)
        return None if certificate is None or certificate["Status"] != "ISSUED" else {"certificateArn": id_}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Nothing: that a certificate was validated cannot be taken back."""


def _refuse_forgotten(wanted: list[dict[str, str]], given_names: list[str] | None) -> None:
    """Refuse as the AWS provider does when the caller's list lacks a record that ACM asked for."""
    names = {row["Name"].rstrip(".") for row in wanted}
    forgotten = sorted(names - {name.rstrip(".") for name in given_names}) if given_names is not None else []
    if forgotten:
        raise ValueError(f"validationRecordFqdns lacks {', '.join(forgotten)}")


def _records(aws: Aws) -> dict[str, str]:
    """Every CNAME of every zone of the account: name without its last dot -> value."""
    route53 = aws("route53")
    zones = [
        zone["Id"] for page in route53.get_paginator("list_hosted_zones").paginate() for zone in page["HostedZones"]
    ]
    sets = route53.get_paginator("list_resource_record_sets")
    rows = [row for zone in zones for page in sets.paginate(HostedZoneId=zone) for row in page["ResourceRecordSets"]]
    return {row["Name"].rstrip("."): row["ResourceRecords"][0]["Value"] for row in rows if row["Type"] == "CNAME"}


HANDLERS: tuple[Handler, ...] = (Certificate(), CertificateValidation())
INVOKES: dict[str, Any] = {}
