"""Three load balancers for tests: a plain one, a guarded one and one with long names; and how to look them up."""

import json
from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components.load_balancer import LoadBalancer, LoadBalancerArgs, Service
from tests.surroundings import issued_certificate, log_bucket, surroundings

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
    certificate_arn = issued_certificate("origin.bigpicture.dev")
    bucket = log_bucket()
    plain = replace(PLAIN, vpc_id=found.vpc_id, subnet_ids=found.subnet_ids, source_prefix_list_id=found.prefix_list_id)
    guarded = replace(
        plain,
        services={"catalog": CATALOG, "orders": ORDERS},
        certificate_arn=certificate_arn,
        protect=True,
        log_bucket_name=bucket,
        alarm_topic_arn=TOPIC,
    )
    LoadBalancer("plain", plain)
    LoadBalancer(LONG, replace(plain, services={LONG: ORDERS, f"{LONG}-too": CATALOG}, secret_generation=3))
    balancer = LoadBalancer("guarded", guarded)
    aws.sqs.Queue("user-of-the-secret", tags={"secret": balancer.secret_value})
    pulumi.export("certificate", certificate_arn)
    pulumi.export("logs", bucket)
    pulumi.export("sent", pulumi.Output.unsecret(balancer.secret_value))
    pulumi.export("labels", {service: group.label for service, group in balancer.target_groups.items()})


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
