"""Carry route tables, their routes and VPC endpoints into the offline account."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from offline.ec2 import found, retag, tag_specification, tags_told
from offline.handler import Aws, Handler, Properties, changed, fields, given, import_id

DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
TARGETS = {"gatewayId": "GatewayId", "natGatewayId": "NatGatewayId"}


class RouteTable(Handler):
    """`aws.ec2.RouteTable` without inline routes."""

    token = "aws:ec2/routeTable:RouteTable"
    emulates = fields("vpcId tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = tag_specification("route-table", inputs.get("tags"))
        return aws("ec2").create_route_table(VpcId=inputs["vpcId"], **tags)["RouteTable"]["RouteTableId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        table = _table(aws, id_)
        if table is None:
            return None
        return {
            "vpcId": table["VpcId"],
            "ownerId": table["OwnerId"],
            "arn": aws.arn("ec2", f"route-table/{id_}"),
            **tags_told(table),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_route_table(RouteTableId=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        retag(aws, id_, old, new)


def _table(aws: Aws, id_: str) -> dict[str, Any] | None:
    return found(lambda: aws("ec2").describe_route_tables(RouteTableIds=[id_])["RouteTables"])


class Route(Handler):
    """`aws.ec2.Route` to a gateway; its id is `r-<table><crc32 of the destination>`, as in terraform-provider-aws."""

    token = "aws:ec2/route:Route"
    emulates = fields("routeTableId") | DESTINATIONS.keys() | TARGETS.keys()

    def create(self, aws: Aws, inputs: Properties) -> str:
        chosen = {name: inputs[wire] for wire, name in {**DESTINATIONS, **TARGETS}.items() if wire in inputs}
        aws("ec2").create_route(RouteTableId=inputs["routeTableId"], **chosen)
        return _route_id(inputs["routeTableId"], _destination(inputs))

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        table = _table(aws, state["routeTableId"])
        wanted = _destination(state)
        for route in table["Routes"] if table else []:
            if wanted in [route.get(name) for name in DESTINATIONS.values()]:
                held = {wire: route.get(name) for wire, name in {**DESTINATIONS, **TARGETS}.items()}
                return given(routeTableId=state["routeTableId"], state=route["State"], origin=route["Origin"], **held)
        return None

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        where = {name: state[wire] for wire, name in DESTINATIONS.items() if state.get(wire)}
        aws("ec2").delete_route(RouteTableId=state["routeTableId"], **where)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        chosen = {name: new[wire] for wire, name in {**DESTINATIONS, **TARGETS}.items() if wire in new}
        aws("ec2").replace_route(RouteTableId=new["routeTableId"], **chosen)

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        table, destination = import_id(self.token, id_, "table_destination", "_")
        kind = "destinationPrefixListId" if destination.startswith("pl-") else "destinationCidrBlock"
        if ":" in destination:
            kind = "destinationIpv6CidrBlock"
        return _route_id(table, destination), {"routeTableId": table, kind: destination}


def _route_id(table: str, destination: str) -> str:
    return f"r-{table}{zlib.crc32(destination.encode())}"


def _destination(properties: Mapping[str, Any]) -> str:
    return next(properties[wire] for wire in DESTINATIONS if properties.get(wire))


def _association(aws: Aws, subnet_id: str) -> dict[str, Any] | None:
    """The one association of a subnet with a route table other than its VPC's main one."""
    filters = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    tables = aws("ec2").describe_route_tables(Filters=filters)["RouteTables"]
    rows = [row for table in tables for row in table["Associations"] if row.get("SubnetId") == subnet_id]
    return rows[0] if rows else None


