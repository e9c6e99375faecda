"""Names: zones and records of every routing policy, certificates with their proofs, health checks."""

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.networks import network
from tests.policies.examples.web import balancer, listening, targets, to

RECORD = "https://www.pulumi.com/registry/packages/aws/api-docs/route53/record/"
ROUTING = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html"
DOMAIN = "acme-shop.io"


def zone(name=DOMAIN):
    return aws.route53.Zone("primary", name=name)


def record(name, kind, values, *, within, logical_name=None, **more):
    """One record with a TTL."""
    given = {"zone_id": within.zone_id, "name": name, "type": kind, "ttl": 300, "records": values, **more}
    return aws.route53.Record(logical_name or f"{name}-{kind}", **given)


@example(RECORD)
def records_of_every_type():
    z = zone()
    record(f"www.{DOMAIN}", "A", ["192.0.2.1", "192.0.2.2"], within=z)
    record(f"www.{DOMAIN}", "AAAA", ["2001:db8::1"], within=z)
    record(DOMAIN, "MX", ["10 mail.acme-shop.io", "20 backup.acme-shop.io"], within=z)
    record(DOMAIN, "TXT", ["v=spf1 include:amazonses.com -all", "google-site-verification=abc"], within=z)
    record(DOMAIN, "CAA", ['0 issue "amazon.com"', '0 iodef "mailto:ops@acme-shop.io"'], within=z)
    record(f"_sip._tcp.{DOMAIN}", "SRV", ["10 5 5060 sip.acme-shop.io"], within=z)
    record(f"*.dev.{DOMAIN}", "CNAME", ["www.acme-shop.io"], within=z, ttl=5)
    record(f"_dmarc.{DOMAIN}", "TXT", ["v=DMARC1; p=none"], within=z, ttl=2147483647)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/route53/zone/")
def zone_of_a_part():
    z = zone()
    dev = aws.route53.Zone("dev", name=f"dev.{DOMAIN}", tags={"Environment": "dev"})
    aws.route53.Record("dev-ns", zone_id=z.zone_id, name=f"dev.{DOMAIN}", type="NS", ttl=30, records=dev.name_servers)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/route53/zone/")
def zone_of_a_network():
    private = aws.route53.Zone("private", name="internal.acme", vpcs=[{"vpc_id": network().id}])
    record("db.internal.acme", "CNAME", ["db.abc.us-east-1.rds.amazonaws.com"], within=private)


@example(RECORD)
def alias_of_a_balancer():
    vpc, z = network(), zone()
    lb, _ = balancer(vpc, 443)
    listening(lb, to(targets(vpc)))
    for kind in ("A", "AAAA"):
        aws.route53.Record(kind, zone_id=z.zone_id, name=DOMAIN, type=kind, aliases=[
            {"name": lb.dns_name, "zone_id": lb.zone_id, "evaluate_target_health": True}
        ])  # fmt: skip


@example(ROUTING)
def two_answers_by_weight():
    z = zone()
    for name, weight in (("dev", 0), ("live", 255)):
        record(f"www.{DOMAIN}", "CNAME", [f"{name}.acme-shop.io"], within=z, logical_name=name, ttl=5,
               set_identifier=name, weighted_routing_policies=[{"weight": weight}])  # fmt: skip


@example(ROUTING)
def second_site_when_the_first_fails():
    z = zone()
    check = aws.route53.HealthCheck("first", fqdn="first.acme-shop.io", port=443, type="HTTPS", resource_path="/health",
                                    failure_threshold=10, request_interval=10)  # fmt: skip
    for kind, address in (("PRIMARY", "192.0.2.1"), ("SECONDARY", "192.0.2.2")):
        more = {"health_check_id": check.id} if kind == "PRIMARY" else {}
        record(f"www.{DOMAIN}", "A", [address], within=z, logical_name=kind, set_identifier=kind.lower(), ttl=60,
               failover_routing_policies=[{"type": kind}], **more)  # fmt: skip


