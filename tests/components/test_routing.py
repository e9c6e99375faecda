"""Which request reaches which target group, read back from the account."""

import re

import msgspec
import pytest

from tests.components.balancers import LONG, balancer_of, group_named, header_values, program, rule_for, rules
from tests.deploying import deploy


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def elb(deployed):
    return deployed.client("elbv2")


def test_a_rule_forwards_its_services_paths_to_its_target_group(deployed, elb):
    rule = rule_for(deployed, elb, "guarded", "/orders")
    paths = [row["PathPatternConfig"]["Values"] for row in rule["Conditions"] if row["Field"] == "path-pattern"]
    assert paths == [["/orders", "/orders/*"]]
    assert rule["Actions"][0]["TargetGroupArn"] == group_named(deployed, elb, "guarded-orders")["TargetGroupArn"]


def test_every_rule_asks_for_the_secret_header_that_the_cdn_sends(deployed, elb):
    found = rules(deployed, elb, "guarded")
    values = [header_values(rule) for rule in found]
    assert len(found) == 2
    assert values[0] == values[1]
    assert values[0][-1] == deployed.outputs["sent"]


def test_the_rules_take_two_secrets_so_that_one_can_be_rotated(deployed, elb):
    [one, other] = header_values(rule_for(deployed, elb, "guarded", "/orders"))
    assert one != other
    assert [re.fullmatch("[A-Za-z0-9]{32}", value) is None for value in (one, other)] == [False, False]


def test_the_next_generation_keeps_the_secret_before_it(deployed):
    passwords = [row.name for row in deployed.of_type("random:index/randomPassword:RandomPassword")]
    assert [name for name in passwords if name.startswith("guarded")] == ["guarded-secret-0", "guarded-secret-1"]
    assert [name for name in passwords if name.startswith(LONG)] == [f"{LONG}-secret-2", f"{LONG}-secret-3"]


def test_the_secret_is_nowhere_in_the_recorded_resources(deployed, elb):
    recorded = msgspec.json.encode([resource for resource in deployed.graph.resources if resource.custom]).decode()
    values = header_values(rule_for(deployed, elb, "guarded", "/orders"))
    assert [value for value in values if value in recorded] == []


def test_the_secret_is_handed_out_once_every_rule_takes_it(deployed):
    user = deployed.one("aws:sqs/queue:Queue", "user-of-the-secret")
    names = {rule.urn: rule.name for rule in deployed.of_type("aws:lb/listenerRule:ListenerRule")}
    waited_for = {names[urn] for urn in user.property_dependencies["tags"] if urn in names}
    assert waited_for == {"guarded-catalog", "guarded-orders"}


def test_servers_are_checked_on_the_apps_liveness_path(deployed, elb):
    held = group_named(deployed, elb, "plain-orders")
    assert (held["Protocol"], held["Port"], held["HealthCheckProtocol"], held["HealthCheckPort"]) == (
        "HTTP", 8080, "HTTP", "traffic-port",
    )  # fmt: skip
    assert (held["HealthCheckPath"], held["Matcher"]["HttpCode"]) == ("/health", "200")
    assert (held["HealthCheckTimeoutSeconds"], held["HealthCheckIntervalSeconds"]) == (5, 10)
    assert (held["HealthyThresholdCount"], held["UnhealthyThresholdCount"]) == (2, 3)


def test_a_leaving_server_drains_and_no_customer_sticks_to_a_server(deployed, elb):
    arn = group_named(deployed, elb, "plain-orders")["TargetGroupArn"]
    rows = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    held = {row["Key"]: row["Value"] for row in rows}
    assert (held["deregistration_delay.timeout_seconds"], held["stickiness.enabled"]) == ("40", "false")


def test_target_groups_have_automatic_names_so_that_they_can_be_replaced(deployed):
    names = {group.name: group.outputs["name"] for group in deployed.of_type("aws:lb/targetGroup:TargetGroup")}
    assert re.fullmatch("guarded-orders-[0-9a-f]{7}", names["guarded-orders"])


def test_a_target_group_stands_until_the_rule_leads_to_its_replacement(deployed):
    groups = deployed.of_type("aws:lb/targetGroup:TargetGroup")
    assert {group.options.delete_before_replace for group in groups} == {False}


def test_long_names_stay_within_32_characters_and_apart(deployed, elb):
    balancers = elb.describe_load_balancers()["LoadBalancers"]
    groups = elb.describe_target_groups()["TargetGroups"]
    names = [row["LoadBalancerName"] for row in balancers] + [row["TargetGroupName"] for row in groups]
    assert [name for name in names if len(name) > 32] == []
    assert len(set(names)) == len(names) == 8


def test_another_service_moves_no_rule_to_another_priority(deployed, elb):
    alone, among = (rule_for(deployed, elb, name, "/orders")["Priority"] for name in ("plain", "guarded"))
    assert alone == among


def test_the_label_joins_both_suffixes_as_request_counting_asks(deployed, elb):
    [held] = elb.describe_load_balancers(LoadBalancerArns=[balancer_of(deployed, "guarded")])["LoadBalancers"]
    balancer = held["LoadBalancerArn"].split(":loadbalancer/")[1]
    group = group_named(deployed, elb, "guarded-orders")["TargetGroupArn"].split(":")[-1]
    assert deployed.outputs["labels"]["orders"] == f"{balancer}/{group}"
