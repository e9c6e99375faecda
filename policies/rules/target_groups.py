"""Rules of target groups and of the listener rules that lead to them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import Severity, resource_rule, stack_rule
from policies.rules.load_balancer import API, BALANCER, GUIDE, LB_NAME, LISTENER, LISTENER_RULE, SUBNET, TARGET_GROUP
from policies.stack import Stack
from policies.values import Fault, Properties

ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
GROUP = "aws:autoscaling/group:Group"
HEALTH = f"{GUIDE}target-group-health-checks.html"
RULES = f"{GUIDE}listener-rules.html"
HTTP = ("HTTP", "HTTPS")


@resource_rule(
    TARGET_GROUP, source=f"{API}CreateTargetGroup.html", fix="write it as allowed, or leave it out: Pulumi makes one"
)
def target_group_name(group: Resource) -> Iterator[Fault]:
    """A target group's name has at most 32 letters, digits and inner hyphens."""
    allowed = "1 to 32 of A-Z, a-z, 0-9 and -, no - at either end"
    yield from group.matching("name", LB_NAME.replace("(?!internal-)", ""), allowed)


@resource_rule(
    TARGET_GROUP,
    source=f"{API}CreateTargetGroup.html",
    fix="leave the name out: Pulumi makes one that is new each time",
)
def target_group_name_fixed(group: Resource) -> Iterator[Fault]:
    """A target group that is replaced exists twice for a while: with a fixed name the second one is refused."""
    name = group.text("name")
    if name and not re.search(r"[-_][0-9a-f]{7,}$", name):
        yield group.fault("name", "no fixed name, or one that ends in a hash of what replaces it")


@resource_rule(TARGET_GROUP, source=f"{API}CreateTargetGroup.html", fix="use a port within the range")
def target_group_port(group: Resource) -> Iterator[Fault]:
    """Targets listen on one of the ports 1 to 65535."""
    yield from group.between("port", 1, 65535)


@resource_rule(TARGET_GROUP, source=HEALTH, fix="set health_check within AWS's ranges")
def target_group_health_ranges(group: Resource) -> Iterator[Fault]:
    """A health check comes every 5 to 300 s, waits 2 to 120 s, and counts 2 to 10 answers."""
    check = group.part("healthCheck")
    yield from check.between("interval", 5, 300)
    yield from check.between("timeout", 2, 120)
    yield from check.between("healthyThreshold", 2, 10)
    yield from check.between("unhealthyThreshold", 2, 10)


@resource_rule(TARGET_GROUP, source=HEALTH, fix="make health_check.timeout shorter than its interval")
def target_group_health_timeout(group: Resource) -> Iterator[Fault]:
    """AWS refuses a health check that waits as long as its interval or longer."""
    check = group.part("healthCheck")
    timeout, interval = check.number("timeout"), check.number("interval") or 30
    if timeout is not None and timeout >= interval:
        yield check.fault("timeout", f"less than the interval of {interval} s")


@resource_rule(TARGET_GROUP, source=HEALTH, fix="begin the path with /")
def target_group_health_path(group: Resource) -> Iterator[Fault]:
    """A health check asks for a path, which begins with /, of at most 1024 characters."""
    yield from group.part("healthCheck").matching("path", r"/.{0,1023}", "a path that begins with /")


@resource_rule(TARGET_GROUP, source=HEALTH, fix='list codes of 200 to 499, such as "200" or "200-299"')
def target_group_health_matcher(group: Resource) -> Iterator[Fault]:
    """A healthy answer is one of the codes 200 to 499; an application load balancer takes no others."""
    check = group.part("healthCheck")
    codes = [int(code) for code in re.findall(r"\d+", check.text("matcher"))]
    malformed = not re.fullmatch(r"\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*", check.text("matcher"))
    if (
        "matcher" in check
        and group.text("protocol") in HTTP
        and (malformed or not all(200 <= each <= 499 for each in codes))
    ):
        yield check.fault("matcher", "codes or ranges of 200 to 499")


@resource_rule(TARGET_GROUP, source=HEALTH, fix="set health_check.protocol to HTTP or HTTPS")
def target_group_health_protocol(group: Resource) -> Iterator[Fault]:
    """An HTTP target group is checked over HTTP or HTTPS; AWS refuses TCP."""
    check = group.part("healthCheck")
    if group.text("protocol") in HTTP:
        yield from check.one_of("protocol", *HTTP)


@resource_rule(
    TARGET_GROUP, source=f"{GUIDE}edit-target-group-attributes.html", fix="set deregistration_delay within the range"
)
def target_group_delay(group: Resource) -> Iterator[Fault]:
    """A target that leaves may finish its requests for at most an hour."""
    yield from group.between("deregistrationDelay", 0, 3600)


@stack_rule(TARGET_GROUP, source=f"{GUIDE}edit-target-group-attributes.html", fix="set stickiness.enabled to False",
            severity=Severity.ADVISORY)  # fmt: skip
def target_group_stickiness(group: Resource, stack: Stack) -> Iterator[Fault]:
    """With sessions in a store of their own, stickiness only keeps load on servers that are full."""
    if stack.of("aws:elasticache/replicationGroup:ReplicationGroup") and group.flag("stickiness.enabled"):
        yield group.fault("stickiness.enabled", "false")


