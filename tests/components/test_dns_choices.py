"""What the arguments of names and certificates change."""

import pulumi
import pulumi_aws as aws
import pytest

from components.alias_records import Alias, AliasRecordsArgs
from components.dns import Dns, DnsArgs
from engines import embedded
from offline.account import open_account
from tests.deploying import deploy

ZONE = "aws:route53/zone:Zone"


def made(**choices):
    return deploy(
        lambda: Dns("dns", DnsArgs(**{"domain": "shop.dev", "make_zone": True, "region": "us-east-1", **choices}))
    )


def test_in_the_region_of_the_cdn_one_certificate_serves_both():
    done = made()
    told = done.one("bigpicture:dns:Dns").outputs
    held = [each["CertificateArn"] for each in done.client("acm").list_certificates()["CertificateSummaryList"]]
    assert [told["edge_certificate_arn"], told["regional_certificate_arn"]] == held * 2


def found_in(existing, **choices):
    """Look the zone up in an account that has it already."""
    account = open_account("us-east-1", "test")
    account.client("route53").create_hosted_zone(Name=existing, CallerReference="-")
    args = DnsArgs(domain="shop.dev", region="us-east-1", **choices)

    def program():
        pulumi.export("zone", Dns("dns", args).zone_id)

    result = embedded.deploy(program, account, project="bigpicture", stack="test", config={"aws:region": "us-east-1"})
    [zone] = account.client("route53").list_hosted_zones()["HostedZones"]
    return result, zone


def test_a_zone_that_exists_is_found_and_no_other_made():
    result, zone = found_in("shop.dev")
    assert zone["Id"] == f"/hostedzone/{result.outputs['zone']}"
    assert zone["ResourceRecordSetCount"] == 3  # its own NS and SOA, and the validation


def test_the_zone_of_a_parent_serves_the_domain():
    result, zone = found_in("dev", zone_name="dev")
    assert (zone["Name"], zone["Id"]) == ("dev.", f"/hostedzone/{result.outputs['zone']}")


def test_a_zone_that_is_not_there_is_refused():
    with pytest.raises(Exception, match="0 hosted zones match"):
        deploy(lambda: Dns("dns", DnsArgs(domain="shop.dev", region="us-east-1")))


@pytest.mark.parametrize("protect", [True, False])
def test_a_made_zone_is_kept_where_that_is_asked_for(protect):
    assert made(protect=protect).one(ZONE).options.protect is protect


@pytest.mark.parametrize("disposable", [True, False])
def test_strange_records_die_with_a_disposable_zone_only(disposable):
    assert made(disposable=disposable).one(ZONE).inputs["forceDestroy"] is disposable


def test_two_stores_in_one_account_have_names_of_their_own():
    def program():
        for name in ("one", "two"):
            Dns(name, DnsArgs(domain=f"{name}.shop.dev", make_zone=True, region="us-east-1"))

    zones = deploy(program).client("route53").list_hosted_zones()["HostedZones"]
    assert sorted(zone["Name"] for zone in zones) == ["one.shop.dev.", "two.shop.dev."]


def test_every_part_of_the_names_belongs_to_them():
    done = made()
    parents = {part.parent for part in done.graph.resources if part.custom}
    assert parents == {done.one("bigpicture:dns:Dns").urn}


def test_what_takes_a_certificate_comes_after_its_validation():
    def program():
        dns = Dns("dns", DnsArgs(domain="shop.dev", make_zone=True, region="us-east-1"))
        aws.ec2.SecurityGroup("user", description=dns.regional_certificate_arn)

    done = deploy(program)
    after = done.one("aws:ec2/securityGroup:SecurityGroup").property_dependencies["description"]
    assert done.one("aws:acm/certificateValidation:CertificateValidation").urn in after


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [
        ({"domain": "Shop.dev"}, "domain is 'Shop.dev'; allowed: a lower-case domain name"),
        ({"domain": "shop"}, "domain is 'shop'; allowed: a lower-case domain name"),
        ({"domain": "*.shop.dev"}, r"domain is '\*\.shop\.dev'; allowed: a lower-case domain name"),
        ({"zone_name": "hop.dev"}, "zone_name is 'hop.dev'; allowed: shop.dev or a parent of it. Fix: zone_name"),
        ({"protect": True, "disposable": True}, "protect and disposable are both True; allowed: at most one"),
    ],
)
def test_a_wrong_name_is_refused_before_anything_is_made(choices, refusal):
    with pytest.raises(ValueError, match=refusal):
        DnsArgs(**{"domain": "shop.dev", "region": "us-east-1", **choices})


def alias(name):
    return Alias(name=name, target_name="d1.cloudfront.net", target_zone_id="Z2FDTNDATAQYW2", ipv6=True)


@pytest.mark.parametrize(
    ("aliases", "refusal"),
    [
        ({"one": alias("a.dev"), "two": alias("a.dev")}, "aliases has a.dev; allowed: each name once. Fix: aliases"),
        ({}, "aliases has nothing; allowed: each name once. Fix: aliases"),
    ],
)
def test_one_name_cannot_lead_to_two_targets(aliases, refusal):
    with pytest.raises(ValueError, match=refusal):
        AliasRecordsArgs(zone_id="Z1", aliases=aliases)
