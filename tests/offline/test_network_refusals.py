"""What the offline account refuses in networks, names and certificates, as AWS does."""

import pulumi_aws as aws
import pytest

from engines.refusals import EngineError
from tests.deploying import deploy


def certificate():
    return aws.acm.Certificate("certificate", domain_name="shop.dev", validation_method="DNS")


def test_a_rule_with_two_peers_is_refused():
    def two_peers():
        group = aws.ec2.SecurityGroup("group")
        aws.vpc.SecurityGroupEgressRule(
            "both", security_group_id=group.id, ip_protocol="-1", cidr_ipv4="0.0.0.0/0", prefix_list_id="pl-1"
        )

    with pytest.raises(EngineError, match="has 2 peers; allowed: exactly one of cidrIpv4"):
        deploy(two_peers)


def test_a_certificate_without_its_record_is_never_issued():
    def unvalidated():
        aws.acm.CertificateValidation("validation", certificate_arn=certificate().arn)

    with pytest.raises(EngineError, match="is in no hosted zone, so that ACM would wait in vain"):
        deploy(unvalidated)


def test_a_certificate_of_another_region_is_not_found():
    def elsewhere():
        aws.acm.CertificateValidation("validation", certificate_arn=certificate().arn, region="us-east-1")

    with pytest.raises(EngineError, match="does not exist in us-east-1"):
        deploy(elsewhere, region="eu-west-1")


def test_a_forgotten_validation_record_is_refused():
    def forgetful():
        names = ["x.shop.dev"]
        aws.acm.CertificateValidation("validation", certificate_arn=certificate().arn, validation_record_fqdns=names)

    with pytest.raises(EngineError, match=r"validationRecordFqdns lacks _\w+\.shop\.dev"):
        deploy(forgetful)


def test_a_second_record_of_one_name_is_refused():
    def twice():
        zone = aws.route53.Zone("zone", name="shop.dev")
        for name, address in (("one", "192.0.2.1"), ("two", "192.0.2.2")):
            aws.route53.Record(name, zone_id=zone.zone_id, name="shop.dev", type="A", ttl=60, records=[address])

    with pytest.raises(EngineError, match="but it already exists"):
        deploy(twice)


def test_a_zone_that_does_not_exist_is_refused():
    with pytest.raises(Exception, match="0 hosted zones match"):
        deploy(lambda: aws.route53.get_zone(name="nobody.dev"))
