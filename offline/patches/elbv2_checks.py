"""Load balancers as AWS runs them: every attribute shown, names and zones of their region, and what is refused."""

import hashlib
from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from offline.patches.acm import is_issued
from offline.patches.conditions import admits
from offline.patches.overlay import Answer, Call, Refusal, amends, backend_of, checks
from offline.patches.swap import replaces

ATTRIBUTES = {
    "access_logs.s3.bucket": "",
    "access_logs.s3.enabled": "false",
    "access_logs.s3.prefix": "",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.prefix": "",
    "deletion_protection.enabled": "false",
    "health_check_logs.s3.bucket": "",
    "health_check_logs.s3.enabled": "false",
    "health_check_logs.s3.prefix": "",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}
"""What an Application Load Balancer starts with: API reference, LoadBalancerAttribute."""
ZONES = {
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
"""The zone in which a region's load balancers have their names: AWS General Reference, Elastic Load Balancing."""
LOGS = ("access_logs", "connection_logs", "health_check_logs")


@replaces(FakeLoadBalancer, "__init__")
def names_are_those_of_the_region(original: Any, balancer: Any, *args: Any, **more: Any) -> None:
    """Moto has one zone id for all regions, and `<name>-1` for a name; here the number follows from the ARN."""
    original(balancer, *args, **more)
    region, account = balancer.arn.split(":")[3:5]
    number = int(hashlib.sha256(f"{account} {region} {balancer.name}".encode()).hexdigest(), 16) % 10**10
    prefix = "internal-" if balancer.scheme == "internal" else ""
    balancer.dns_name = f"{prefix}{balancer.name}-{number:010}.{region}.elb.amazonaws.com"
    balancer.canonical_hosted_zone_id = ZONES.get(region, balancer.canonical_hosted_zone_id)


@amends("elbv2", "DescribeLoadBalancerAttributes")
def every_attribute_is_shown(call: Call, answer: Answer) -> None:
    """Moto shows what was set, and three of the defaults."""
    balancer = call.backend.load_balancers[call.params["LoadBalancerArn"]]
    if balancer.type == "application":
        held = {row["Key"]: row["Value"] for row in answer["Attributes"]}
        was_set = {key: held[key] for key in held if key in balancer.attrs}
        shown = {**ATTRIBUTES, **{key: value for key, value in was_set.items() if value != "" or key not in ATTRIBUTES}}
        answer["Attributes"] = [{"Key": key, "Value": shown[key]} for key in sorted(shown)]


@checks("elbv2", "DeleteLoadBalancer")
def protected_balancers_stay(call: Call) -> None:
    """Moto deletes them."""
    balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        message = f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled"
        raise Refusal("OperationNotPermitted", message)


@checks("elbv2", "ModifyLoadBalancerAttributes")
def logs_can_be_written(call: Call) -> None:
    """AWS writes a test file first: the bucket must exist, be in the region, and let the log delivery in.

    Only SSE-S3 works: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    given = {row["Key"]: row.get("Value", "") for row in call.params["Attributes"]}
    for kind in LOGS:
        if given.get(f"{kind}.s3.enabled") == "true":
            _check_log_bucket(call, given.get(f"{kind}.s3.bucket", ""), given.get(f"{kind}.s3.prefix", ""))


def _check_log_bucket(call: Call, name: str, prefix: str) -> None:
    bucket = backend_of("s3", call.account_id, "aws").buckets.get(name)
    if bucket is None or bucket.region_name != call.region:
        raise Refusal("InvalidConfigurationRequest", f"S3 bucket {name!r} does not exist in {call.region}")
    folder = f"{prefix}/" if prefix else ""
    target = f"arn:aws:s3:::{name}/{folder}AWSLogs/{call.account_id}/ELBAccessLogTestFile"
    context = {
        "aws:SourceAccount": call.account_id,
        "aws:SourceArn": f"arn:aws:elasticloadbalancing:{call.region}:{call.account_id}:loadbalancer/app/x/y",
        "aws:SecureTransport": "true",
    }
    policy = bucket.policy.decode() if isinstance(bucket.policy, bytes) else bucket.policy
    rule = (bucket.encryption or {}).get("Rule", {}).get("ApplyServerSideEncryptionByDefault", {})
    let_in = admits(policy, "logdelivery.elasticloadbalancing.amazonaws.com", "s3:PutObject", target, context)
    if not let_in or rule.get("SSEAlgorithm", "AES256") != "AES256":
        message = f"Access Denied for bucket: {name}. Please check S3bucket permission"
        raise Refusal("InvalidConfigurationRequest", message)


@checks("elbv2", "CreateListener", "ModifyListener", "AddListenerCertificates")
def certificates_are_issued(call: Call) -> None:
    """Moto takes an HTTPS listener without a certificate, and one that is not issued yet."""
    given = call.params.get("Certificates", [])
    if call.operation == "CreateListener" and call.params.get("Protocol") == "HTTPS" and not given:
        raise Refusal("ValidationError", "A certificate must be specified for HTTPS listeners")
    for row in given:
        arn = row["CertificateArn"]
        if ":acm:" in arn and not is_issued(call.account_id, arn):
            raise Refusal("UnsupportedCertificate", f"The certificate '{arn}' is not issued, or does not exist")
