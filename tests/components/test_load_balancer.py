"""The load balancer, read back from the account that it was deployed to."""

import json
import re
from dataclasses import replace

import msgspec
import pulumi
import pulumi_aws as aws
import pytest

from components.load_balancer import LoadBalancer, LoadBalancerArgs, Service
from tests.deploying import deploy
from tests.surroundings import surroundings

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
ORDERS = Service(paths=("/orders", "/orders/*"))
CATALOG = Service(paths=("/catalog", "/catalog/*"))
PLAIN = LoadBalancerArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-1"],
    source_prefix_list_id="pl-1",
    services={"orders": ORDERS},
    port=8080,
    health_path="/health",
    idle_timeout_s=50,
    keep_alive_s=75,
    drain_s=40,
)
LONG = "a-very-long-name-of-a-load-balancer"


def program():
    found = surroundings()
    certificate = aws.acm.Certificate("certificate", domain_name="origin.example.dev", validation_method="DNS")
    plain = replace(PLAIN, vpc_id=found.vpc_id, subnet_ids=found.subnet_ids, source_prefix_list_id=found.prefix_list_id)
    guarded = replace(
        plain,
        services={"catalog": CATALOG, "orders": ORDERS},
        certificate_arn=certificate.arn,
        protect=True,
        log_bucket_name="logs",
        alarm_topic_arn=TOPIC,
    )
    LoadBalancer("plain", plain)
    LoadBalancer(LONG, replace(plain, services={LONG: ORDERS, f"{LONG}-too": CATALOG}, secret_generation=3))
    balancer = LoadBalancer("guarded", guarded)
    aws.sqs.Queue("user-of-the-secret", tags={"secret": balancer.secret_value})
    pulumi.export("certificate", certificate.arn)
    pulumi.export("sent", pulumi.Output.unsecret(balancer.secret_value))
    pulumi.export("labels", {service: group.label for service, group in balancer.target_groups.items()})


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


@pytest.fixture(scope="module")
def elb(deployed):
    return deployed.client("elbv2")


def balancer_of(deployed, name):
    return deployed.one("aws:lb/loadBalancer:LoadBalancer", name).id


def attributes(deployed, elb, name):
    rows = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer_of(deployed, name))["Attributes"]
    return {row["Key"]: row["Value"] for row in rows}


def listeners(deployed, elb, name):
    return elb.describe_listeners(LoadBalancerArn=balancer_of(deployed, name))["Listeners"]


def rules(deployed, elb, name):
    [listener] = listeners(deployed, elb, name)
    found = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    return [rule for rule in found if rule["Priority"] != "default"]


def rule_for(deployed, elb, name, path):
    [rule] = [rule for rule in rules(deployed, elb, name) if path in json.dumps(rule["Conditions"])]
    return rule


def header_values(rule):
    [header] = [row["HttpHeaderConfig"] for row in rule["Conditions"] if row["Field"] == "http-header"]
    return header["Values"]


def group_named(deployed, elb, name):
    arn = deployed.one("aws:lb/targetGroup:TargetGroup", name).id
    return elb.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]


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
    assert logs == [("true", "logs")] * 3


def test_without_a_bucket_nothing_is_logged(deployed, elb):
    held = attributes(deployed, elb, "plain")
    assert [key for key, value in held.items() if key.endswith("_logs.s3.enabled") and value == "true"] == []


def test_the_load_balancer_stands_in_every_zone_and_on_the_internet(deployed, elb):
    [held] = elb.describe_load_balancers(LoadBalancerArns=[balancer_of(deployed, "plain")])["LoadBalancers"]
    assert [zone["ZoneName"] for zone in held["AvailabilityZones"]] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert (held["Scheme"], held["Type"]) == ("internet-facing", "application")


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


def test_alarms_watch_the_balancer_and_each_service_and_say_when_it_is_over(deployed):
    found = deployed.client("cloudwatch").describe_alarms()["MetricAlarms"]
    names = {row["AlarmName"].rsplit("-", 1)[0] for row in found}
    kinds = {
        f"guarded-{service}-{kind}" for service in ("orders", "catalog") for kind in ("errors", "slow", "unhealthy")
    }
    assert names == {"guarded-errors", *kinds}
    assert {(tuple(row["AlarmActions"]), tuple(row["OKActions"])) for row in found} == {((TOPIC,), (TOPIC,))}


def test_the_alarms_dimensions_are_those_of_the_deployed_target_group(deployed):
    alarm = deployed.one("aws:cloudwatch/metricAlarm:MetricAlarm", "guarded-orders-slow")
    balancer, group = deployed.outputs["labels"]["orders"].split("/targetgroup/")
    assert alarm.outputs["dimensions"] == {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{group}"}
    assert (alarm.outputs["metricName"], alarm.outputs["extendedStatistic"]) == ("TargetResponseTime", "p99")
