"""Carry the target groups of load balancers into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.handler import Aws, Handler, Properties, changed, fields, given, standing
from offline.resources.elbv2 import attribute_list, attributes_told, found, retag, tagged, tags_of

GROUP_ATTRIBUTES = {
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "slowStart": "slow_start.duration_seconds",
}
UNSAID: dict[str, Any] = {"deregistrationDelay": 300, "loadBalancingAlgorithmType": "round_robin", "slowStart": 0}
"""What an attribute is when it is not asked for (ELBv2 API, TargetGroupAttribute)."""
STICKINESS = {
    "cookieDuration": "stickiness.lb_cookie.duration_seconds",
    "enabled": "stickiness.enabled",
    "type": "stickiness.type",
}
HEALTH_CHECK = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}


def _check(check: Properties) -> dict[str, Any]:
    """A health check's parameters, the same in CreateTargetGroup and ModifyTargetGroup."""
    asked = {api: check[wire] for wire, api in HEALTH_CHECK.items() if wire in check}
    return {**asked, **({"Matcher": {"HttpCode": check["matcher"]}} if "matcher" in check else {})}


class TargetGroup(Handler):
    """`aws.lb.TargetGroup`; its id is its ARN."""

    token = "aws:lb/targetGroup:TargetGroup"
    emulates = (
        fields("name port protocol protocolVersion targetType vpcId healthCheck stickiness tags")
        | GROUP_ATTRIBUTES.keys()
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elbv2").create_target_group(
            Name=inputs["name"],
            **tagged(inputs),
            **_check(inputs.get("healthCheck") or {}),
            **given(
                Port=inputs.get("port"),
                Protocol=inputs.get("protocol"),
                ProtocolVersion=inputs.get("protocolVersion"),
                TargetType=inputs.get("targetType"),
                VpcId=inputs.get("vpcId"),
            ),
        )
        arn = made["TargetGroups"][0]["TargetGroupArn"]
        sticky = inputs.get("stickiness", {})
        attributes = {key: inputs[wire] for wire, key in GROUP_ATTRIBUTES.items() if wire in inputs}
        attributes.update({key: sticky[wire] for wire, key in STICKINESS.items() if wire in sticky})
        if attributes:
            with standing(arn):
                aws("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=attribute_list(attributes))
        return arn

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = found(aws("elbv2").describe_target_groups, "TargetGroups", TargetGroupArns=[id_])
        if group is None:
            return None
        rows = aws("elbv2").describe_target_group_attributes(TargetGroupArn=id_)["Attributes"]
        tags = tags_of(aws, id_)
        check = {wire: group[api] for wire, api in HEALTH_CHECK.items() if api in group}
        return {
            "name": group["TargetGroupName"],
            "port": group["Port"],
            "protocol": group["Protocol"],
            "protocolVersion": group.get("ProtocolVersion"),
            "targetType": group["TargetType"],
            "vpcId": group["VpcId"],
            "healthCheck": {**check, "matcher": group["Matcher"]["HttpCode"]},
            **attributes_told(rows, GROUP_ATTRIBUTES),
            "stickiness": attributes_told(rows, STICKINESS),
            "arn": id_,
            "arnSuffix": id_.rpartition(":")[2],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elbv2").delete_target_group(TargetGroupArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        check = new.get("healthCheck") or {}
        if changed(old, new, "healthCheck") and check:
            aws("elbv2").modify_target_group(TargetGroupArn=id_, **_check(check))
        names = {key: new.get(wire, UNSAID[wire]) for wire, key in GROUP_ATTRIBUTES.items() if changed(old, new, wire)}
        if changed(old, new, "stickiness"):
            sticky = new.get("stickiness") or {"enabled": False}
            names |= {key: sticky[wire] for wire, key in STICKINESS.items() if wire in sticky}
        if names:
            aws("elbv2").modify_target_group_attributes(TargetGroupArn=id_, Attributes=attribute_list(names))
        retag(aws, id_, old, new)


HANDLERS: tuple[Handler, ...] = (TargetGroup(),)
INVOKES: dict[str, Any] = {}
