"""Carry VPCs, subnets, gateways to the internet, addresses and flow logs into the offline account."""

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


class InternetGateway(Handler):
    """`aws.ec2.InternetGateway`, attached to its VPC at birth."""

    token = "aws:ec2/internetGateway:InternetGateway"
    emulates = fields("vpcId tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_internet_gateway(**tag_specification("internet-gateway", inputs.get("tags")))
        id_ = made["InternetGateway"]["InternetGatewayId"]
        if "vpcId" in inputs:
            with standing(id_):
                aws("ec2").attach_internet_gateway(InternetGatewayId=id_, VpcId=inputs["vpcId"])
        return id_

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        answer = found(lambda: aws("ec2").describe_internet_gateways(InternetGatewayIds=[id_])["InternetGateways"])
        if answer is None:
            return None
        attached = [attachment["VpcId"] for attachment in answer["Attachments"]]
        return {
            "vpcId": attached[0] if attached else "",
            "ownerId": answer["OwnerId"],
            "arn": aws.arn("ec2", f"internet-gateway/{id_}"),
            **tags_told(answer),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        [gateway] = aws("ec2").describe_internet_gateways(InternetGatewayIds=[id_])["InternetGateways"]
        for attachment in gateway["Attachments"]:
            aws("ec2").detach_internet_gateway(InternetGatewayId=id_, VpcId=attachment["VpcId"])
        aws("ec2").delete_internet_gateway(InternetGatewayId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "vpcId"):
            if old.get("vpcId"):
                aws("ec2").detach_internet_gateway(InternetGatewayId=id_, VpcId=old["vpcId"])
            if new.get("vpcId"):
                aws("ec2").attach_internet_gateway(InternetGatewayId=id_, VpcId=new["vpcId"])
        retag(aws, id_, old, new)


class Eip(Handler):
    """`aws.ec2.Eip`; its id is the allocation's."""

    token = "aws:ec2/eip:Eip"
    emulates = fields("domain tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = tag_specification("elastic-ip", inputs.get("tags"))
        return aws("ec2").allocate_address(Domain=inputs.get("domain", "vpc"), **tags)["AllocationId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        address = found(lambda: aws("ec2").describe_addresses(AllocationIds=[id_])["Addresses"])
        if address is None:
            return None
        dashed = address["PublicIp"].replace(".", "-")
        place = (
            "compute-1" if aws.region == "us-east-1" else f"{aws.region}.compute"
        )  # EC2 User Guide, public DNS names
        return {
            "domain": address["Domain"],
            "allocationId": id_,
            "publicIp": address["PublicIp"],
            "publicDns": f"ec2-{dashed}.{place}.amazonaws.com",
            "arn": aws.arn("ec2", f"elastic-ip/{id_}"),
            **tags_told(address),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").release_address(AllocationId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        retag(aws, id_, old, new)


class NatGateway(Handler):
    """`aws.ec2.NatGateway` in one zone."""

    token = "aws:ec2/natGateway:NatGateway"
    emulates = fields("subnetId allocationId connectivityType tags")
    defaults: ClassVar[Mapping[str, Any]] = {"connectivityType": "public"}

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_nat_gateway(
            SubnetId=inputs["subnetId"],
            ConnectivityType=inputs.get("connectivityType", "public"),
            **given(AllocationId=inputs.get("allocationId")),
            **tag_specification("natgateway", inputs.get("tags")),
        )
        return made["NatGateway"]["NatGatewayId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        gateway = found(lambda: aws("ec2").describe_nat_gateways(NatGatewayIds=[id_])["NatGateways"])
        if gateway is None or gateway["State"] == "deleted":
            return None
        address = gateway["NatGatewayAddresses"][0]
        return given(
            subnetId=gateway["SubnetId"],
            allocationId=address.get("AllocationId"),
            connectivityType=gateway["ConnectivityType"],
            publicIp=address.get("PublicIp"),
            privateIp=address.get("PrivateIp"),
            networkInterfaceId=address.get("NetworkInterfaceId"),
            associationId=address.get("AssociationId"),
            **tags_told(gateway),
        )

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_nat_gateway(NatGatewayId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
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


HANDLERS: tuple[Handler, ...] = (Vpc(), Subnet(), InternetGateway(), Eip(), NatGateway(), FlowLog())
INVOKES: dict[str, Any] = {}
