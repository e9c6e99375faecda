"""Load balancers as AWS shows them, and moto as it is shipped."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.offline.certificates import issued

LOGS = [
    {"Key": "health_check_logs.s3.bucket", "Value": "logs"},
    {"Key": "health_check_logs.s3.enabled", "Value": "true"},
    {"Key": "health_check_logs.s3.prefix", "Value": "health"},
]
DELIVERY = {
    "Effect": "Allow",
    "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::logs/health/*",
}
REFUSAL = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}


def balancer(account):
    subnets = [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"][:2]]
    return account.client("elbv2").create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0][
        "LoadBalancerArn"
    ]


def listen(account, protocol, port, **more):
    elb = account.client("elbv2")
    arn = balancer(account)
    elb.create_listener(LoadBalancerArn=arn, Protocol=protocol, Port=port, DefaultActions=[REFUSAL], **more)
    return elb.describe_listeners(LoadBalancerArn=arn)["Listeners"][0]


def test_health_check_logs_go_to_a_bucket(account):
    elb, arn = account.client("elbv2"), balancer(account)
    account.client("s3").create_bucket(Bucket="logs")
    account.client("s3").put_bucket_policy(Bucket="logs", Policy=json.dumps({"Statement": [DELIVERY]}))
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=LOGS)
    held = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    assert [row for row in held if row["Key"].startswith("health_check_logs")] == LOGS


def test_moto_still_refuses_the_bucket_of_health_check_logs(shipped):
    with pytest.raises(ClientError, match=r"health_check_logs\.s3\.bucket not valid"):
        shipped.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=balancer(shipped), Attributes=LOGS)


def test_a_listener_without_tls_has_no_policy_of_it(account):
    assert "SslPolicy" not in listen(account, "HTTP", 80)
    certificates = [{"CertificateArn": issued(account, "example.net")}]
    assert listen(account, "HTTPS", 443, Certificates=certificates)["SslPolicy"] == "ELBSecurityPolicy-2016-08"


def test_moto_still_shows_a_tls_policy_without_tls(shipped):
    assert listen(shipped, "HTTP", 80)["SslPolicy"] == "ELBSecurityPolicy-2016-08"
