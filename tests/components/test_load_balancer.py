"""The load balancer itself, read back from the account: who may call it, and how it treats a call."""

import pytest

from tests.components.balancers import TOPIC, attributes, balancer_of, listeners, program
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def elb(deployed):
    return deployed.client("elbv2")


def test_only_cloudfront_may_call_and_on_one_port_only(deployed):
    group = deployed.one("aws:ec2/securityGroup:SecurityGroup", "guarded").id
    ec2 = deployed.client("ec2")
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    [prefix_list] = ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.global.cloudfront.origin-facing"]}]
    )["PrefixLists"]
    assert [
        (row["IsEgress"], row["IpProtocol"], row["FromPort"], row["ToPort"], row["PrefixListId"]) for row in found
    ] == [(False, "tcp", 443, 443, prefix_list["PrefixListId"])]


def test_without_a_certificate_the_one_port_is_80(deployed, elb):
    rule = deployed.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "plain-from-cdn")
    [listener] = listeners(deployed, elb, "plain")
    assert (rule.outputs["fromPort"], rule.outputs["toPort"]) == (80, 80)
    assert (listener["Port"], listener["Protocol"]) == (80, "HTTP")


def test_the_security_groups_description_never_changes(deployed):
    groups = deployed.client("ec2").describe_security_groups()["SecurityGroups"]
    ours = [group["Description"] for group in groups if group["GroupName"] != "default"]
    assert ours == ["Load balancer, open to the CDN alone"] * 3


def test_the_listener_has_the_certificate_and_a_policy_without_old_tls(deployed, elb):
    [listener] = listeners(deployed, elb, "guarded")
    assert (listener["Port"], listener["Protocol"]) == (443, "HTTPS")
    assert listener["Certificates"] == [{"CertificateArn": deployed.outputs["certificate"]}]
    assert listener["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


def test_the_listener_answers_403_unless_a_rule_matches(deployed, elb):
    [listener] = listeners(deployed, elb, "guarded")
    [action] = listener["DefaultActions"]
    assert (action["Type"], action["FixedResponseConfig"]["StatusCode"]) == ("fixed-response", "403")


def test_bad_headers_are_dropped_and_ambiguous_requests_handled_defensively(deployed, elb):
    held = attributes(deployed, elb, "plain")
    assert held["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert held["routing.http.desync_mitigation_mode"] == "defensive"


def test_silent_connections_close_after_the_idle_timeout(deployed, elb):
    assert attributes(deployed, elb, "plain")["idle_timeout.timeout_seconds"] == "50"


def test_deletion_protection_is_a_choice(deployed, elb):
    held = [attributes(deployed, elb, name)["deletion_protection.enabled"] for name in ("plain", "guarded")]
    assert held == ["false", "true"]


def test_all_three_logs_go_to_the_bucket(deployed, elb):
    held = attributes(deployed, elb, "guarded")
    kinds = ("access", "connection", "health_check")
    logs = [(held[f"{kind}_logs.s3.enabled"], held[f"{kind}_logs.s3.bucket"]) for kind in kinds]
    assert logs == [("true", deployed.outputs["logs"])] * 3


def test_without_a_bucket_nothing_is_logged(deployed, elb):
    held = attributes(deployed, elb, "plain")
    assert [key for key, value in held.items() if key.endswith("_logs.s3.enabled") and value == "true"] == []


def test_the_load_balancer_stands_in_every_zone_and_on_the_internet(deployed, elb):
    [held] = elb.describe_load_balancers(LoadBalancerArns=[balancer_of(deployed, "plain")])["LoadBalancers"]
    assert [zone["ZoneName"] for zone in held["AvailabilityZones"]] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert (held["Scheme"], held["Type"]) == ("internet-facing", "application")


WATCHED = {
    "errors": ("HTTPCode_Target_5XX_Count", "Sum"),
    "slow": ("TargetResponseTime", "p99"),
    "unhealthy": ("UnHealthyHostCount", "Maximum"),
}


def statistic(alarm):
    return alarm.get("Statistic") or alarm["ExtendedStatistic"]


def test_alarms_watch_the_balancer_and_each_service_and_say_when_it_is_over(deployed):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    held = {row["AlarmName"].rsplit("-", 1)[0]: (row["MetricName"], statistic(row)) for row in found}
    kinds = {f"guarded-{service}-{kind}": what for service in ("orders", "catalog") for kind, what in WATCHED.items()}
    assert held == {"guarded-errors": ("HTTPCode_ELB_5XX_Count", "Sum"), **kinds}
    assert {(tuple(row["AlarmActions"]), tuple(row["OKActions"])) for row in found} == {((TOPIC,), (TOPIC,))}


def test_the_alarms_dimensions_are_those_of_the_deployed_target_group(deployed):
    alarm = deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", "guarded-orders-slow")
    balancer, group = deployed.outputs["labels"]["orders"].split("/targetgroup/")
    assert alarm.outputs["dimensions"] == {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{group}"}
    assert (alarm.outputs["metricName"], alarm.outputs["extendedStatistic"]) == ("TargetResponseTime", "p99")
