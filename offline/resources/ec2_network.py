"""Carry VPCs, subnets and flow logs into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from offline.ec2 import found, retag, tag_specification, tags_told
from offline.handler import Aws, Handler, Properties, changed, fields, given, standing

VPC_SWITCHES = {
    "enableDnsSupport": ("EnableDnsSupport", True),
    "enableDnsHostnames": ("EnableDnsHostnames", False),
    "enableNetworkAddressUsageMetrics": ("EnableNetworkAddressUsageMetrics", False),
}
"""Wire name -> EC2's name and the AWS provider's default."""


def _of_vpc(vpc_id: str, **more: str) -> list[dict[str, Any]]:
    pairs = {"vpc-id": vpc_id, **{key.replace("_", "-"): value for key, value in more.items()}}
    return [{"Name": name, "Values": [value]} for name, value in pairs.items()]


class Vpc(Handler):
    """`aws.ec2.Vpc`."""

    token = "aws:ec2/vpc:Vpc"
    emulates = fields("cidrBlock instanceTenancy tags") | VPC_SWITCHES.keys()
    defaults: ClassVar[Mapping[str, Any]] = {"instanceTenancy": "default", "enableDnsSupport": True}

    def create(self, aws: Aws, inputs: Properties) -> str:
        ec2 = aws("ec2")
        made = ec2.create_vpc(
            CidrBlock=inputs["cidrBlock"],
            **given(InstanceTenancy=inputs.get("instanceTenancy")),
            **tag_specification("vpc", inputs.get("tags")),
        )
        id_ = made["Vpc"]["VpcId"]
        with standing(id_):
            for wire, (name, default) in VPC_SWITCHES.items():
                ec2.modify_vpc_attribute(VpcId=id_, **{name: {"Value": inputs.get(wire, default)}})
        return id_

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        vpc = found(lambda: aws("ec2").describe_vpcs(VpcIds=[id_])["Vpcs"])
        if vpc is None:
            return None
        return {
            "cidrBlock": vpc["CidrBlock"],
            "instanceTenancy": vpc["InstanceTenancy"],
            "dhcpOptionsId": vpc["DhcpOptionsId"],
            "ownerId": vpc.get("OwnerId", aws.account.account_id),
            "arn": aws.arn("ec2", f"vpc/{id_}"),
            **_switches(aws, id_),
            **_came_along(aws, id_),
            **tags_told(vpc),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_vpc(VpcId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        for wire, (name, default) in VPC_SWITCHES.items():
            if changed(old, new, wire):
                aws("ec2").modify_vpc_attribute(VpcId=id_, **{name: {"Value": new.get(wire, default)}})
        if changed(old, new, "instanceTenancy"):
            aws("ec2").modify_vpc_tenancy(VpcId=id_, InstanceTenancy="default")  # AWS allows no other change
        retag(aws, id_, old, new)


def _switches(aws: Aws, vpc_id: str) -> Properties:
    ask = aws("ec2").describe_vpc_attribute
    names = {wire: name[0].lower() + name[1:] for wire, (name, _) in VPC_SWITCHES.items()}
    return {
        wire: ask(VpcId=vpc_id, Attribute=name)[name[0].upper() + name[1:]]["Value"] for wire, name in names.items()
    }


def _came_along(aws: Aws, vpc_id: str) -> Properties:
    """What AWS makes with each VPC: its main route table, network ACL and default security group."""
    ec2 = aws("ec2")
    [table] = ec2.describe_route_tables(Filters=_of_vpc(vpc_id, **{"association.main": "true"}))["RouteTables"]
    [acl] = ec2.describe_network_acls(Filters=_of_vpc(vpc_id, default="true"))["NetworkAcls"]
    [group] = ec2.describe_security_groups(Filters=_of_vpc(vpc_id, group_name="default"))["SecurityGroups"]
    return {
        "mainRouteTableId": table["RouteTableId"],
        "defaultRouteTableId": table["RouteTableId"],
        "defaultNetworkAclId": acl["NetworkAclId"],
        "defaultSecurityGroupId": group["GroupId"],
    }


class Subnet(Handler):
    """`aws.ec2.Subnet`, IPv4."""

    token = "aws:ec2/subnet:Subnet"
    emulates = fields("vpcId cidrBlock availabilityZone mapPublicIpOnLaunch tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_subnet(
            VpcId=inputs["vpcId"],
            CidrBlock=inputs["cidrBlock"],
            **given(AvailabilityZone=inputs.get("availabilityZone")),
            **tag_specification("subnet", inputs.get("tags")),
        )
        id_ = made["Subnet"]["SubnetId"]
        public = {"Value": inputs.get("mapPublicIpOnLaunch", False)}
        with standing(id_):
            aws("ec2").modify_subnet_attribute(SubnetId=id_, MapPublicIpOnLaunch=public)
        return id_

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        subnet = found(lambda: aws("ec2").describe_subnets(SubnetIds=[id_])["Subnets"])
        if subnet is None:
            return None
        return {
            "vpcId": subnet["VpcId"],
            "cidrBlock": subnet["CidrBlock"],
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet["AvailabilityZoneId"],
            "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
            "ownerId": subnet["OwnerId"],
            "arn": subnet["SubnetArn"],
            **tags_told(subnet),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_subnet(SubnetId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "mapPublicIpOnLaunch"):
            public = {"Value": new.get("mapPublicIpOnLaunch", False)}
            aws("ec2").modify_subnet_attribute(SubnetId=id_, MapPublicIpOnLaunch=public)
        retag(aws, id_, old, new)


class FlowLog(Handler):
    """`aws.ec2.FlowLog` of a VPC."""

    token = "aws:ec2/flowLog:FlowLog"
    emulates = fields("vpcId trafficType logDestination logDestinationType iamRoleArn maxAggregationInterval tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_flow_logs(
            ResourceType="VPC",
            ResourceIds=[inputs["vpcId"]],
            TrafficType=inputs["trafficType"],
            LogDestination=inputs["logDestination"],
            LogDestinationType=inputs.get("logDestinationType", "cloud-watch-logs"),
            MaxAggregationInterval=inputs.get("maxAggregationInterval", 600),
            **given(DeliverLogsPermissionArn=inputs.get("iamRoleArn")),
            **tag_specification("vpc-flow-log", inputs.get("tags")),
        )
        return made["FlowLogIds"][0]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        log = found(lambda: aws("ec2").describe_flow_logs(FlowLogIds=[id_])["FlowLogs"])
        if log is None:
            return None
        return given(
            vpcId=log["ResourceId"],
            trafficType=log["TrafficType"],
            logDestination=log["LogDestination"],
            logDestinationType=log["LogDestinationType"],
            iamRoleArn=log.get("DeliverLogsPermissionArn"),
            maxAggregationInterval=log["MaxAggregationInterval"],
            logFormat=log["LogFormat"],
            arn=aws.arn("ec2", f"vpc-flow-log/{id_}"),
            **tags_told(log),
        )

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_flow_logs(FlowLogIds=[id_])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        retag(aws, id_, old, new)


HANDLERS: tuple[Handler, ...] = (Vpc(), Subnet(), FlowLog())
INVOKES: dict[str, Any] = {}
