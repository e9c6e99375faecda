"""Run a program with what the stack that stands asks for: properties that stay, and no wait for what is there."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceTransformArgs, ResourceTransformResult

from engines.graph import Graph
from policies.documents import Retained
from policies.handover import GROUP
from policies.sequence import Held

LEAST, WAIT, NO_WAIT = "minSize", "waitForCapacityTimeout", "0"


def hold(held: Held) -> None:
    """Give the resources that are registered from now on the values of *held*; None takes a property away.

    A transform is not told where its resource stands: it is found by type and name, hence no two may share those.
    """
    values = {_type_and_name(urn): properties for urn, properties in held.items()}

    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        properties = values.get((args.type_, args.name))
        if properties is None:
            return None
        merged = {**args.props, **{name: _held(value, args.props.get(name)) for name, value in properties.items()}}
        return ResourceTransformResult({name: value for name, value in merged.items() if value is not None}, args.opts)

    if values:
        pulumi.runtime.register_resource_transform(transform)


def hasten(deployed: Graph) -> None:
    """Keep the provider from waiting for the servers of a group that stands and gets another least number.

    It would wait for exactly the greater of that and the desired number of the state, which the scaler has changed
    since (https://github.com/hashicorp/terraform-provider-aws/issues/26230). What was held once stays, so that no
    later update has anything to take back.
    """
    groups = {(each.type, each.name): each.inputs for each in deployed.of_type(GROUP)}

    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        before = groups.get((args.type_, args.name))
        if before is None or (before.get(WAIT) != NO_WAIT and before.get(LEAST) == args.props.get(LEAST)):
            return None
        return ResourceTransformResult({**args.props, WAIT: NO_WAIT}, args.opts)

    if groups:
        pulumi.runtime.register_resource_transform(transform)


def _held(value: Any, wanted: Any) -> Any:
    """What a property has for the time being, of which the program may know its own only in the update itself."""
    return pulumi.Output.from_input(wanted).apply(value.beside) if isinstance(value, Retained) else value


def _type_and_name(urn: str) -> tuple[str, str]:
    qualified, name = urn.split("::", 3)[2:]
    return qualified.rpartition("$")[2], name
