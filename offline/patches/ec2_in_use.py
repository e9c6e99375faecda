"""EC2: moto 5.2.5 deletes networks, subnets, groups, gateways and addresses from under what uses them; AWS refuses."""

from collections.abc import Iterator
from typing import Any

from offline.patches.overlay import Call, Refusal, backend_of, checks

GONE = ("shutting-down", "terminated")


def _running(call: Call) -> list[Any]:
    every = [instance for reservation in call.backend.describe_instances() for instance in reservation.instances]
    return [instance for instance in every if instance.state not in GONE]


def _balancers(call: Call) -> list[Any]:
    return list(backend_of("elbv2", call.account_id, call.region).load_balancers.values())


def _refuse(code: str, message: str, users: list[str]) -> None:
    """Raise what AWS answers, and say by what the thing is used, which AWS leaves out."""
    if users:
        raise Refusal(code, f"{message} (used by {', '.join(sorted(users))})")


@checks("ec2", "DeleteSecurityGroup")
def a_group_in_use_stays(call: Call) -> None:
    """By a rule of another group, a server, an interface, a load balancer, a database or a cache."""
    id_ = call.params.get("GroupId")
    users = [*_rules_of_others(call, id_), *_holders(call, id_)]
    _refuse("DependencyViolation", f"resource {id_} has a dependent object", users)


def _rules_of_others(call: Call, id_: str | None) -> Iterator[str]:
    for group in call.backend.describe_security_groups():
        rules = [*group.ingress_rules, *group.egress_rules]
        if group.id != id_ and any(rule.source_group.get("GroupId") == id_ for rule in rules):
            yield group.id


def _holders(call: Call, id_: str | None) -> Iterator[str]:
    yield from (each.id for each in _running(call) if id_ in [group.id for group in each.security_groups])
    yield from (nic.id for nic in call.backend.enis.values() if id_ in [group.id for group in nic.group_set])
    yield from (each.name for each in _balancers(call) if id_ in (each.security_groups or []))
    for database in backend_of("rds", call.account_id, call.region).databases.values():
        if id_ in (database.vpc_security_group_ids or []):
            yield database.db_instance_identifier
    caches = backend_of("elasticache", call.account_id, call.region).__dict__.get("memory", {})
    for group in caches.get("replication groups", {}).values():
        if id_ in group["SecurityGroupIds"]:
            yield group["id"]


@checks("ec2", "DeleteSubnet")
def a_subnet_in_use_stays(call: Call) -> None:
    """By a server, an interface (each NAT gateway and endpoint has one) or a load balancer."""
    id_ = call.params["SubnetId"]
    users = [each.id for each in _running(call) if each.subnet_id == id_]
    users += [nic.id for nic in call.backend.enis.values() if nic.subnet.id == id_]
    users += [each.name for each in _balancers(call) if id_ in [subnet.id for subnet in each.subnets]]
    _refuse("DependencyViolation", f"The subnet '{id_}' has dependencies and cannot be deleted.", users)


@checks("ec2", "ReleaseAddress")
def an_address_in_use_stays(call: Call) -> None:
    """By a NAT gateway."""
    id_ = call.params.get("AllocationId")
    _refuse("InvalidIPAddress.InUse", f"Address {id_} is in use.", [gateway.id for gateway in _gateways(call, id_)])


def _gateways(call: Call, allocation_id: str | None) -> list[Any]:
    every = [each for each in call.backend.nat_gateways.values() if each.state != "deleted"]
    held = [(each, [row.get("allocationId") for row in each.address_set]) for each in every]
    return [each for each, ids in held if (allocation_id in ids if allocation_id else any(ids))]


@checks("ec2", "DetachInternetGateway")
def a_gateway_in_use_stays(call: Call) -> None:
    """By a NAT gateway with a public address in the same network."""
    vpc = call.params["VpcId"]
    users = [gateway.id for gateway in _gateways(call, None) if gateway.vpc_id == vpc]
    _refuse("DependencyViolation", f"Network {vpc} has some mapped public address(es).", users)


@checks("ec2", "DeleteVpc")
def a_network_in_use_stays(call: Call) -> None:
    """By a gateway to the internet, a group other than the default one, or an endpoint; moto looks for subnets."""
    vpc, backend = call.params["VpcId"], call.backend
    users = [each.id for each in backend.internet_gateways.values() if each.vpc and each.vpc.id == vpc]
    users += [each.id for each in backend.describe_security_groups() if each.vpc_id == vpc and each.name != "default"]
    users += [each.id for each in backend.vpc_end_points.values() if each.vpc_id == vpc and each.state != "deleted"]
    _refuse("DependencyViolation", f"The vpc '{vpc}' has dependencies and cannot be deleted.", users)
