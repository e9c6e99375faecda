"""Carry the subnet groups and parameter groups of ElastiCache into the offline account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from offline.data_stores import first, retag, tags_of
from offline.handler import DESCRIPTION, Aws, Handler, Properties, fields, standing, tag_list


class SubnetGroup(Handler):
    """`aws.elasticache.SubnetGroup`; its id is its name."""

    token = "aws:elasticache/subnetGroup:SubnetGroup"
    emulates = fields("description name subnetIds tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        made = aws("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName=inputs["name"],
            CacheSubnetGroupDescription=inputs.get("description", DESCRIPTION),
            SubnetIds=inputs["subnetIds"],
            Tags=tag_list(inputs.get("tags")),
        )
        return made["CacheSubnetGroup"]["CacheSubnetGroupName"]

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        describe = aws("elasticache").describe_cache_subnet_groups
        group = first(describe, "CacheSubnetGroups", CacheSubnetGroupName=id_)
        if group is None:
            return None
        return {
            "name": group["CacheSubnetGroupName"],
            "description": group["CacheSubnetGroupDescription"],
            "subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]],
            "vpcId": group["VpcId"],
            "arn": group["ARN"],
        } | tags_of(aws, "elasticache", group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elasticache").delete_cache_subnet_group(CacheSubnetGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        aws("elasticache").modify_cache_subnet_group(
            CacheSubnetGroupName=id_,
            CacheSubnetGroupDescription=new.get("description", DESCRIPTION),
            SubnetIds=new["subnetIds"],
        )
        retag(aws, "elasticache", aws.arn("elasticache", f"subnetgroup:{id_}"), old, new)


def _row(name: str, value: str) -> dict[str, str]:
    return {"ParameterName": name, "ParameterValue": value}


class ParameterGroup(Handler):
    """`aws.elasticache.ParameterGroup`; its id is its name. Only what was set is read back."""

    token = "aws:elasticache/parameterGroup:ParameterGroup"
    emulates = fields("description family name parameters tags")

    def create(self, aws: Aws, inputs: Properties) -> str:
        name, cache = inputs["name"], aws("elasticache")
        cache.create_cache_parameter_group(
            CacheParameterGroupName=name,
            CacheParameterGroupFamily=inputs["family"],
            Description=inputs.get("description", DESCRIPTION),
            Tags=tag_list(inputs.get("tags")),
        )
        rows = [_row(each["name"], each["value"]) for each in inputs.get("parameters", [])]
        if rows:
            with standing(name):
                cache.modify_cache_parameter_group(CacheParameterGroupName=name, ParameterNameValues=rows)
        return name

    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        cache = aws("elasticache")
        group = first(cache.describe_cache_parameter_groups, "CacheParameterGroups", CacheParameterGroupName=id_)
        if group is None:
            return None
        rows = cache.describe_cache_parameters(CacheParameterGroupName=id_, Source="user")["Parameters"]
        return {
            "name": group["CacheParameterGroupName"],
            "family": group["CacheParameterGroupFamily"],
            "description": group["Description"],
            "parameters": [{"name": row["ParameterName"], "value": row["ParameterValue"]} for row in rows],
            "arn": group["ARN"],
        } | tags_of(aws, "elasticache", group["ARN"])

    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        aws("elasticache").delete_cache_parameter_group(CacheParameterGroupName=id_)

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        held, wanted = ({p["name"]: p["value"] for p in each.get("parameters", [])} for each in (old, new))
        rows = [_row(name, value) for name, value in wanted.items() if held.get(name) != value]
        gone = [_row(name, value) for name, value in held.items() if name not in wanted]
        if rows:
            aws("elasticache").modify_cache_parameter_group(CacheParameterGroupName=id_, ParameterNameValues=rows)
        if gone:
            aws("elasticache").reset_cache_parameter_group(CacheParameterGroupName=id_, ParameterNameValues=gone)
        retag(aws, "elasticache", aws.arn("elasticache", f"parametergroup:{id_}"), old, new)


HANDLERS: tuple[Handler, ...] = (SubnetGroup(), ParameterGroup())
INVOKES: dict[str, Any] = {}
