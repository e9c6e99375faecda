"""Carry security groups and their standalone rules into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.ec2 import found, retag, tag_specification, tags_told
from offline.handler import DESCRIPTION, Aws, Handler, Properties, changed, fields, given, standing, tag_list

EVERY_PROTOCOL = "-1"


def _group(aws: Aws, id_: str) -> dict[str, Any] | None:
    return found(lambda: aws("ec2").describe_security_groups(GroupIds=[id_])["SecurityGroups"])


def rules_of(aws: Aws, group_id: str) -> list[dict[str, Any]]:
    """Every rule of a group, as `describe_security_group_rules` tells them."""
    filters = [{"Name": "group-id", "Values": [group_id]}]
    return aws("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]


def revoke_all(aws: Aws, group_id: str) -> None:
    """Leave a group without one rule: AWS gives each new group an egress rule to everywhere."""
    rules = rules_of(aws, group_id)
    inbound = [rule["SecurityGroupRuleId"] for rule in rules if not rule["IsEgress"]]
    outbound = [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"]]
    if inbound:
        aws("ec2").revoke_security_group_ingress(GroupId=group_id, SecurityGroupRuleIds=inbound)
    if outbound:
        aws("ec2").revoke_security_group_egress(GroupId=group_id, SecurityGroupRuleIds=outbound)


def told(aws: Aws, group: Mapping[str, Any]) -> Properties:
    """A group's properties that its default and its ordinary kind have in common."""
    return {
        "name": group["GroupName"],
        "description": group["Description"],
        "vpcId": group["VpcId"],
        "arn": aws.arn("ec2", f"security-group/{group['GroupId']}"),
        "ownerId": group["OwnerId"],
        **tags_told(group),
    }


class SecurityGroup(Handler):
    """`aws.ec2.SecurityGroup` without inline rules; like the AWS provider it takes away AWS's rule to everywhere."""

    token = "aws:ec2/securityGroup:SecurityGroup"
    emulates = fields("name description vpcId tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_security_group(
            GroupName=inputs["name"],
            Description=inputs.get("description", DESCRIPTION),
            **given(VpcId=inputs.get("vpcId")),
            **tag_specification("security-group", inputs.get("tags")),
        )
        with standing(made["GroupId"]):
            revoke_all(aws, made["GroupId"])
        return made["GroupId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = _group(aws, id_)
        return None if group is None else told(aws, group)

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_security_group(GroupId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        retag(aws, id_, old, new)


class DefaultSecurityGroup(Handler):
    """`aws.ec2.DefaultSecurityGroup`: adopts the group that came with a VPC and takes every rule from it."""

    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    emulates = fields("vpcId tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        filters = [{"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [inputs["vpcId"]]}]
        [group] = aws("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
        revoke_all(aws, group["GroupId"])
        if inputs.get("tags"):
            aws("ec2").create_tags(Resources=[group["GroupId"]], Tags=tag_list(inputs["tags"]))
        return group["GroupId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = _group(aws, id_)
        return None if group is None else {**told(aws, group), "ingress": [], "egress": []}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Nothing, as in the AWS provider: the group goes with its VPC, and stays without a rule until then."""

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        retag(aws, id_, old, new)


RULE = {
    "cidrIpv4": "CidrIpv4",
    "cidrIpv6": "CidrIpv6",
    "description": "Description",
    "fromPort": "FromPort",
    "ipProtocol": "IpProtocol",
    "prefixListId": "PrefixListId",
    "referencedSecurityGroupId": "ReferencedGroupId",
    "toPort": "ToPort",
}


def _permission(inputs: Properties) -> dict[str, Any]:
    """One IpPermission with one peer; EC2 keeps the description with the peer."""
    text = given(Description=inputs.get("description"))
    peers = {
        "IpRanges": ("CidrIp", inputs.get("cidrIpv4")),
        "Ipv6Ranges": ("CidrIpv6", inputs.get("cidrIpv6")),
        "PrefixListIds": ("PrefixListId", inputs.get("prefixListId")),
        "UserIdGroupPairs": ("GroupId", inputs.get("referencedSecurityGroupId")),
    }
    chosen = {kind: [{key: value, **text}] for kind, (key, value) in peers.items() if value is not None}
    if len(chosen) != 1:
        raise ValueError(
            "a security group rule has"
            f" {len(chosen)} peers; allowed: exactly one of cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId"
        )
    ports = given(FromPort=inputs.get("fromPort"), ToPort=inputs.get("toPort"))
    return {"IpProtocol": inputs["ipProtocol"], **ports, **chosen}


class _Rule(Handler):
    """One rule of a group; its id is `sgr-...`."""

    emulates = fields(
        "securityGroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId"
        " description tags"
    )
    operation: str
    egress: bool

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = getattr(aws("ec2"), self.operation)(
            GroupId=inputs["securityGroupId"],
            IpPermissions=[_permission(inputs)],
            **tag_specification("security-group-rule", inputs.get("tags")),
        )
        return made["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        describe = aws("ec2").describe_security_group_rules
        rule = found(lambda: describe(SecurityGroupRuleIds=[id_])["SecurityGroupRules"])
        return None if rule is None or rule["IsEgress"] != self.egress else _rule_told(aws, rule)

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        revoke = f"revoke_security_group_{'egress' if self.egress else 'ingress'}"
        getattr(aws("ec2"), revoke)(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[id_])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if any(changed(old, new, name) for name in self.emulates - {"tags"}):
            asked = given(**{api: new.get(wire) for wire, api in RULE.items()})
            asked = {"FromPort": -1, "ToPort": -1, "Description": "", **asked}  # -1: every port, or none there are
            aws("ec2").modify_security_group_rules(
                GroupId=new["securityGroupId"],
                SecurityGroupRules=[{"SecurityGroupRuleId": id_, "SecurityGroupRule": asked}],
            )
        retag(aws, id_, old, new)


def _rule_told(aws: Aws, rule: Mapping[str, Any]) -> Properties:
    every = rule["IpProtocol"] == EVERY_PROTOCOL  # EC2 then answers -1 for both ports, and the AWS provider drops them
    return given(
        securityGroupId=rule["GroupId"],
        securityGroupRuleId=rule["SecurityGroupRuleId"],
        arn=aws.arn("ec2", f"security-group-rule/{rule['SecurityGroupRuleId']}"),
        ipProtocol=rule["IpProtocol"],
        fromPort=None if every else rule.get("FromPort"),
        toPort=None if every else rule.get("ToPort"),
        cidrIpv4=rule.get("CidrIpv4"),
        cidrIpv6=rule.get("CidrIpv6"),
        prefixListId=rule.get("PrefixListId"),
        referencedSecurityGroupId=rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        description=rule.get("Description"),
        **tags_told(rule),
    )


class SecurityGroupIngressRule(_Rule):
    """`aws.vpc.SecurityGroupIngressRule`."""

    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    operation, egress = "authorize_security_group_ingress", False


class SecurityGroupEgressRule(_Rule):
    """`aws.vpc.SecurityGroupEgressRule`."""

    token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    operation, egress = "authorize_security_group_egress", True


HANDLERS: tuple[Handler, ...] = (
    SecurityGroup(),
    DefaultSecurityGroup(),
    SecurityGroupIngressRule(),
    SecurityGroupEgressRule(),
)
INVOKES: dict[str, Any] = {}
