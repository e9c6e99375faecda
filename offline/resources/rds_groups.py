"""Carry the subnet groups and parameter groups of RDS into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.data_stores import first, retag, tags_of
from offline.handler import DESCRIPTION, Aws, Handler, Properties, fields, standing, tag_list


class SubnetGroup(Handler):
    """`aws.rds.SubnetGroup`; its id is its name."""

    token = "aws:rds/subnetGroup:SubnetGroup"
    emulates = fields("description name subnetIds tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("rds").create_db_subnet_group(
            DBSubnetGroupName=inputs["name"],
            DBSubnetGroupDescription=inputs.get("description", DESCRIPTION),
            SubnetIds=inputs["subnetIds"],
            Tags=tag_list(inputs.get("tags")),
        )
        return made["DBSubnetGroup"]["DBSubnetGroupName"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        group = first(aws("rds").describe_db_subnet_groups, "DBSubnetGroups", DBSubnetGroupName=id_)
        if group is None:
            return None
        return {
            "name": group["DBSubnetGroupName"],
            "description": group["DBSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "vpcId": group["VpcId"],
            "arn": group["DBSubnetGroupArn"],
        } | tags_of(aws, "rds", group["DBSubnetGroupArn"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("rds").delete_db_subnet_group(DBSubnetGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws("rds").modify_db_subnet_group(
            DBSubnetGroupName=id_,
            DBSubnetGroupDescription=new.get("description", DESCRIPTION),
            SubnetIds=new["subnetIds"],
        )
        retag(aws, "rds", aws.arn("rds", f"subgrp:{id_}"), old, new)


class ParameterGroup(Handler):
    """`aws.rds.ParameterGroup`; its id is its name. An omitted `applyMethod` is `immediate`, as in pulumi-aws."""

    token = "aws:rds/parameterGroup:ParameterGroup"
    emulates = fields("description family name parameters tags")
    records = fields("skipDestroy")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, rds = inputs["name"], aws("rds")
        rds.create_db_parameter_group(
            DBParameterGroupName=name,
            DBParameterGroupFamily=inputs["family"],
            Description=inputs.get("description", DESCRIPTION),
            Tags=tag_list(inputs.get("tags")),
        )
        rows = [_row(parameter) for parameter in inputs.get("parameters", [])]
        if rows:
            with standing(name):
                rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=rows)
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        rds = aws("rds")
        group = first(rds.describe_db_parameter_groups, "DBParameterGroups", DBParameterGroupName=id_)
        if group is None:
            return None
        rows = rds.describe_db_parameters(DBParameterGroupName=id_)["Parameters"]
        return {
            "name": group["DBParameterGroupName"],
            "family": group["DBParameterGroupFamily"],
            "description": group["Description"],
            "parameters": [_parameter(row) for row in rows],
            "arn": group["DBParameterGroupArn"],
        } | tags_of(aws, "rds", group["DBParameterGroupArn"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        if not state.get("skipDestroy"):
            aws("rds").delete_db_parameter_group(DBParameterGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        held, wanted = ([_row(each) for each in bag.get("parameters", [])] for bag in (old, new))
        names = {row["ParameterName"] for row in wanted}
        if rows := [row for row in wanted if row not in held]:
            aws("rds").modify_db_parameter_group(DBParameterGroupName=id_, Parameters=rows)
        if gone := [row for row in held if row["ParameterName"] not in names]:
            aws("rds").reset_db_parameter_group(DBParameterGroupName=id_, Parameters=gone)
        retag(aws, "rds", aws.arn("rds", f"pg:{id_}"), old, new)


def _row(parameter: Properties) -> dict[str, str]:
    method = parameter.get("applyMethod", "immediate")
    return {"ParameterName": parameter["name"], "ParameterValue": parameter["value"], "ApplyMethod": method}


def _parameter(row: dict[str, str]) -> Properties:
    return {"name": row["ParameterName"], "value": row["ParameterValue"], "applyMethod": row["ApplyMethod"]}


HANDLERS: tuple[Handler, ...] = (SubnetGroup(), ParameterGroup())
INVOKES: dict[str, Any] = {}
