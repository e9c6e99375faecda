"""The load balancer between services, read back from the account: who may call, what it leads where, who watches."""

import pulumi
import pytest

from components.fleet import Connection, Fleet, Target, Targets
from components.internal_balancer import InternalBalancer, InternalBalancerArgs, Service
from tests.components.balancers import attributes, balancer_of, group_named, listeners, rules
from tests.deploying import deploy
from tests.surroundings import fleet_args, log_bucket, surroundings

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
PATHS = ["/internal/payments", "/internal/payments/*"]


def program():
    found = surroundings()
    args = InternalBalancerArgs(
        vpc_id=found.vpc_id,
        subnet_ids=found.subnet_ids,
        services={"payments": Service(paths=PATHS)},
        port=8080,
        health_path="/health",
        idle_timeout_s=50,
        keep_alive_s=75,
        drain_s=40,
        protect=True,
        log_bucket_name=log_bucket(),
        alarm_topic_arn=TOPIC,
    )
    calls = InternalBalancer("calls", args)
    [group] = calls.target_groups.values()
    target = Target(arn=group.arn, label=group.label)
    targets = Targets(
        groups={"payments": target}, sources={"calls": calls.security_group_id}, requests_per_server_minute=9
    )
    door = Connection(security_group_id=calls.security_group_id, port=calls.port)
    Fleet("called", fleet_args(found, targets=targets))
    Fleet("calling", fleet_args(found, connections={"services": door}))
    pulumi.export("url", calls.url)


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def elb(deployed):
    return deployed.client("elbv2")


def group_id(deployed, name):
    return deployed.one("aws:ec2/securityGroup:SecurityGroup", name).id


def test_only_the_fleet_that_calls_is_let_in_and_only_the_fleet_that_is_called_is_led_to(deployed):
    filters = [{"Name": "group-id", "Values": [group_id(deployed, "calls")]}]
    found = deployed.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    seen = {(row["IsEgress"], row["FromPort"], row["ToPort"], row["ReferencedGroupInfo"]["GroupId"]) for row in found}
    assert seen == {(False, 80, 80, group_id(deployed, "calling")), (True, 8080, 8080, group_id(deployed, "called"))}


def test_it_has_no_public_address_and_stands_in_every_zone(deployed, elb):
    [held] = elb.describe_load_balancers(LoadBalancerArns=[balancer_of(deployed, "calls")])["LoadBalancers"]
    assert (held["Scheme"], held["Type"], len(held["AvailabilityZones"])) == ("internal", "application", 3)
    assert deployed.outputs["url"] == f"http://{held['DNSName']}"


def test_a_called_services_paths_lead_to_its_target_group_without_a_secret(deployed, elb):
    [rule] = rules(deployed, elb, "calls")
    assert [row["PathPatternConfig"]["Values"] for row in rule["Conditions"]] == [PATHS]
    assert rule["Actions"][0]["TargetGroupArn"] == deployed.one("aws:lb/targetGroup:TargetGroup").id


def test_all_other_paths_are_answered_404_over_plain_http(deployed, elb):
    [listener] = listeners(deployed, elb, "calls")
    [action] = listener["DefaultActions"]
    assert (listener["Port"], listener["Protocol"]) == (80, "HTTP")
    assert (action["Type"], action["FixedResponseConfig"]["StatusCode"]) == ("fixed-response", "404")


def test_it_is_as_careful_as_the_customers_balancer(deployed, elb):
    held = attributes(deployed, elb, "calls")
    assert held["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert (held["deletion_protection.enabled"], held["idle_timeout.timeout_seconds"]) == ("true", "50")
    assert {held[f"{kind}_logs.s3.enabled"] for kind in ("access", "connection", "health_check")} == {"true"}


def test_a_leaving_server_drains_and_is_checked_on_the_apps_liveness_path(deployed, elb):
    group = group_named(deployed, elb, "calls-payments")
    found = elb.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])["Attributes"]
    assert (group["HealthCheckPath"], group["Port"]) == ("/health", 8080)
    assert {"Key": "deregistration_delay.timeout_seconds", "Value": "40"} in found


def test_alarms_watch_it_and_each_called_service(deployed):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    told = {row["AlarmName"].rsplit("-", 1)[0]: row["AlarmActions"] for row in found if row["AlarmActions"]}
    names = ("errors", "payments-errors", "payments-slow", "payments-unhealthy")
    assert told == {f"calls-{name}": [TOPIC] for name in names}


def test_a_number_that_aws_would_refuse_is_refused_with_the_fix():
    fields = {"vpc_id": "vpc-1", "subnet_ids": [], "services": {}, "port": 8080, "health_path": "/health"}
    with pytest.raises(ValueError, match=r"services is \{\}; allowed: 1 to 100 services\. Fix: services"):
        InternalBalancerArgs(**fields, idle_timeout_s=50, keep_alive_s=75, drain_s=40)