@example(ROUTING)
def nearest_region_answers():
    z = zone()
    for number, region in enumerate(("us-east-1", "eu-west-1", "ap-southeast-2")):
        record(f"api.{DOMAIN}", "A", [f"192.0.2.{number}"], within=z, logical_name=region, set_identifier=region,
               latency_routing_policies=[{"region": region}])  # fmt: skip


@example(ROUTING)
def answers_by_country():
    z = zone()
    for name, place in (("europe", {"continent": "EU"}), ("ohio", {"country": "US", "subdivision": "OH"}),
                        ("else", {"country": "*"})):  # fmt: skip
        record(f"shop.{DOMAIN}", "A", ["192.0.2.9"], within=z, logical_name=name, set_identifier=name,
               geolocation_routing_policies=[place])  # fmt: skip


@example(ROUTING)
def several_answers_that_are_checked():
    z = zone()
    for number in range(2):
        check = aws.route53.HealthCheck(f"check-{number}", ip_address=f"192.0.2.{number}", port=80, type="HTTP",
                                        request_interval=30, failure_threshold=1)  # fmt: skip
        record(f"multi.{DOMAIN}", "A", [f"192.0.2.{number}"], within=z, logical_name=f"r{number}",
               set_identifier=str(number), multivalue_answer_routing_policy=True, health_check_id=check.id)  # fmt: skip


@example("https://www.pulumi.com/registry/packages/aws/api-docs/route53/healthcheck/")
def check_of_checks_and_of_an_alarm():
    first = aws.route53.HealthCheck("tcp", ip_address="192.0.2.1", port=5432, type="TCP", failure_threshold=3,
                                    request_interval=30)  # fmt: skip
    aws.route53.HealthCheck("parent", type="CALCULATED", child_health_threshold=1, child_healthchecks=[first.id])
    aws.route53.HealthCheck("alarm", type="CLOUDWATCH_METRIC", cloudwatch_alarm_name="foobar",
                            cloudwatch_alarm_region="us-west-2", insufficient_data_health_status="Healthy")  # fmt: skip


def proven(certificate, within, **more):
    """The certificate once its records are there."""
    option = certificate.domain_validation_options[0]
    proof = aws.route53.Record("proof", zone_id=within.zone_id, name=option.resource_record_name,
                               type=option.resource_record_type, records=[option.resource_record_value], ttl=60,
                               allow_overwrite=True)  # fmt: skip
    return aws.acm.CertificateValidation("proven", certificate_arn=certificate.arn,
                                         validation_record_fqdns=[proof.fqdn], **more)  # fmt: skip


@example("https://www.pulumi.com/registry/packages/aws/api-docs/acm/certificatevalidation/")
def certificate_of_a_balancer():
    certificate = aws.acm.Certificate("cert", domain_name=f"*.{DOMAIN}", validation_method="DNS",
                                      subject_alternative_names=[DOMAIN], key_algorithm="EC_prime256v1")  # fmt: skip
    vpc = network()
    lb, _ = balancer(vpc, 443)
    listening(lb, to(targets(vpc)), certificate_arn=proven(certificate, zone()).certificate_arn)


@example("https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html")
def certificate_for_the_edge_from_another_region():
    edge = pulumi.ResourceOptions(provider=aws.Provider("edge", region="us-east-1"))
    certificate = aws.acm.Certificate("cert", domain_name=f"www.{DOMAIN}", validation_method="DNS", opts=edge)
    pulumi.export("certificate", proven(certificate, zone(), opts=edge).certificate_arn)


@example("https://www.pulumi.com/registry/packages/aws/api-docs/acm/certificate/")
def certificate_proven_by_mail():
    aws.acm.Certificate("cert", domain_name="testing.acme-shop.io", validation_method="EMAIL", validation_options=[
        {"domain_name": "testing.acme-shop.io", "validation_domain": DOMAIN}
    ])  # fmt: skip


@example("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html")
def longest_names_of_records():
    z = zone("a" * 63 + ".io")
    record(".".join(["a" * 63] * 3 + ["b" * 54, "io"])[-250:].lstrip("."), "A", ["192.0.2.1"], within=z, ttl=0)
