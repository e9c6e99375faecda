"""Rules of what a load balancer does with a request: conditions, redirects, target groups to forward to."""

from __future__ import annotations

from collections.abc import Iterator

from policies.resource import Resource
from policies.rule import resource_rule
from policies.rules.load_balancer import API, LISTENER, LISTENER_RULE, TARGET_GROUP
from policies.values import Fault, Properties, of_each

NEEDED = ("port", "protocol", "vpcId")
SAME = {"host": "#{host}", "path": "/#{path}", "port": "#{port}", "protocol": "#{protocol}"}
"""Part of a redirect -> what it is when it is not given: the request's own."""
STICKY = {"HTTP": ("lb_cookie", "app_cookie"), "HTTPS": ("lb_cookie", "app_cookie"), "GENEVE": (
    "source_ip_dest_ip", "source_ip_dest_ip_proto")}  # fmt: skip
"""Protocol -> the kinds of stickiness that it has; TCP, TLS and UDP have source_ip alone."""


@resource_rule(LISTENER_RULE, source=f"{API}CreateRule.html", fix="give a path_pattern or a host_header")
def rule_has_a_condition(rule: Resource) -> Iterator[Fault]:
    """A rule says which requests it is for; what is for all the others is the listener's default action."""
    if not rule.get("conditions"):
        yield rule.fault("conditions", "one condition or more")


@resource_rule(LISTENER, LISTENER_RULE, source=f"{API}RedirectActionConfig.html",
               fix="redirect to another protocol, host, port or path")  # fmt: skip
def redirect_leads_elsewhere(listener: Resource) -> Iterator[Fault]:
    """A redirect changes protocol, host, port or path; the load balancer refuses one that leads to itself."""
    yield from of_each(_actions(listener), lambda action: _redirect(action, listener))


@resource_rule(LISTENER, LISTENER_RULE, source=f"{API}Action.html", fix="give target_group_arn, or forward")
def forward_names_its_target(listener: Resource) -> Iterator[Fault]:
    """An action carries what its type needs: forward a target group, redirect and fixed-response their own block."""
    yield from of_each(_actions(listener), _named)


@resource_rule(LISTENER, LISTENER_RULE, source=f"{API}ForwardActionConfig.html",
               fix="use at most 5 target groups with weights of 0 to 999")  # fmt: skip
def forward_weights(listener: Resource) -> Iterator[Fault]:
    """An action divides requests among at most 5 target groups, by weights of 0 to 999."""
    yield from of_each(_actions(listener), _weights)


@resource_rule(TARGET_GROUP, source=f"{API}CreateTargetGroup.html",
               fix="give port, protocol and vpc_id; of a group of type lambda none of them")  # fmt: skip
def target_group_is_whole(group: Resource) -> Iterator[Fault]:
    """A group of servers has a port, a protocol and a VPC; a group of functions has none of these."""
    function = group.text("targetType") == "lambda"
    for name in NEEDED:
        if (name in group) is function:
            yield group.fault(name, "not set on a group of functions" if function else "given")


@resource_rule(TARGET_GROUP, source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html",
               fix="use lb_cookie for HTTP, and source_ip for TCP")  # fmt: skip
def target_group_stickiness_type(group: Resource) -> Iterator[Fault]:
    """HTTP sticks by cookies and TCP by addresses; a group refuses the other's kind."""
    kinds = STICKY.get(group.text("protocol"), ("source_ip",))
    if "protocol" in group:
        yield from of_each(group.parts("stickiness"), lambda each: each.one_of("type", *kinds))


def _actions(listener: Resource) -> list[Properties]:
    return listener.parts("defaultActions" if listener.type == LISTENER else "actions")


def _redirect(action: Properties, listener: Resource) -> Iterator[Fault]:
    own = SAME | {part: text for part in ("protocol", "port") for text in listener.known_texts(part)}
    redirect = action.part("redirect")
    given = {part: redirect.text(part) for part in SAME if part in redirect}
    if redirect.keys() and all(text in (SAME[part], own[part]) for part, text in given.items()):
        yield action.fault("redirect", "another protocol, host, port or path", got=given or None)


def _named(action: Properties) -> Iterator[Fault]:
    type_ = action.text("type")
    needed = {"forward": ("targetGroupArn", "forward"), "redirect": ("redirect",), "fixed-response": ("fixedResponse",)}
    paths = needed.get(type_, ())
    if paths and not any(path in action for path in paths):
        yield action.fault(paths[0], f"given, as the type is {type_}")


def _weights(action: Properties) -> Iterator[Fault]:
    groups = action.parts("forward.targetGroups")
    for group in groups:
        yield from group.between("weight", 0, 999)
    if len(groups) > 5:
        yield action.fault("forward.targetGroups", "at most 5", got=len(groups))
