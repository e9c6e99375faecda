"""Carry gateways to the internet and their addresses into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from offline.ec2 import found, retag, tag_specification, tags_told
from offline.handler import Aws, Handler, Properties, changed, fields, given, standing


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


HANDLERS: tuple[Handler, ...] = (InternetGateway(), Eip(), NatGateway())
INVOKES: dict[str, Any] = {}
