"""Fragments about target groups and the rules that lead to them."""

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps


def checked(**health):
    parts.reached(health_check=aws.lb.TargetGroupHealthCheckArgs(**health))


def rule(name="rule", *, priority=1, listener=None, group=None, **condition):
    if listener is None:
        within = parts.vpc()
        group = parts.target_group(within=within)
        listener = parts.listener(parts.balancer(within=within), group)
    aws.lb.ListenerRule(
        name,
        listener_arn=listener.arn,
        priority=priority,
        actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=group.arn if group else None)],
        conditions=[aws.lb.ListenerRuleConditionArgs(**condition)],
    )


def paths(*values):
    return aws.lb.ListenerRuleConditionPathPatternArgs(values=list(values))


def header(name, *values):
    return aws.lb.ListenerRuleConditionHttpHeaderArgs(http_header_name=name, values=list(values))


@breaks(
    "target-group-name",
    "aws:lb/targetGroup:TargetGroup 'tg': name is \"aaaaaaaaaaaaaaaaaaaaaaaaa-0000000\"; allowed: 1 to 32 "
    "of A-Z, a-z, 0-9 and -, no - at either end.",
)
def group_name_of_33():
    parts.reached(name="a" * 25 + "-" + "0" * 7)


@keeps("target-group-name")
def group_name_of_32():
    parts.reached(name="a" * 24 + "-" + "0" * 7)


@breaks(
    "target-group-name-fixed",
    "aws:lb/targetGroup:TargetGroup 'tg': name is \"shop\"; allowed: no fixed name, or one that ends in a "
    "hash of what replaces it.",
)
def fixed_group_name():
    parts.reached(name="shop")


@keeps("target-group-name-fixed")
def name_with_a_hash():
    parts.reached(name="shop-0a1b2c3")


@breaks(
    "target-group-port",
    "aws:lb/targetGroup:TargetGroup 'tg': port is 70000; allowed: 1 to 65535.",
)
def targets_on_70000():
    parts.reached(port=70_000)


@keeps("target-group-port")
def targets_on_65535():
    parts.reached(port=65_535)


@breaks(
    "target-group-health-ranges",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.interval is 4; allowed: 5 to 300.",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.timeout is 1; allowed: 2 to 120.",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.healthyThreshold is 1; allowed: 2 to 10.",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.unhealthyThreshold is 11; allowed: 2 to 10.",
)
def checked_every_second():
    checked(interval=4, timeout=1, healthy_threshold=1, unhealthy_threshold=11)


@keeps("target-group-health-ranges")
def checked_as_often_as_can_be():
    checked(interval=5, timeout=2, healthy_threshold=2, unhealthy_threshold=10)


@keeps("target-group-health-ranges")
def checked_as_seldom_as_can_be():
    checked(interval=300, timeout=120, healthy_threshold=10, unhealthy_threshold=2)


@breaks(
    "target-group-health-timeout",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.timeout is 10; allowed: less than the interval of 10 s.",
)
def waits_as_long_as_the_interval():
    checked(interval=10, timeout=10)


@keeps("target-group-health-timeout")
def waits_a_second_less_than_the_interval():
    checked(interval=10, timeout=9)


@breaks(
    "target-group-health-path",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.path is \"health\"; allowed: a path that begins with /.",
)
def path_without_a_slash():
    checked(path="health")


@keeps("target-group-health-path")
def path_of_a_slash():
    checked(path="/")


@breaks(
    "target-group-health-matcher",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.matcher is \"200-600\"; allowed: codes or ranges of 200 to 499.",
)
def healthy_by_600():
    checked(matcher="200-600")


@keeps("target-group-health-matcher")
def healthy_by_a_range():
    checked(matcher="200-399,499")


@breaks(
    "target-group-health-protocol",
    "aws:lb/targetGroup:TargetGroup 'tg': healthCheck.protocol is \"TCP\"; allowed: HTTP or HTTPS.",
)
def http_checked_over_tcp():
    checked(protocol="TCP")


@keeps("target-group-health-protocol")
def http_checked_over_https():
    checked(protocol="HTTPS")


@breaks(
    "target-group-delay",
    "aws:lb/targetGroup:TargetGroup 'tg': deregistrationDelay is 3601; allowed: 0 to 3600.",
)
def leaves_after_an_hour():
    parts.reached(deregistration_delay=3601)


@keeps("target-group-delay")
def leaves_within_an_hour():
    parts.reached(deregistration_delay=3600)


@breaks(
    "target-group-stickiness",
    "aws:lb/targetGroup:TargetGroup 'tg': stickiness.enabled is true; allowed: false.",
)
def sticky_beside_a_session_store():
    parts.reached(stickiness=aws.lb.TargetGroupStickinessArgs(type="lb_cookie", enabled=True))
    aws.elasticache.ReplicationGroup("sessions", description="sessions")


