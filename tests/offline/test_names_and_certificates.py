"""Hosted zones, records and certificates read back from the offline account."""

import pulumi
import pulumi_aws as aws
import pytest

from tests.deploying import deploy

TAGS = {"Name": "shop"}


def certificate():
    names = ["shop.dev", "*.shop.dev"]
    return aws.acm.Certificate(
        "certificate",
        domain_name="shop.dev",
        subject_alternative_names=names,
        validation_method="DNS",
        region="us-east-1",
        tags=TAGS,
    )


def record(zone, option):
    return aws.route53.Record(
        "validation",
        zone_id=zone.zone_id,
        name=option.resource_record_name.apply(lambda name: name.removesuffix(".")),
        type=option.resource_record_type,
        records=[option.resource_record_value],
        ttl=60,
        allow_overwrite=True,
    )


def program():
    zone = aws.route53.Zone("zone", name="shop.dev", comment="-", force_destroy=True, tags=TAGS)
    made = certificate()
    fqdn = record(zone, made.domain_validation_options[0]).fqdn
    aws.acm.CertificateValidation(
        "validation", certificate_arn=made.arn, validation_record_fqdns=[fqdn], region="us-east-1"
    )
    target = aws.route53.RecordAliasArgs(
        name="d1.cloudfront.net", zone_id="Z2FDTNDATAQYW2", evaluate_target_health=False
    )
    aws.route53.Record("alias", zone_id=zone.zone_id, name="shop.dev", type="A", aliases=[target])
    pulumi.export("by_name", aws.route53.get_zone_output(name=zone.name).zone_id)
    pulumi.export("servers", aws.route53.get_zone_output(zone_id=zone.zone_id).name_servers)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region="eu-west-1")


def test_every_emulated_property_reads_back_as_it_went_in(deployed):
    assert deployed.differences() == {}


def test_a_zone_is_found_by_its_name_and_by_its_id(deployed):
    zone = deployed.one("aws:route53/zone:Zone")
    assert deployed.outputs == {"by_name": zone.id, "servers": zone.outputs["nameServers"]}


def test_a_record_is_called_as_terraform_calls_it(deployed):
    zone = deployed.one("aws:route53/zone:Zone").id
    assert deployed.one("aws:route53/record:Record", "alias").id == f"{zone}_shop.dev_A"


def test_a_certificate_stands_in_the_region_it_was_asked_for(deployed):
    arn = deployed.one("aws:acm/certificate:Certificate").id
    held = deployed.client("acm", "us-east-1").list_certificates()["CertificateSummaryList"]
    assert [each["CertificateArn"] for each in held] == [arn]
    assert deployed.client("acm").list_certificates()["CertificateSummaryList"] == []


def test_a_name_and_its_wildcard_are_validated_by_one_record(deployed):
    options = deployed.one("aws:acm/certificate:Certificate").outputs["domainValidationOptions"]
    assert [option["domainName"] for option in options] == ["shop.dev", "*.shop.dev"]
    assert len({option["resourceRecordName"] for option in options}) == 1
