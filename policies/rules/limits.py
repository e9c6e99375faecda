"""The limits that AWS publishes in its own service models, over every property that they describe."""

from __future__ import annotations

from collections.abc import Iterator

from policies import models
from policies.resource import Resource
from policies.rule import resource_rule
from policies.values import Fault


@resource_rule(
    *models.models(),
    source="https://github.com/boto/botocore/tree/develop/botocore/data",
    fix="stay within what the service's own model allows",
)
def service_model(resource: Resource) -> Iterator[Fault]:
    """The model of each AWS service says how long, how large and which of its members' values may be."""
    yield from models.faults(resource)
