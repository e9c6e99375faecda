"""Run a program as one update of a sequence: some of its resources keep the properties that they are deployed with."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ResourceTransformArgs, ResourceTransformResult

from policies.documents import Retained
from policies.sequence import Held


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


def _held(value: Any, wanted: Any) -> Any:
    """What a property has for the time being, of which the program may know its own only in the update itself."""
    return pulumi.Output.from_input(wanted).apply(value.beside) if isinstance(value, Retained) else value


def _type_and_name(urn: str) -> tuple[str, str]:
    qualified, name = urn.split("::", 3)[2:]
    return qualified.rpartition("$")[2], name
