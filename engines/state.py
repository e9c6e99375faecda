"""Read what Pulumi's engine wrote down about a stack, as the same graph that the embedded engine records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engines.graph import PROVIDER_TYPE, STACK_TYPE, Graph, Options, Resource, name_of
from engines.running import Running
from engines.stack_file import PROJECT_NAMESPACE
from offline import wire


def read_graph(running: Running) -> Graph:
    """Every resource that stands, in the order in which the engine made them; empty before the first deployment."""
    return graph_of(_resources(running), running.stack)


def graph_of(resources: Iterable[Mapping[str, Any]], stack: str) -> Graph:
    """The graph of a state's resources; those that only wait for their deletion are left out."""
    standing = (each for each in resources if not each.get("delete") and not each["type"].startswith(PROVIDER_TYPE))
    return Graph(project=PROJECT_NAMESPACE, stack=stack, resources=[_resource(each) for each in standing])


def read_outputs(running: Running) -> dict[str, Any]:
    """The stack's exports, secrets masked."""
    stack = next((each for each in _resources(running) if each["type"] == STACK_TYPE), {})
    return wire.mask(stack.get("outputs", {}))


def _resources(running: Running) -> list[dict[str, Any]]:
    file = Path(running.folder, "state", ".pulumi", "stacks", PROJECT_NAMESPACE, f"{running.stack}.json")
    if not file.exists():
        return []
    latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
    return latest.get("resources") or []


def _resource(state: Mapping[str, Any]) -> Resource:
    dependencies = state.get("propertyDependencies") or {}
    inputs = wire.mask(state.get("inputs", {}))
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=name_of(state["urn"]),
        parent=state.get("parent", ""),
        custom=state.get("custom", False),
        id=state.get("id", ""),
        inputs=inputs,
        outputs=wire.mask(state.get("outputs", {})),
        property_dependencies={name: sorted(urns or []) for name, urns in sorted(dependencies.items())},
        options=_options(state, inputs),
    )


def _options(state: Mapping[str, Any], inputs: dict[str, Any]) -> Options:
    return Options(
        protect=state.get("protect", False),
        retain_on_delete=state.get("retainOnDelete", False),
        ignore_changes=state.get("ignoreChanges") or [],
        depends_on=sorted(state.get("dependencies") or []),
        deleted_with=state.get("deletedWith", ""),
        aliases=state.get("aliases") or [],
        provider=state.get("provider", ""),
        region=inputs.get("region", ""),
        additional_secret_outputs=state.get("additionalSecretOutputs") or [],
    )
