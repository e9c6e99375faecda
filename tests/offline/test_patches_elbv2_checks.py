"""Load balancers as AWS runs them: attributes, names, protection, logs that can be written, certificates."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from offline.account import Account

DELIVERY = {
    "Effect": "Allow",
    "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::logs/alb/AWSLogs/123456789012/*",
}
LOGS = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "logs", "access_logs.s3.prefix": "alb"}


def balancer(account: Account, region: str = "us-east-1", **more: Any) -> dict[str, Any]:
    subnets = [subnet["SubnetId"] for subnet in account.client("ec2", region).describe_subnets()["Subnets"][:2]]
    made = account.client("elbv2", region).create_load_balancer(Name="store", Subnets=subnets, **more)
    return made["LoadBalancers"][0]


def modify(account: Account, **attributes: str) -> dict[str, str]:
    """Change the attributes of a new load balancer; returns them all as they are shown afterwards."""
    elb, arn = account.client("elbv2"), balancer(account)["LoadBalancerArn"]
    rows = [{"Key": key, "Value": value} for key, value in attributes.items()]
    if rows:
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=rows)
    shown = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {row["Key"]: row["Value"] for row in shown}


def log_bucket(account: Account, *statements: dict[str, Any]) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="logs")
    if statements:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(document))


def listen(account: Account, *certificates: str) -> None:
    account.client("elbv2").create_listener(
        LoadBalancerArn=balancer(account)["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": arn} for arn in certificates],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}],
    )


def test_every_attribute_is_shown_with_its_default(account: Account) -> None:
    shown = modify(account)
    assert (len(shown), shown["idle_timeout.timeout_seconds"], shown["routing.http2.enabled"]) == (23, "60", "true")


def test_an_attribute_that_was_set_is_shown_so(account: Account) -> None:
    shown = modify(account, **{"idle_timeout.timeout_seconds": "50", "client_keep_alive.seconds": "600"})
    assert (shown["idle_timeout.timeout_seconds"], shown["client_keep_alive.seconds"]) == ("50", "600")


@pytest.mark.parametrize(("region", "zone"), [("us-east-1", "Z35SXDOTRQ7X7K"), ("eu-west-1", "Z32O12XQLNTSW2")])
def test_a_balancer_has_the_zone_of_its_region(account: Account, region: str, zone: str) -> None:
    made = balancer(account, region)
    assert made["CanonicalHostedZoneId"] == zone
    assert made["DNSName"].endswith(f".{region}.elb.amazonaws.com")


def test_an_internal_balancer_is_named_so(account: Account) -> None:
    assert balancer(account, Scheme="internal")["DNSName"].startswith("internal-store-")


def test_a_protected_balancer_is_not_deleted(account: Account) -> None:
    modify(account, **{"deletion_protection.enabled": "true"})
    elb = account.client("elbv2")
    arn = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    with pytest.raises(ClientError, match="cannot be deleted because deletion protection is enabled"):
        elb.delete_load_balancer(LoadBalancerArn=arn)


def test_logs_go_to_a_bucket_that_lets_them_in(account: Account) -> None:
    log_bucket(account, DELIVERY)
    assert LOGS.items() <= modify(account, **LOGS).items()


def test_logs_to_a_missing_bucket_are_refused(account: Account) -> None:
    with pytest.raises(ClientError, match="S3 bucket 'logs' does not exist in us-east-1"):
        modify(account, **LOGS)


@pytest.mark.parametrize(
    "statement",
    [
        {**DELIVERY, "Resource": "arn:aws:s3:::logs/other/*"},
        {**DELIVERY, "Principal": {"Service": "delivery.logs.amazonaws.com"}},
    ],
)
def test_logs_to_a_bucket_that_shuts_them_out_are_refused(account: Account, statement: dict[str, Any]) -> None:
    log_bucket(account, statement)
    with pytest.raises(ClientError, match="Access Denied for bucket: logs"):
        modify(account, **LOGS)


def test_logs_to_a_bucket_under_a_kms_key_are_refused(account: Account) -> None:
    log_bucket(account, DELIVERY)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    account.client("s3").put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    with pytest.raises(ClientError, match="Access Denied for bucket: logs"):
        modify(account, **LOGS)


def test_an_encrypted_listener_needs_a_certificate(account: Account) -> None:
    with pytest.raises(ClientError, match="A certificate must be specified for HTTPS listeners"):
        listen(account)


def test_a_certificate_that_is_not_issued_is_refused(account: Account) -> None:
    arn = account.client("acm").request_certificate(DomainName="example.net", ValidationMethod="DNS")["CertificateArn"]
    with pytest.raises(ClientError, match="UnsupportedCertificate"):
        listen(account, arn)


def test_moto_still_shows_a_few_attributes_and_one_zone(shipped: Account) -> None:
    assert "idle_timeout.timeout_seconds" not in modify(shipped)
    made = shipped.client("elbv2").describe_load_balancers()["LoadBalancers"][0]
    assert (made["CanonicalHostedZoneId"], made["DNSName"]) == ("Z2P70J7EXAMPLE", "store-1.us-east-1.elb.amazonaws.com")


def test_moto_still_writes_logs_anywhere_and_deletes_the_protected(shipped: Account) -> None:
    modify(shipped, **LOGS, **{"deletion_protection.enabled": "true"})
    elb = shipped.client("elbv2")
    arn = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    elb.delete_load_balancer(LoadBalancerArn=arn)


def test_moto_still_listens_without_a_certificate(shipped: Account) -> None:
    listen(shipped)
