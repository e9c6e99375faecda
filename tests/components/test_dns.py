"""Zone, certificates and alias records, read back from the account."""

import pytest

from components.alias_records import Alias, AliasRecords, AliasRecordsArgs
from components.dns import Dns, DnsArgs
from tests.deploying import deploy

REGION = "eu-west-1"
EDGE = "us-east-1"
DOMAIN = "shop.mail.dev"


def program():
    dns = Dns("dns", DnsArgs(domain=DOMAIN, region=REGION, make_zone=True, disposable=True))
    aliases = {
        "store": Alias(name=DOMAIN, ipv6=True, target_name="d1.cloudfront.net", target_zone_id="Z2FDTNDATAQYW2"),
        "origin": Alias(
            name=dns.origin_name,
            ipv6=False,
            evaluate_target_health=True,
            target_name="lb-1.eu-west-1.elb.amazonaws.com",
            target_zone_id="Z32O12XQLNTSW2",
        ),
    }
    AliasRecords("records", AliasRecordsArgs(zone_id=dns.zone_id, aliases=aliases))


@pytest.fixture(scope="module")
def deployed():
    return deploy(program, region=REGION)


def outputs(deployed):
    return deployed.one("bigpicture:dns:Dns").outputs


def records(deployed, kind):
    zone = outputs(deployed)["zone_id"]
    held = deployed.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [record for record in held if record["Type"] == kind]


def certificate(deployed, use):
    arn = outputs(deployed)[f"{use}_certificate_arn"]
    return deployed.client("acm", arn.split(":")[3]).describe_certificate(CertificateArn=arn)["Certificate"]


def test_a_zone_is_made_for_the_domain_and_says_where_to_delegate_it(deployed):
    held = deployed.client("route53").get_hosted_zone(Id=outputs(deployed)["zone_id"])
    assert held["HostedZone"]["Name"] == f"{DOMAIN}."
    assert outputs(deployed)["name_servers"] == held["DelegationSet"]["NameServers"]


@pytest.mark.parametrize(("use", "region"), [("edge", EDGE), ("regional", REGION)])
def test_each_certificate_is_issued_in_the_region_of_its_user(deployed, use, region):
    held = certificate(deployed, use)
    assert (held["CertificateArn"].split(":")[3], held["Status"]) == (region, "ISSUED")


@pytest.mark.parametrize("use", ["edge", "regional"])
def test_each_certificate_covers_the_domain_and_the_origins_name(deployed, use):
    assert sorted(certificate(deployed, use)["SubjectAlternativeNames"]) == [f"*.{DOMAIN}", DOMAIN]
    assert outputs(deployed)["origin_name"] == f"origin.{DOMAIN}"


@pytest.mark.parametrize("use", ["edge", "regional"])
def test_every_name_of_every_certificate_is_validated(deployed, use):
    asked = [option["ResourceRecord"] for option in certificate(deployed, use)["DomainValidationOptions"]]
    held = {record["Name"]: record["ResourceRecords"][0]["Value"] for record in records(deployed, "CNAME")}
    assert [held.get(record["Name"]) for record in asked] == [record["Value"] for record in asked]


def test_one_record_validates_the_name_its_wildcard_and_both_regions(deployed):
    [record] = records(deployed, "CNAME")
    made = [each.name for each in deployed.of_type("aws:route53/record:Record") if each.inputs["type"] == "CNAME"]
    assert (record["TTL"], made) == (60, [f"dns-validation-{DOMAIN}"])


def test_a_record_that_another_stack_has_put_there_is_taken_over(deployed):
    assert deployed.one("aws:route53/record:Record", f"dns-validation-{DOMAIN}").inputs["allowOverwrite"] is True


@pytest.mark.parametrize("use", ["edge", "regional"])
def test_a_certificate_is_handed_out_by_the_resource_that_waits_for_it(deployed, use):
    waiting = deployed.one("aws:acm/certificateValidation:CertificateValidation", f"dns-{use}")
    record = deployed.one("aws:route53/record:Record", f"dns-validation-{DOMAIN}")
    assert outputs(deployed)[f"{use}_certificate_arn"] == waiting.outputs["certificateArn"]
    assert waiting.inputs["validationRecordFqdns"] == [record.outputs["fqdn"]]


def test_the_stores_name_leads_to_the_cdn_over_ipv4_and_ipv6(deployed):
    wanted = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d1.cloudfront.net", "EvaluateTargetHealth": False}
    found = [record for kind in ("A", "AAAA") for record in records(deployed, kind) if record["Name"] == f"{DOMAIN}."]
    assert [record["AliasTarget"] for record in found] == [wanted, wanted]


def test_the_origins_name_leads_to_the_load_balancer_over_ipv4_only(deployed):
    name = f"origin.{DOMAIN}."
    found = [record for kind in ("A", "AAAA") for record in records(deployed, kind) if record["Name"] == name]
    assert [(record["Type"], record["AliasTarget"]["EvaluateTargetHealth"]) for record in found] == [("A", True)]


def test_alias_records_never_take_over_a_record_that_exists(deployed):
    aliases = [record for record in deployed.of_type("aws:route53/record:Record") if "aliases" in record.inputs]
    assert [record.inputs.get("allowOverwrite") for record in aliases] == [None, None, None]
