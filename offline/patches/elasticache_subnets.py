"""ElastiCache subnet groups: moto 5.2.5 can neither change nor delete one."""

from typing import Any

from offline.patches.overlay import Answer, Call, Refusal, answers, backend_of


def _group(call: Call) -> Any:
    name = call.params["CacheSubnetGroupName"]
    if name not in call.backend.cache_subnet_groups:
        raise Refusal("CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {name} does not exist.")
    return call.backend.cache_subnet_groups[name]


@answers("elasticache", "ModifyCacheSubnetGroup")
def modify_group(call: Call) -> Answer:
    """Change description and subnets; all of them stand in the VPC of the group."""
    group, wanted = _group(call), call.params.get("SubnetIds")
    if wanted:
        subnets = backend_of("ec2", call.account_id, call.region).describe_subnets(subnet_ids=wanted)
        if {subnet.vpc_id for subnet in subnets} != {group.vpc_id}:
            raise Refusal("InvalidSubnet", f"All subnets of {group.cache_subnet_group_name} stand in {group.vpc_id}.")
        made = type(group)(
            call.account_id,
            call.region,
            group.cache_subnet_group_name,
            group.cache_subnet_group_description,
            wanted,
            group.tags,
        )
        group.__dict__.update(made.__dict__)
    description = call.params.get("CacheSubnetGroupDescription")
    if description is not None:
        group.cache_subnet_group_description = description
    name = group.cache_subnet_group_name
    return {"CacheSubnetGroup": {"CacheSubnetGroupName": name, "VpcId": group.vpc_id}}


@answers("elasticache", "DeleteCacheSubnetGroup")
def delete_group(call: Call) -> Answer:
    """Refuse while a replication group stands in it."""
    name = _group(call).cache_subnet_group_name
    users = [group["id"] for group in call.memory("replication groups").values() if _subnets_of(group) == name]
    if users:
        raise Refusal("CacheSubnetGroupInUse", f"Cache Subnet Group {name} is currently in use by {', '.join(users)}.")
    del call.backend.cache_subnet_groups[name]
    return {}


def _subnets_of(group: dict[str, Any]) -> str | None:
    return group.get("CacheSubnetGroupName")
