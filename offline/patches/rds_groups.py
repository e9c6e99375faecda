"""RDS's groups and ports: moto 5.2.5 changes none of them rightly, and deletes what an instance stands on."""

from typing import Any

from moto.rds.models import RDSBackend

from offline.patches.overlay import Answer, Call, Refusal, amends, answers, checks
from offline.patches.swap import replaces


@replaces(RDSBackend, "modify_db_subnet_group")
def a_changed_subnet_group_stays(
    original: Any, backend: RDSBackend, subnet_name: str, description: str, subnets: list[Any]
) -> Any:
    """Moto forgets the group that it changes."""
    held = backend.subnet_groups[subnet_name]
    original(backend, subnet_name, held.description if description is None else description, subnets)
    held._subnets = subnets  # noqa: SLF001  moto sets an attribute that nothing reads
    backend.subnet_groups[subnet_name] = held
    return held


@amends("rds", "ModifyDBInstance")
def a_port_can_be_changed(call: Call, answer: Answer) -> None:
    """Moto knows CreateDBInstance's name of it only."""
    if "DBPortNumber" in call.params:
        name = answer["DBInstance"]["DBInstanceIdentifier"]
        call.backend.databases[name].port = call.params["DBPortNumber"]
        answer["DBInstance"].setdefault("Endpoint", {})["Port"] = call.params["DBPortNumber"]


@answers("rds", "ResetDBParameterGroup")
def reset_parameters(call: Call) -> Answer:
    """Missing in moto. Give the named parameters, or all, their default again."""
    name = call.params["DBParameterGroupName"]
    if name not in call.backend.db_parameter_groups:
        raise Refusal("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    held = call.backend.db_parameter_groups[name].parameters
    every = list(held) if call.params.get("ResetAllParameters") else []
    for parameter in [row["ParameterName"] for row in call.params.get("Parameters", [])] + every:
        held.pop(parameter, None)
    return {"DBParameterGroupName": name}


@checks("rds", "DeleteDBSubnetGroup")
def a_used_subnet_group_stays(call: Call) -> None:
    """Moto deletes it under its instances."""
    name = call.params["DBSubnetGroupName"]
    groups = [each.db_subnet_group for each in call.backend.databases.values() if each.db_subnet_group]
    if name in [group.name for group in groups]:
        message = f"Cannot delete the subnet group '{name}' because at least one database instance is still using it."
        raise Refusal("InvalidDBSubnetGroupStateFault", message)


@checks("rds", "DeleteDBParameterGroup")
def a_used_parameter_group_stays(call: Call) -> None:
    """Moto deletes it under its instances."""
    name = call.params["DBParameterGroupName"]
    if name in [each.db_parameter_group_name for each in call.backend.databases.values()]:
        message = f"One or more database instances are still members of this parameter group {name}."
        raise Refusal("InvalidDBParameterGroupState", message)
