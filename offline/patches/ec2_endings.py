"""EC2: what ends together with an instance, a NAT gateway or a network, and stays behind in moto."""

from typing import Any

from moto.ec2.models.instances import Instance
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.vpcs import VPCBackend

from offline.patches.swap import replaces

PRIMARY = "Primary network interface"
"""How moto describes the interface that it makes together with an instance."""


@replaces(Instance, "terminate")
def instances_take_their_interface_along(original: Any, instance: Instance, *args: Any) -> Any:
    """Delete the interface that was made at launch: AWS's default for it, where moto's is to keep it."""
    made: list[Any] = [nic for nic in instance.nics.values() if nic.description == PRIMARY]
    answer = original(instance, *args)
    for nic in made:
        if nic.id in instance.ec2_backend.enis:
            nic.delete()
    return answer


@replaces(NatGatewayBackend, "delete_nat_gateway")
def nat_gateways_take_their_interface_along(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    """Delete the interface that stands for the gateway in its subnet."""
    gateway = original(backend, nat_gateway_id)
    gateway._eni.delete()  # noqa: SLF001  moto names it nowhere else
    return gateway


@replaces(VPCBackend, "delete_vpc")
def networks_take_their_access_lists_along(original: Any, backend: Any, vpc_id: str) -> Any:
    """Delete the network's default access list, which AWS makes and deletes with it."""
    network = original(backend, vpc_id)
    for id_, access_list in list(backend.network_acls.items()):
        if access_list.vpc_id == vpc_id:
            del backend.network_acls[id_]
    return network
