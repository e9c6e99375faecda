"""Servers behind load balancers: instances, launch templates, groups, and how they scale."""

import base64
import json
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.policies.examples import example
from tests.policies.examples.networks import ANYWHERE, network, public, zones
from tests.policies.examples.static_sites import CERTIFICATE, private

BALANCER = "https://www.pulumi.com/registry/packages/aws/api-docs/lb"
SCALING = "https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling"
TLS = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
IMAGE = "ami-0c55b159cbfafe1f0"
OUT: Any = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": [ANYWHERE]}


def opened(name, vpc, *ports, **to):
    """A security group that lets TCP in on these ports, and everything out."""
    given = to or {"cidr_blocks": [ANYWHERE]}
    rules: Any = [{"protocol": "tcp", "from_port": port, "to_port": port, **given} for port in ports]
    return aws.ec2.SecurityGroup(name, vpc_id=vpc.id, description=f"of {name}", ingress=rules, egress=[OUT])


def balancer(vpc, *ports, **more):
    group = opened("balancer", vpc, *ports)
    subnets = [each.id for each in public(vpc)]
    given = {"load_balancer_type": "application", "drop_invalid_header_fields": True, **more}
    return aws.lb.LoadBalancer("web", security_groups=[group.id], subnets=subnets, **given), group


def listening(lb, action, **more):
    """An HTTPS listener."""
    given = {"port": 443, "protocol": "HTTPS", "ssl_policy": TLS, "certificate_arn": CERTIFICATE, **more}
    return aws.lb.Listener("https", load_balancer_arn=lb.arn, default_actions=[action], **given)


def to(group) -> Any:
    return {"type": "forward", "target_group_arn": group.arn}


def targets(vpc, name="web", **more):
    return aws.lb.TargetGroup(name, **{"port": 8080, "protocol": "HTTP", "vpc_id": vpc.id, **more})


def template(vpc, callers, **more):
    servers = opened("servers", vpc, 8080, security_groups=[callers.id])
    given = {
        "image_id": IMAGE,
        "instance_type": "m5.large",
        "monitoring": {"enabled": True},
        "metadata_options": {"http_tokens": "required", "http_endpoint": "enabled"},
        "vpc_security_group_ids": [servers.id],
        "user_data": base64.b64encode(b"#!/bin/bash\ndnf install -y nginx\n").decode(),
    }
    return aws.ec2.LaunchTemplate("web", **{**given, **more})


def fleet(vpc, launched, *groups, name="web", **more):
    """A group of servers in private subnets that replaces them bit by bit."""
    given = {
        "min_size": 1,
        "max_size": 4,
        "vpc_zone_identifiers": [each.id for each in zones(vpc)],
        "launch_template": {"id": launched.id, "version": launched.latest_version},
        "instance_refresh": {
            "strategy": "Rolling",
            "preferences": {"min_healthy_percentage": 100, "max_healthy_percentage": 200},
        },
    }
    if groups:
        given |= {"target_group_arns": [each.arn for each in groups], "health_check_type": "ELB",
                  "health_check_grace_period": 300}  # fmt: skip
    return aws.autoscaling.Group(name, **{**given, **more})


@example(f"{BALANCER}/loadbalancer/")
def secure_web_tier():
    vpc = network()
    lb, callers = balancer(vpc, 80, 443)
    group = targets(vpc, health_check={"path": "/health", "matcher": "200"})
    listening(lb, to(group))
    redirect: Any = {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}}
    aws.lb.Listener("http", load_balancer_arn=lb.arn, port=80, protocol="HTTP", default_actions=[redirect])
    fleet(vpc, template(vpc, callers), group)


@example("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html")
def internal_balancer_of_two_services():
    vpc = network()
    clients = opened("clients", vpc, 443, cidr_blocks=[vpc.cidr_block])
    lb = aws.lb.LoadBalancer("inner", internal=True, load_balancer_type="application", security_groups=[clients.id],
                             subnets=[each.id for each in zones(vpc)], idle_timeout=4000, name="a" * 32,
                             drop_invalid_header_fields=True)  # fmt: skip
    orders, users = targets(vpc, "orders"), targets(vpc, "users", port=65535)
    https = listening(lb, {"type": "fixed-response", "fixed_response": {
        "content_type": "text/plain", "message_body": "not here", "status_code": "404"}})  # fmt: skip
    for priority, (path, group) in enumerate([("/orders/*", orders), ("/users/*", users)], start=49_999):
        aws.lb.ListenerRule(path, listener_arn=https.arn, priority=priority, actions=[to(group)],
                            conditions=[{"path_pattern": {"values": [path]}}])  # fmt: skip


