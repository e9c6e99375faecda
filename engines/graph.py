"""Hold what a program registered: every resource as it went over the wire, with its options and where it was made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_TYPE = "pulumi:providers:"
"""How the type of every provider begins; its end names the package."""


def name_of(urn: str) -> str:
    """The logical name, which may hold `::` itself (Pulumi docs, "URNs"): urn:pulumi:STACK::PROJECT::TYPE::NAME."""
    return urn.split("::", 3)[-1]


def is_of_stack(urn: str) -> bool:
    """Whether it is the URN of the stack itself, under which everything stands."""
    return f"::{STACK_TYPE}::" in urn


class Options(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Resource options as the engine received them, transforms already applied."""

    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: list[str] = []
    depends_on: list[str] = []
    """URNs of every dependency, those that flow from a property among them."""
    deleted_with: str = ""
    custom_timeouts: dict[str, str] = {}
    aliases: list[str] = []
    provider: str = ""
    region: str = ""
    delete_before_replace: bool = False
    replace_on_changes: list[str] = []
    additional_secret_outputs: list[str] = []


class Resource(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One registered resource; inputs and outputs in wire form (camelCase), each secret shown as `[secret]`."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    id: str = ""
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    property_dependencies: dict[str, list[str]] = {}
    options: Options = Options()
    source: str = ""
    """file:line of the program's own statement that made it."""


class Graph(msgspec.Struct, rename="camel", kw_only=True):
    """All resources of one deployment, in the order of their registration."""

    project: str
    stack: str
    resources: list[Resource] = []

    def of_type(self, token: str) -> list[Resource]:
        """Every resource of one type token, in order."""
        return [resource for resource in self.resources if resource.type == token]

    def components(self) -> Iterator[tuple[Resource, list[Resource]]]:
        """Each component that stands directly under the stack, with all custom resources below it."""
        top = {r.urn: r for r in self.resources if not r.custom and r.type != STACK_TYPE and self._is_top(r)}
        owned: dict[str, list[Resource]] = {urn: [] for urn in top}
        parents = {resource.urn: resource.parent for resource in self.resources}
        for resource in self.resources:
            urn = resource.urn
            while urn and urn not in top:
                urn = parents.get(urn, "")
            if urn and resource.custom:
                owned[urn].append(resource)
        return ((top[urn], resources) for urn, resources in owned.items())

    def _is_top(self, resource: Resource) -> bool:
        return resource.parent == "" or is_of_stack(resource.parent)