@stack_rule(
    TARGET_GROUP, source=RULES, fix="lead a listener's default action or a rule to it", severity=Severity.ADVISORY
)
def target_group_is_reached(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A target group that no listener leads to gets no request, and its health checks do not even run."""
    used = [each for type_, path in ((LISTENER, "defaultActions"), (LISTENER_RULE, "actions"))
            for each in stack.referring(type_, path, group)]  # fmt: skip
    if not used and stack.of(LISTENER):
        yield group.fault("arn", "an action that leads to it", got="in no listener and no rule")


@stack_rule(TARGET_GROUP, source=f"{API}CreateTargetGroup.html", fix="put the target group into the VPC of its servers")
def target_group_vpc(group: Resource, stack: Stack) -> Iterator[Fault]:
    """A server can join target groups of its own VPC only."""
    for fleet in stack.referring(GROUP, "targetGroupArns", group):
        vpcs = {each.text("vpcId") for each in stack.referred(fleet, "vpcZoneIdentifiers", SUBNET)}
        if vpcs and group.text("vpcId") not in vpcs:
            yield group.fault("vpcId", f"the VPC of {fleet.name}")


@resource_rule(LISTENER_RULE, source=f"{API}CreateRule.html", fix="use a priority within the range")
def rule_priority(rule: Resource) -> Iterator[Fault]:
    """A rule's priority is 1 to 50000."""
    yield from rule.between("priority", 1, 50_000)


@stack_rule(LISTENER_RULE, source=f"{API}CreateRule.html", fix="give each rule of a listener a priority of its own")
def rule_priority_once(rule: Resource, stack: Stack) -> Iterator[Fault]:
    """Two rules of one listener may not share a priority (PriorityInUse)."""
    for listener in stack.referred(rule, "listenerArn", LISTENER):
        others = [each for each in stack.referring(LISTENER_RULE, "listenerArn", listener) if each is not rule]
        if "priority" in rule and any(each.get("priority") == rule.get("priority") for each in others):
            yield rule.fault("priority", f"a priority that no other rule of {listener.name} has")


@resource_rule(LISTENER_RULE, source=RULES, fix="split the rule")
def rule_condition_values(rule: Resource) -> Iterator[Fault]:
    """The conditions of one rule hold at most 5 values and 6 wildcards together."""
    values = [value for each in rule.parts("conditions") for value in _values(each)]
    wildcards = sum(value.count("*") + value.count("?") for value in values)
    if len(values) > 5 or wildcards > 6:
        yield rule.fault("conditions", "5 values and 6 wildcards", got=f"{len(values)} values, {wildcards} wildcards")


@resource_rule(LISTENER_RULE, source=f"{API}HttpHeaderConditionConfig.html", fix="shorten the header's name or value")
def rule_header(rule: Resource) -> Iterator[Fault]:
    """A header condition takes a name of at most 40 characters and values of at most 128."""
    for header in rule.parts("conditions"):
        form, allowed = r"[!#$%&'*+.^_`|~A-Za-z0-9-]{1,40}", "1 to 40 characters of an HTTP header's name"
        yield from header.matching("httpHeader.httpHeaderName", form, allowed)
        if any(len(value) > 128 for value in header.known_texts("httpHeader.values")):
            yield header.fault("httpHeader.values", "values of at most 128 characters")


@resource_rule(LISTENER_RULE, source=f"{API}SourceIpConditionConfig.html", fix="write it as CIDR, such as 192.0.2.0/24")
def rule_source_address(rule: Resource) -> Iterator[Fault]:
    """A source-IP condition takes CIDR blocks."""
    for condition in rule.parts("conditions"):
        wrong = [each for each in condition.known_texts("sourceIp.values") if not _is_network(each)]
        if wrong:
            yield condition.fault("sourceIp.values", "CIDR blocks", got=wrong)


@stack_rule(
    LISTENER_RULE, LISTENER, source=f"{API}CreateRule.html", fix="use a target group of the load balancer's VPC"
)
def rule_target_vpc(rule: Resource, stack: Stack) -> Iterator[Fault]:
    """A load balancer sends requests to target groups of its own VPC."""
    path = "actions" if rule.type == LISTENER_RULE else "defaultActions"
    listeners = stack.referred(rule, "listenerArn", LISTENER) if rule.type == LISTENER_RULE else [rule]
    balancers = [found for each in listeners for found in stack.referred(each, "loadBalancerArn", BALANCER)]
    vpcs = {subnet.text("vpcId") for each in balancers for subnet in stack.referred(each, "subnets", SUBNET)}
    for group in stack.referred(rule, path, TARGET_GROUP):
        if vpcs and group.text("vpcId") and group.text("vpcId") not in vpcs:
            yield rule.fault(path, "target groups of the load balancer's VPC", got=group.name)


@stack_rule(ATTACHMENT, source=f"{API}RegisterTargets.html", fix="give what the group's target_type says")
def target_of_its_kind(attachment: Resource, stack: Stack) -> Iterator[Fault]:
    """A target group takes instances, addresses, functions or load balancers, one kind of them."""
    forms = {
        "instance": r"i-[0-9a-f]+",
        "ip": r"[0-9a-f.:]+",
        "lambda": "arn:.+:function:.+",
        "alb": "arn:.+:loadbalancer/.+",
    }
    for group in stack.referred(attachment, "targetGroupArn", TARGET_GROUP):
        kind = group.text("targetType") or "instance"
        yield from attachment.matching("targetId", forms[kind], f"what a group of type {kind} takes")


def _values(condition: Properties) -> Iterator[str]:
    for path in (
        "hostHeader.values",
        "httpHeader.values",
        "httpRequestMethod.values",
        "pathPattern.values",
        "sourceIp.values",
    ):
        yield from condition.known_texts(path)
    for pair in condition.parts("queryStrings") if condition.is_known("queryStrings") else []:
        yield from pair.known_texts("value")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text
