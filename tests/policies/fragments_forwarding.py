"""Fragments about what a load balancer does with a request."""

from typing import Any

import pulumi_aws as aws

from tests.policies import parts
from tests.policies.fragments import breaks, keeps

BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb/0123456789abcdef"
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb/0123456789abcdef/0123456789abcdef"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/0123456789abcdef"
PATHS = [{"path_pattern": {"values": ["/api/*"]}}]


def plain(**action):
    actions: Any = [action]
    aws.lb.Listener("plain", load_balancer_arn=BALANCER, port=80, protocol="HTTP", default_actions=actions)


def rule(conditions=PATHS, **action):
    actions: Any = [action or {"type": "forward", "target_group_arn": GROUP}]
    aws.lb.ListenerRule("rule", listener_arn=LISTENER, priority=1, conditions=conditions, actions=actions)


def redirect(**to):
    plain(type="redirect", redirect={"status_code": "HTTP_301", **to})


def shared(*weights):
    rule(type="forward", forward={"target_groups": [{"arn": GROUP, "weight": each} for each in weights]})


def targets(**more):
    aws.lb.TargetGroup("targets", **more)


@breaks(
    "rule-has-a-condition",
    "aws:lb/listenerRule:ListenerRule 'rule': conditions is []; allowed: one condition or more.",
)
def rule_for_everything():
    rule(conditions=[])


@keeps("rule-has-a-condition")
def rule_for_one_path():
    rule()


@breaks(
    "redirect-leads-elsewhere",
    'aws:lb/listener:Listener \'plain\': defaultActions[0].redirect is {"port": "80", "protocol": "HTTP"}; '
    "allowed: another protocol, host, port or path.",
)
def redirect_to_itself():
    redirect(protocol="HTTP", port="80")


@breaks(
    "redirect-leads-elsewhere",
    "aws:lb/listener:Listener 'plain': defaultActions[0].redirect is not set; allowed: another protocol, "
    "host, port or path.",
)
def redirect_to_nowhere():
    redirect()


@keeps("redirect-leads-elsewhere")
def redirect_to_https():
    redirect(protocol="HTTPS", port="443")


@breaks(
    "forward-names-its-target",
    "aws:lb/listener:Listener 'plain': defaultActions[0].targetGroupArn is not set; allowed: given, as "
    "the type is forward.",
)
def forward_to_nobody():
    plain(type="forward")


@breaks(
    "forward-names-its-target",
    "aws:lb/listenerRule:ListenerRule 'rule': actions[0].fixedResponse is not set; allowed: given, as the"
    " type is fixed-response.",
)
def fixed_response_of_nothing():
    rule(type="fixed-response")


@keeps("forward-names-its-target")
def fixed_response():
    plain(type="fixed-response", fixed_response={"content_type": "text/plain", "status_code": "404"})


@breaks(
    "forward-weights",
    "aws:lb/listenerRule:ListenerRule 'rule': actions[0].forward.targetGroups[0].weight is 1000; allowed: 0 to 999.",
)
def weight_of_1000():
    shared(1000, 1)


@breaks(
    "forward-weights",
    "aws:lb/listenerRule:ListenerRule 'rule': actions[0].forward.targetGroups is 6; allowed: at most 5.",
)
def requests_for_six_groups():
    shared(1, 1, 1, 1, 1, 1)


@keeps("forward-weights")
def weights_at_their_limits():
    shared(0, 999)


@breaks(
    "target-group-is-whole",
    "aws:lb/targetGroup:TargetGroup 'targets': port is 80; allowed: not set on a group of functions.",
)
def functions_with_a_port():
    targets(target_type="lambda", port=80)


@breaks(
    "target-group-is-whole",
    "aws:lb/targetGroup:TargetGroup 'targets': vpcId is not set; allowed: given.",
)
def targets_without_a_vpc():
    targets(port=80, protocol="HTTP")


@keeps("target-group-is-whole")
def functions_alone():
    targets(target_type="lambda")


@breaks(
    "target-group-stickiness-type",
    "aws:lb/targetGroup:TargetGroup 'targets': stickiness.type is \"lb_cookie\"; allowed: source_ip.",
)
def cookie_over_tcp():
    targets(port=80, protocol="TCP", vpc_id=parts.vpc().id, stickiness={"type": "lb_cookie"})


@keeps("target-group-stickiness-type")
def address_over_tcp():
    targets(port=80, protocol="TCP", vpc_id=parts.vpc().id, stickiness={"type": "source_ip"})
