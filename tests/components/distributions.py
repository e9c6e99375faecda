"""Two CDNs for tests: one without a name of its own and one with everything; and how to look them up."""

from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components.cdn import BalancerOrigin, BucketOrigin, Cdn, CdnArgs, Firewall
from components.object_store import ObjectStore, ObjectStoreArgs
from components.protection import Protection

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
SANDBOX = Protection(protect=False, disposable=True)
DOMAIN = "shop.bigpicture.dev"
SECRET = "what-only-the-balancer-knows"


def store(name: str) -> BucketOrigin:
    made = ObjectStore(name, ObjectStoreArgs(protection=SANDBOX, served_by_cdn=True))
    pulumi.export(f"{name}-arn", made.arn)
    pulumi.export(f"{name}-name", made.name)
    return BucketOrigin(name=made.name, arn=made.arn, domain_name=made.domain_name)


def args(stack: str) -> CdnArgs:
    """What a CDN without a name of its own is given."""
    return CdnArgs(
        pages=store(f"{stack}-pages"),
        pictures=store(f"{stack}-pictures"),
        picture_paths=["/pictures/*"],
        balancer=BalancerOrigin(
            domain_name="balancer.example.dev",
            encrypted=False,
            secret_header="X-Origin-Secret",
            secret_value=pulumi.Output.secret(SECRET),
        ),
        balancer_paths=["/orders", "/orders/*"],
        security_headers=False,
        wait_for_deployment=False,
    )


def certificate_arn() -> pulumi.Output[str]:
    """A certificate that was issued because its record stands in a zone."""
    zone = aws.route53.Zone("zone", name=DOMAIN)
    asked = aws.acm.Certificate("edge", domain_name=DOMAIN, validation_method="DNS", region="us-east-1")
    proof = asked.domain_validation_options[0]
    record = aws.route53.Record(
        "proof",
        zone_id=zone.zone_id,
        name=proof.resource_record_name,
        type=proof.resource_record_type,
        records=[proof.resource_record_value],
        ttl=60,
    )
    return aws.acm.CertificateValidation(
        "issued", certificate_arn=asked.arn, validation_record_fqdns=[record.fqdn], region="us-east-1"
    ).certificate_arn


def program():
    certificate = certificate_arn()
    named = args("named")
    named = replace(
        named,
        balancer=replace(named.balancer, encrypted=True),
        domain=DOMAIN,
        certificate_arn=certificate,
        price_class="PriceClass_200",
        firewall=Firewall(requests_per_5_minutes=300, log_retention_days=30),
        security_headers=True,
        missing_page="not-found.html",
        wait_for_deployment=True,
        alarm_topic_arn=TOPIC,
    )
    pulumi.export("certificate", certificate)
    for name, given in (("plain", args("plain")), ("named", named)):
        cdn = Cdn(name, given)
        for output in ("distribution_id", "arn", "domain_name", "hosted_zone_id", "url"):
            pulumi.export(f"{name}-{output}", getattr(cdn, output))
        aws.sqs.Queue(f"customer-of-{name}", tags={"url": cdn.url})


def config(deployed, name: str) -> dict:
    answer = deployed.client("cloudfront").get_distribution(Id=deployed.outputs[f"{name}-distribution_id"])
    return answer["Distribution"]["DistributionConfig"]


def origins(deployed, name: str) -> dict:
    return {origin["Id"]: origin for origin in config(deployed, name)["Origins"]["Items"]}


def behaviors(deployed, name: str) -> dict:
    held = config(deployed, name)
    return {"*": held["DefaultCacheBehavior"], **{row["PathPattern"]: row for row in held["CacheBehaviors"]["Items"]}}
