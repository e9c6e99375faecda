"""Carry listeners of load balancers and their rules into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.handler import Aws, Handler, Properties, changed, fields, given
from offline.resources.elbv2 import found, retag, tagged, tags_of
from offline.spelling import to_api, to_wire

ACTION_BLOCKS = {"fixedResponse": "FixedResponseConfig"}
ACTION_FIELDS = fields("type targetGroupArn order") | ACTION_BLOCKS.keys()
CONDITIONS = {
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpHeader": ("http-header", "HttpHeaderConfig"),
    "pathPattern": ("path-pattern", "PathPatternConfig"),
}


def spell_action(action: Properties) -> dict[str, Any]:
    """One action; ValueError for a kind that is not carried."""
    dropped = sorted(action.keys() - ACTION_FIELDS)
    if dropped:
        raise ValueError(
            f"{', '.join(dropped)} of an action is not carried; carried: {', '.join(sorted(ACTION_FIELDS))}"
        )
    return {ACTION_BLOCKS.get(key, key[0].upper() + key[1:]): to_api(value) for key, value in action.items()}


def _action_told(action: Mapping[str, Any]) -> Properties:
    """One action, without the ForwardConfig in which AWS repeats a lone target group."""
    wires = {api: wire for wire, api in ACTION_BLOCKS.items()}
    kept = {key: value for key, value in action.items() if key != "ForwardConfig"}
    return {wires.get(key, key[0].lower() + key[1:]): to_wire(value) for key, value in kept.items()}


def _condition(condition: Properties) -> dict[str, Any]:
    """One condition; KeyError names a kind that is not carried."""
    [(kind, block)] = condition.items()
    field, config = CONDITIONS[kind]
    return {"Field": field, config: to_api(block)}


def _condition_told(condition: Mapping[str, Any]) -> Properties:
    [(kind, config)] = [(wire, api) for wire, (field, api) in CONDITIONS.items() if field == condition["Field"]]
    return {kind: to_wire(condition[config])}


def _listener(inputs: Properties) -> dict[str, Any]:
    """A listener's parameters, the same in CreateListener and ModifyListener."""
    certificate = inputs.get("certificateArn")
    return given(
        DefaultActions=[spell_action(action) for action in inputs["defaultActions"]],
        Port=inputs.get("port"),
        Protocol=inputs.get("protocol"),
        SslPolicy=inputs.get("sslPolicy"),
        Certificates=[{"CertificateArn": certificate}] if certificate else None,
    )


class Listener(Handler):
    """`aws.lb.Listener`; its id is its ARN."""

    token = "aws:lb/listener:Listener"
    emulates = fields("loadBalancerArn port protocol sslPolicy certificateArn defaultActions tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elbv2").create_listener(
            LoadBalancerArn=inputs["loadBalancerArn"], **_listener(inputs), **tagged(inputs)
        )
        return made["Listeners"][0]["ListenerArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        listener = found(aws("elbv2").describe_listeners, "Listeners", ListenerArns=[id_])
        if listener is None:
            return None
        certificates = listener.get("Certificates") or [{}]
        tags = tags_of(aws, id_)
        return {
            "loadBalancerArn": listener["LoadBalancerArn"],
            "port": listener["Port"],
            "protocol": listener["Protocol"],
            "sslPolicy": listener.get("SslPolicy"),
            "certificateArn": certificates[0].get("CertificateArn"),
            "defaultActions": [_action_told(action) for action in listener["DefaultActions"]],
            "arn": id_,
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elbv2").delete_listener(ListenerArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if any(changed(old, new, name) for name in self.emulates - {"tags"}):
            aws("elbv2").modify_listener(ListenerArn=id_, **_listener(new))
        retag(aws, id_, old, new)


class ListenerRule(Handler):
    """`aws.lb.ListenerRule`; its id is its ARN."""

    token = "aws:lb/listenerRule:ListenerRule"
    emulates = fields("listenerArn priority conditions actions tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elbv2").create_rule(
            ListenerArn=inputs["listenerArn"],
            Priority=inputs["priority"],
            Conditions=[_condition(condition) for condition in inputs["conditions"]],
            Actions=[spell_action(action) for action in inputs["actions"]],
            **tagged(inputs),
        )
        return made["Rules"][0]["RuleArn"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        rule = found(aws("elbv2").describe_rules, "Rules", RuleArns=[id_])
        if rule is None:
            return None
        tags = tags_of(aws, id_)
        return {
            "listenerArn": id_.replace(":listener-rule/", ":listener/").rpartition("/")[0],
            "priority": int(rule["Priority"]),
            "conditions": [_condition_told(condition) for condition in rule["Conditions"]],
            "actions": [_action_told(action) for action in rule["Actions"]],
            "arn": id_,
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elbv2").delete_rule(RuleArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "priority"):
            order = [{"RuleArn": id_, "Priority": new["priority"]}]
            aws("elbv2").set_rule_priorities(RulePriorities=order)
        if changed(old, new, "conditions", "actions"):
            aws("elbv2").modify_rule(
                RuleArn=id_,
                Conditions=[_condition(condition) for condition in new["conditions"]],
                Actions=[spell_action(action) for action in new["actions"]],
            )
        retag(aws, id_, old, new)


HANDLERS: tuple[Handler, ...] = (Listener(), ListenerRule())
INVOKES: dict[str, Any] = {}