class RouteTableAssociation(Handler):
    """`aws.ec2.RouteTableAssociation` of a subnet."""

    token = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    emulates = fields("routeTableId subnetId")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").associate_route_table(RouteTableId=inputs["routeTableId"], SubnetId=inputs["subnetId"])
        return made["AssociationId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        held = _association(aws, state["subnetId"])
        return held and {"routeTableId": held["RouteTableId"], "subnetId": held["SubnetId"]}

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        held = _association(aws, state["subnetId"])
        if held is not None:
            aws("ec2").disassociate_route_table(AssociationId=held["RouteTableAssociationId"])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """AWS gives the subnet's association a new id, while the engine keeps the old: hence `read` by the subnet."""
        held = _association(aws, new["subnetId"])
        if held is not None:
            aws("ec2").replace_route_table_association(
                AssociationId=held["RouteTableAssociationId"], RouteTableId=new["routeTableId"]
            )

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:
        subnet, _ = import_id(self.token, id_, "subnet/table")
        held = _association(aws, subnet)
        return (held["RouteTableAssociationId"] if held else id_), {"subnetId": subnet}


class VpcEndpoint(Handler):
    """`aws.ec2.VpcEndpoint`, gateway or interface."""

    token = "aws:ec2/vpcEndpoint:VpcEndpoint"
    emulates = fields(
        "vpcId serviceName vpcEndpointType policy routeTableIds subnetIds securityGroupIds privateDnsEnabled tags"
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("ec2").create_vpc_endpoint(
            VpcId=inputs["vpcId"],
            ServiceName=inputs["serviceName"],
            VpcEndpointType=inputs.get("vpcEndpointType", "Gateway"),
            PrivateDnsEnabled=inputs.get("privateDnsEnabled", False),
            **given(
                PolicyDocument=inputs.get("policy"),
                RouteTableIds=inputs.get("routeTableIds"),
                SubnetIds=inputs.get("subnetIds"),
                SecurityGroupIds=inputs.get("securityGroupIds"),
            ),
            **tag_specification("vpc-endpoint", inputs.get("tags")),
        )
        return made["VpcEndpoint"]["VpcEndpointId"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        endpoint = found(lambda: aws("ec2").describe_vpc_endpoints(VpcEndpointIds=[id_])["VpcEndpoints"])
        if endpoint is None or endpoint["State"] == "deleted":
            return None
        return {
            "vpcId": endpoint["VpcId"],
            "serviceName": endpoint["ServiceName"],
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "policy": endpoint["PolicyDocument"],
            "routeTableIds": endpoint.get("RouteTableIds", []),
            "subnetIds": endpoint.get("SubnetIds", []),
            "securityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
            "privateDnsEnabled": endpoint["PrivateDnsEnabled"],
            "networkInterfaceIds": endpoint.get("NetworkInterfaceIds", []),
            "dnsEntries": [_dns_entry(entry) for entry in endpoint.get("DnsEntries", [])],
            "state": endpoint["State"],
            "ownerId": aws.account.account_id,
            "arn": aws.arn("ec2", f"vpc-endpoint/{id_}"),
            **_addresses(aws, endpoint),
            **tags_told(endpoint),
        }

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("ec2").delete_vpc_endpoints(VpcEndpointIds=[id_])

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        kinds = {"routeTableIds": "RouteTableIds", "subnetIds": "SubnetIds", "securityGroupIds": "SecurityGroupIds"}
        changes: dict[str, Any] = {}
        for wire, api in kinds.items():
            held, wanted = set(old.get(wire) or ()), set(new.get(wire) or ())
            changes |= {f"Add{api}": sorted(wanted - held), f"Remove{api}": sorted(held - wanted)}
        if changed(old, new, "policy"):
            changes |= {"PolicyDocument": new["policy"]} if "policy" in new else {"ResetPolicy": True}
        if changed(old, new, "privateDnsEnabled"):
            changes["PrivateDnsEnabled"] = new.get("privateDnsEnabled", False)
        changes = {name: value for name, value in changes.items() if value not in ([], None)}
        if changes:
            aws("ec2").modify_vpc_endpoint(VpcEndpointId=id_, **changes)
        retag(aws, id_, old, new)


def _dns_entry(entry: Mapping[str, str]) -> Properties:
    return {"dnsName": entry["DnsName"], "hostedZoneId": entry["HostedZoneId"]}


def _addresses(aws: Aws, endpoint: Mapping[str, Any]) -> Properties:
    """The prefix list that a gateway endpoint puts into its route tables."""
    if endpoint["VpcEndpointType"] != "Gateway":
        return {"cidrBlocks": []}
    filters = [{"Name": "prefix-list-name", "Values": [endpoint["ServiceName"]]}]
    [prefixes] = aws("ec2").describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    entries = aws("ec2").get_managed_prefix_list_entries(PrefixListId=prefixes["PrefixListId"])["Entries"]
    return {"prefixListId": prefixes["PrefixListId"], "cidrBlocks": [entry["Cidr"] for entry in entries]}


HANDLERS: tuple[Handler, ...] = (RouteTable(), Route(), RouteTableAssociation(), VpcEndpoint())
INVOKES: dict[str, Any] = {}
