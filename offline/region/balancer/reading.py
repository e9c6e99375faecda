"""Read a load balancer from the account: its listeners, rules in order, groups, and who is registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.region.balancer.table import Action, Check, Condition, Group, Listener, Rule, Table, Target
from offline.region.process import RegionError

VALUES = {
    "path-pattern": "PathPatternConfig",
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}


def read(elbv2: Any, arn: str, addresses: Mapping[str, str]) -> Table:
    """The load balancer *arn*; *addresses* is instance -> address, and a target without one does not run yet.

    RegionError, by name, for a condition or an action that the proxy does not know.
    """
    listeners = tuple(_listener(elbv2, each) for each in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"])
    named = {group for listener in listeners for rule in listener.rules for group in rule.action.groups}
    listed = elbv2.get_paginator("describe_target_groups").paginate().search("TargetGroups[]")
    groups = [each for each in listed if each["TargetGroupArn"] in named]
    attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    idle = {each["Key"]: each["Value"] for each in attributes}.get("idle_timeout.timeout_seconds", "60")
    return Table(
        name=arn.partition(":loadbalancer/")[2],
        listeners=listeners,
        groups=tuple(_group(elbv2, each, addresses) for each in groups),
        idle_s=float(idle),
    )


def _listener(elbv2: Any, listener: Mapping[str, Any]) -> Listener:
    rules = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    ordered = sorted(map(_rule, rules), key=lambda rule: (rule.priority == 0, rule.priority))
    return Listener(port=listener["Port"], protocol=listener["Protocol"], rules=tuple(ordered))


def _rule(rule: Mapping[str, Any]) -> Rule:
    conditions, action = tuple(map(_condition, rule["Conditions"])), _action(rule["Actions"][-1])
    return Rule(conditions=conditions, action=action, priority=0 if rule["IsDefault"] else int(rule["Priority"]))


def _condition(condition: Mapping[str, Any]) -> Condition:
    field = condition["Field"]
    if field not in VALUES:
        raise RegionError(f"a rule asks for {field}; allowed offline: {', '.join(VALUES)}. Fix: another condition")
    config = condition.get(VALUES[field], {})
    given = config.get("Values") or condition.get("Values", [])
    if field == "query-string":
        keys = tuple(each.get("Key", "") for each in given)
        return Condition(field=field, values=tuple(each["Value"] for each in given), keys=keys)
    return Condition(field=field, values=tuple(given), header=config.get("HttpHeaderName", ""))


def _action(action: Mapping[str, Any]) -> Action:
    match action["Type"]:
        case "forward":
            return Action(groups=_groups(action))
        case "fixed-response":
            config = action["FixedResponseConfig"]
            type_ = config.get("ContentType", "text/plain")
            return Action(status=int(config["StatusCode"]), content_type=type_, body=config.get("MessageBody", ""))
        case "redirect":
            return _redirect(action["RedirectConfig"])
    raise RegionError(
        f"a rule ends in {action['Type']}; allowed offline: forward, fixed-response, redirect. Fix: these"
    )


def _groups(action: Mapping[str, Any]) -> dict[str, int]:
    """Without a weight a group has 1 (Elastic Load Balancing, "Forward actions")."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or [action]
    return {each["TargetGroupArn"]: each.get("Weight", 1) for each in groups}


def _redirect(config: Mapping[str, Any]) -> Action:
    """What is not given stays as it was asked for (ELBv2 API, RedirectActionConfig)."""
    protocol, port = config.get("Protocol", "#{protocol}"), config.get("Port", "#{port}")
    host, path, query = config.get("Host", "#{host}"), config.get("Path", "/#{path}"), config.get("Query", "#{query}")
    status = int(config["StatusCode"].removeprefix("HTTP_"))
    return Action(status=status, location=f"{protocol}://{host}:{port}{path}?{query}")


def _group(elbv2: Any, group: Mapping[str, Any], addresses: Mapping[str, str]) -> Group:
    arn = group["TargetGroupArn"]
    rows = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    registered = [row["Target"] for row in rows]
    check = Check(
        path=group["HealthCheckPath"],
        interval_s=group["HealthCheckIntervalSeconds"],
        timeout_s=group["HealthCheckTimeoutSeconds"],
        healthy_after=group["HealthyThresholdCount"],
        unhealthy_after=group["UnhealthyThresholdCount"],
        codes=group["Matcher"]["HttpCode"],
    )
    targets = tuple(
        Target(id=each["Id"], address=addresses[each["Id"]], port=each["Port"])
        for each in registered
        if each["Id"] in addresses
    )
    rows = elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    told = {each["Key"]: each["Value"] for each in rows}
    return Group(
        arn=arn,
        check=check,
        targets=targets,
        drain_s=float(told.get("deregistration_delay.timeout_seconds", 300)),
        slow_start_s=float(told.get("slow_start.duration_seconds", 0)),
    )
