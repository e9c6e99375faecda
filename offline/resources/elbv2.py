"""Carry load balancers into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Handler, Properties, change_tags, changed, fields, given, standing, tag_list, tag_map

BALANCER_ATTRIBUTES = {
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
}
LOGS = {
    "accessLogs": "access_logs.s3",
    "connectionLogs": "connection_logs.s3",
    "healthCheckLogs": "health_check_logs.s3",
}
UNSAID: dict[str, Any] = {
    "desyncMitigationMode": "defensive",
    "dropInvalidHeaderFields": False,
    "enableDeletionProtection": False,
    "enableHttp2": True,
    "idleTimeout": 60,
    "preserveHostHeader": False,
}
"""What an attribute is when it is not asked for (ELBv2 API, LoadBalancerAttribute)."""


def attribute_list(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Spell attributes as the API takes them: every value a text."""
    texts = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in values.items()}
    return [{"Key": key, "Value": text} for key, text in texts.items()]


def attributes_told(rows: list[dict[str, str]], names: Mapping[str, str]) -> Properties:
    """Give the attributes in *names* (wire -> key) their wire names and types."""
    held = {row["Key"]: row["Value"] for row in rows}
    return {wire: _value(held[key]) for wire, key in names.items() if key in held}


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() else text


def tagged(inputs: Properties) -> dict[str, Any]:
    """The Tags argument of a creating call; nothing without tags, since this service refuses an empty list."""
    return {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}


def tags_of(aws: Aws, arn: str) -> dict[str, str]:
    """The tags of whatever this service names by ARN."""
    [described] = aws("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"]
    return tag_map(described["Tags"])


def retag(aws: Aws, arn: str, old: Properties, new: Properties) -> None:
    """Turn the tags of *old* into those of *new*."""
    elb = aws("elbv2")
    change_tags(old, new, elb.add_tags, elb.remove_tags, ResourceArns=[arn])


def found(call: Any, key: str, **parameters: Any) -> Any:
    """The one thing that *call* describes, or None when it is gone."""
    rows = unless_gone(lambda: call(**parameters)[key], "*NotFound")
    return rows[0] if rows else None


class LoadBalancer(Handler):
    """`aws.lb.LoadBalancer`; its id is its ARN."""

    token = "aws:lb/loadBalancer:LoadBalancer"
    emulates = (
        fields("name internal loadBalancerType ipAddressType subnets securityGroups tags")
        | BALANCER_ATTRIBUTES.keys()
        | LOGS.keys()
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elbv2").create_load_balancer(
            Name=inputs["name"],
            Subnets=inputs["subnets"],
            Scheme="internal" if inputs.get("internal") else "internet-facing",
            Type=inputs.get("loadBalancerType", "application"),
            IpAddressType=inputs.get("ipAddressType", "ipv4"),
            **tagged(inputs),
            **given(SecurityGroups=inputs.get("securityGroups")),
        )
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        attributes = {key: inputs[wire] for wire, key in BALANCER_ATTRIBUTES.items() if wire in inputs}
        logs = {f"{key}.{name}": value for wire, key in LOGS.items() for name, value in inputs.get(wire, {}).items()}
        if attributes or logs:
            with standing(arn):
                aws("elbv2").modify_load_balancer_attributes(
                    LoadBalancerArn=arn, Attributes=attribute_list({**attributes, **logs})
                )
        return arn

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        balancer = found(aws("elbv2").describe_load_balancers, "LoadBalancers", LoadBalancerArns=[id_])
        if balancer is None:
            return None
        rows = aws("elbv2").describe_load_balancer_attributes(LoadBalancerArn=id_)["Attributes"]
        tags = tags_of(aws, id_)
        return {
            "name": balancer["LoadBalancerName"],
            "internal": balancer["Scheme"] == "internal",
            "loadBalancerType": balancer["Type"],
            "ipAddressType": balancer["IpAddressType"],
            "subnets": [zone["SubnetId"] for zone in balancer["AvailabilityZones"]],
            "securityGroups": balancer["SecurityGroups"],
            **attributes_told(rows, BALANCER_ATTRIBUTES),
            **{wire: _logs_told(rows, key) for wire, key in LOGS.items()},
            "arn": id_,
            "arnSuffix": id_.partition(":loadbalancer/")[2],
            "dnsName": balancer["DNSName"],
            "zoneId": balancer["CanonicalHostedZoneId"],
            "vpcId": balancer["VpcId"],
            "tags": tags,
            "tagsAll": tags,
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elbv2").delete_load_balancer(LoadBalancerArn=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        elbv2 = aws("elbv2")
        if changed(old, new, "subnets"):
            elbv2.set_subnets(LoadBalancerArn=id_, Subnets=new["subnets"])
        if changed(old, new, "securityGroups"):
            elbv2.set_security_groups(LoadBalancerArn=id_, SecurityGroups=new["securityGroups"])
        if changed(old, new, "ipAddressType"):
            elbv2.set_ip_address_type(LoadBalancerArn=id_, IpAddressType=new.get("ipAddressType", "ipv4"))
        names = {
            key: new.get(wire, UNSAID[wire]) for wire, key in BALANCER_ATTRIBUTES.items() if changed(old, new, wire)
        }
        for wire, key in LOGS.items():
            if changed(old, new, wire):
                names |= {f"{key}.{name}": value for name, value in (new.get(wire) or {"enabled": False}).items()}
        if names:
            elbv2.modify_load_balancer_attributes(LoadBalancerArn=id_, Attributes=attribute_list(names))
        retag(aws, id_, old, new)


def _logs_told(rows: list[dict[str, str]], key: str) -> Properties | None:
    """The logs of one kind; an empty prefix is none, as the AWS provider has it."""
    names = {name: f"{key}.{name}" for name in ("bucket", "enabled", "prefix")}
    told = {name: value for name, value in attributes_told(rows, names).items() if value != ""}
    return told if "bucket" in told else None


HANDLERS: tuple[Handler, ...] = (LoadBalancer(),)
INVOKES: dict[str, Any] = {}
