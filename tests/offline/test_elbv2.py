"""Load balancers, target groups, listeners and rules read back from the offline account."""

import pulumi_aws as aws
import pytest

from offline.resources.elbv2_listeners import spell_action
from tests.deploying import deploy
from tests.surroundings import log_bucket, surroundings

TAGS = {"project": "bigpicture"}


def program():
    found = surroundings()
    balancer = aws.lb.LoadBalancer(
        "balancer",
        subnets=found.subnet_ids,
        access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=log_bucket(), enabled=True),
        tags=TAGS,
    )
    group = aws.lb.TargetGroup("group", port=80, protocol="HTTP", vpc_id=found.vpc_id, slow_start=30, tags=TAGS)
    action = aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)
    listener = aws.lb.Listener(
        "listener", load_balancer_arn=balancer.arn, port=80, protocol="HTTP", default_actions=[action], tags=TAGS
    )
    host = aws.lb.ListenerRuleConditionHostHeaderArgs(values=["shop.example.dev"])
    aws.lb.ListenerRule(
        "rule",
        listener_arn=listener.arn,
        priority=7,
        conditions=[aws.lb.ListenerRuleConditionArgs(host_header=host)],
        actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn)],
        tags=TAGS,
    )


@pytest.fixture(scope="module")
def deployed():
    return deploy(program)


def test_the_suffixes_are_the_dimensions_that_cloudwatch_knows(deployed):
    balancer, group = deployed.one("aws:lb/loadBalancer:LoadBalancer"), deployed.one("aws:lb/targetGroup:TargetGroup")
    assert balancer.outputs["arnSuffix"] == balancer.id.split(":loadbalancer/")[1]
    assert group.outputs["arnSuffix"] == f"targetgroup/{group.id.split(':targetgroup/')[1]}"


def test_a_load_balancer_says_where_it_answers(deployed):
    balancer = deployed.one("aws:lb/loadBalancer:LoadBalancer")
    [held] = deployed.client("elbv2").describe_load_balancers(LoadBalancerArns=[balancer.id])["LoadBalancers"]
    assert (balancer.outputs["dnsName"], balancer.outputs["zoneId"]) == (held["DNSName"], held["CanonicalHostedZoneId"])


def test_logs_and_attributes_read_back_in_their_wire_types(deployed):
    balancer, group = deployed.one("aws:lb/loadBalancer:LoadBalancer"), deployed.one("aws:lb/targetGroup:TargetGroup")
    bucket = deployed.one("aws:s3/bucket:Bucket").id
    assert balancer.outputs["accessLogs"] == {"bucket": bucket, "enabled": True}
    assert (balancer.outputs["enableDeletionProtection"], group.outputs["slowStart"]) == (False, 30)


def test_a_rule_belongs_to_its_listener_and_keeps_its_conditions(deployed):
    rule = deployed.one("aws:lb/listenerRule:ListenerRule").outputs
    assert rule["listenerArn"] == deployed.one("aws:lb/listener:Listener").id
    assert rule["conditions"] == [{"hostHeader": {"values": ["shop.example.dev"]}}]
    assert rule["priority"] == 7


def test_each_of_them_carries_its_tags(deployed):
    tagged = [
        resource.outputs["tagsAll"] for resource in deployed.graph.resources if resource.type.startswith("aws:lb/")
    ]
    assert tagged == [TAGS] * 4


def test_an_action_that_is_not_carried_is_refused_by_name():
    with pytest.raises(ValueError, match="redirect of an action is not carried; carried: "):
        spell_action({"type": "redirect", "redirect": {"statusCode": "HTTP_301"}})