@breaks(
    "target-group-is-reached",
    "aws:lb/targetGroup:TargetGroup 'other': arn is \"in no listener and no rule\"; allowed: an action "
    "that leads to it.",
)
def group_beside_the_listener():
    within = parts.vpc()
    parts.listener(parts.balancer(within=within), parts.target_group(within=within))
    parts.target_group("other", within=within)


@keeps("target-group-is-reached")
def group_of_a_listener():
    parts.reached()


@breaks(
    "target-group-vpc",
    "aws:lb/targetGroup:TargetGroup 'tg': vpcId is \"other-id\"; allowed: the VPC of fleet.",
)
def group_of_another_vpc():
    within, other = parts.vpc(), parts.vpc("other", "10.1.0.0/16")
    group = parts.target_group(within=other)
    aws.autoscaling.Group(
        "fleet", min_size=1, max_size=1, vpc_zone_identifiers=[each.id for each in parts.subnets(within)],
        target_group_arns=[group.arn],
    )  # fmt: skip


@breaks(
    "rule-priority",
    "aws:lb/listenerRule:ListenerRule 'rule': priority is 60000; allowed: 1 to 50000.",
)
def priority_of_60000():
    rule(priority=60_000, path_pattern=paths("/a"))


@keeps("rule-priority")
def priority_of_50000():
    rule(priority=50_000, path_pattern=paths("/a"))


@breaks(
    "rule-priority-once",
    "aws:lb/listenerRule:ListenerRule 'a': priority is 1; allowed: a priority that no other rule of listener has.",
    "aws:lb/listenerRule:ListenerRule 'b': priority is 1; allowed: a priority that no other rule of listener has.",
)
def two_rules_of_one_priority():
    within = parts.vpc()
    group = parts.target_group(within=within)
    listener = parts.listener(parts.balancer(within=within), group)
    rule("a", listener=listener, group=group, path_pattern=paths("/a"))
    rule("b", listener=listener, group=group, path_pattern=paths("/b"))


@keeps("rule-priority-once")
def two_rules_of_two_priorities():
    within = parts.vpc()
    group = parts.target_group(within=within)
    listener = parts.listener(parts.balancer(within=within), group)
    rule("a", listener=listener, group=group, path_pattern=paths("/a"))
    rule("b", listener=listener, group=group, priority=2, path_pattern=paths("/b"))


@breaks(
    "rule-condition-values",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions is \"6 values, 0 wildcards\"; allowed: 5 values "
    "and 6 wildcards.",
)
def six_paths():
    rule(path_pattern=paths("/a", "/b", "/c", "/d", "/e", "/f"))


@breaks(
    "rule-condition-values",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions is \"2 values, 7 wildcards\"; allowed: 5 values "
    "and 6 wildcards.",
)
def seven_wildcards():
    rule(path_pattern=paths("/*/*/*", "/?/?/?/?"))


@keeps("rule-condition-values")
def five_paths_with_six_wildcards():
    rule(path_pattern=paths("/a/*/*", "/b/*", "/c/*", "/d/*", "/e/*"))


@breaks(
    "rule-header",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions[0].httpHeader.httpHeaderName is "
    '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; allowed: 1 to 40 characters of an HTTP header\'s name.',
)
def header_of_41():
    rule(http_header=header("x" * 41, "yes"))


@breaks(
    "rule-header",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions[0].httpHeader.values is "
    '["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa... (133 '
    "characters); allowed: values of at most 128 characters.",
)
def header_value_of_129():
    rule(http_header=header("x-secret", "a" * 129))


@keeps("rule-header")
def header_of_40_and_value_of_128():
    rule(http_header=header("x" * 40, "a" * 128))


@breaks(
    "rule-source-address",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions[0].sourceIp.values is [\"10.0.0.0/33\", "
    '"10.0.0.1"]; allowed: CIDR blocks.',
)
def address_that_is_none():
    rule(source_ip=aws.lb.ListenerRuleConditionSourceIpArgs(values=["10.0.0.0/33", "10.0.0.1"]))


@keeps("rule-source-address")
def one_address():
    rule(source_ip=aws.lb.ListenerRuleConditionSourceIpArgs(values=["192.0.2.1/32"]))


@breaks(
    "rule-target-vpc",
    "aws:lb/listenerRule:ListenerRule 'rule': actions is \"other\"; allowed: target groups of the load balancer's VPC.",
)
def rule_into_another_vpc():
    within = parts.vpc()
    listener = parts.listener(parts.balancer(within=within), parts.target_group("own", within=within))
    other = parts.target_group("other", within=parts.vpc("other", "10.1.0.0/16"))
    rule(listener=listener, group=other, path_pattern=paths("/a"))