@example("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html")
def rules_of_every_condition():
    vpc = network()
    lb, _ = balancer(vpc, 443)
    group = targets(vpc)
    https = listening(lb, to(group))
    conditions = {
        "host": [{"host_header": {"values": ["*.example.com", "example.org"]}}],
        "header": [{"http_header": {"http_header_name": "X-Forwarded-For", "values": ["192.168.1.*"]}}],
        "query": [{"query_strings": [{"key": "health", "value": "check"}, {"value": "bar"}]}],
        "source": [{"source_ip": {"values": ["192.0.2.0/24", "198.51.100.10/32"]}}],
        "five-values": [{"path_pattern": {"values": ["/a", "/b", "/c"]}},
                        {"http_request_method": {"values": ["GET", "HEAD"]}}],
    }  # fmt: skip
    for priority, (name, each) in enumerate(conditions.items(), start=1):
        aws.lb.ListenerRule(name, listener_arn=https.arn, priority=priority, actions=[to(group)], conditions=each)


@example(f"{BALANCER}/listenerrule/")
def two_versions_by_weight():
    vpc = network()
    lb, _ = balancer(vpc, 443)
    blue, green = targets(vpc, "blue"), targets(vpc, "green")
    listening(lb, {"type": "forward", "forward": {
        "target_groups": [{"arn": blue.arn, "weight": 999}, {"arn": green.arn, "weight": 0}],
        "stickiness": {"enabled": False, "duration": 600},
    }})  # fmt: skip


@example(f"{BALANCER}/targetgroup/")
def target_groups_at_their_limits():
    vpc = network()
    slow = {"path": "/", "interval": 300, "timeout": 120, "healthy_threshold": 10, "unhealthy_threshold": 10,
            "matcher": "200-499", "port": "traffic-port"}  # fmt: skip
    quick = {"path": "/health?full=1", "interval": 5, "timeout": 2, "healthy_threshold": 2, "unhealthy_threshold": 2,
             "matcher": "200,202", "protocol": "HTTPS", "port": "8443"}  # fmt: skip
    lb, _ = balancer(vpc, 443)
    first = targets(vpc, "slow", port=1, deregistration_delay=3600, slow_start=900, health_check=slow)
    second = targets(vpc, "quick", protocol="HTTPS", port=443, deregistration_delay=0, slow_start=30,
                     health_check=quick, load_balancing_algorithm_type="round_robin")  # fmt: skip
    https = listening(lb, to(first))
    aws.lb.ListenerRule("second", listener_arn=https.arn, actions=[to(second)], priority=50_000,
                        conditions=[{"path_pattern": {"values": ["/" + "a" * 127]}}])  # fmt: skip


@example(f"{BALANCER}/targetgroup/")
def containers_by_address():
    vpc = network()
    lb, _ = balancer(vpc, 443)
    group = targets(vpc, "ip", target_type="ip")
    listening(lb, to(group))
    aws.lb.TargetGroupAttachment("one", target_group_arn=group.arn, target_id="10.0.0.17", port=80)


@example("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html")
def balancer_of_a_function():
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]})  # fmt: skip
    role = aws.iam.Role("function", assume_role_policy=trust)
    code = pulumi.AssetArchive({"index.py": pulumi.StringAsset("def handler(event, context): return {}")})
    function = aws.lambda_.Function("f", role=role.arn, runtime="python3.13", handler="index.handler", code=code)
    group = aws.lb.TargetGroup("f", target_type="lambda")
    allowed = aws.lambda_.Permission("f", action="lambda:InvokeFunction", function=function.name, source_arn=group.arn,
                                     principal="elasticloadbalancing.amazonaws.com")  # fmt: skip
    aws.lb.TargetGroupAttachment("f", target_group_arn=group.arn, target_id=function.arn,
                                 opts=pulumi.ResourceOptions(depends_on=[allowed]))  # fmt: skip
    lb, _ = balancer(network(), 443)
    listening(lb, to(group))


@example("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-network-load-balancer.html")
def network_balancer():
    vpc = network()
    lb = aws.lb.LoadBalancer("nlb", load_balancer_type="network", subnets=[each.id for each in public(vpc)],
                             enable_cross_zone_load_balancing=True)  # fmt: skip
    group = aws.lb.TargetGroup("tcp", port=443, protocol="TCP", vpc_id=vpc.id, preserve_client_ip="true",
                               health_check={"protocol": "TCP", "interval": 10, "healthy_threshold": 3})  # fmt: skip
    aws.lb.Listener("tls", load_balancer_arn=lb.arn, port=443, protocol="TLS", certificate_arn=CERTIFICATE,
                    ssl_policy=TLS, default_actions=[to(group)])  # fmt: skip


@example("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html")
def balancer_that_writes_its_log():
    bucket = aws.s3.Bucket("logs")
    policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject", "Resource": pulumi.Output.concat(bucket.arn, "/web/AWSLogs/123456789012/*"),
    }]})  # fmt: skip
    block = private("logs", bucket)
    let_in = aws.s3.BucketPolicy("logs", bucket=bucket.id, policy=policy,
                                 opts=pulumi.ResourceOptions(depends_on=[block]))  # fmt: skip
    vpc = network()
    group = targets(vpc)
    lb, _ = balancer(vpc, 443, access_logs={"bucket": bucket.id, "prefix": "web", "enabled": True},
                     opts=pulumi.ResourceOptions(depends_on=[let_in]))  # fmt: skip
    listening(lb, to(group))
