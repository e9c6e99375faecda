"""What the rules look at: one registered resource with its inputs, options and what each input came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.values import UNKNOWN, Properties


@dataclass(frozen=True, slots=True)
class Options:
    """The resource options that rules ask about."""

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool = False
    ignore_changes: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    """URNs of every dependency, those of properties among them."""
    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    """The resource's own region where it has one, else the stack's; empty when the host does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a resource stands: what a finding names it by."""

    type: str
    name: str
    urn: str
    parent: str = ""
    source: str = ""
    """file:line of the program's statement that made it, where the host knows."""

    @property
    def stack(self) -> str:
        """The stack that it stands in: urn:pulumi:STACK::..."""
        return self.urn.partition("::")[0].rpartition(":")[2]


class Resource(Properties):
    """One resource; its inputs are read as those of any `Properties`."""

    def __init__(
        self,
        origin: Origin,
        inputs: Mapping[str, Any],
        *,
        outputs: Mapping[str, Any] | None = None,
        dependencies: Mapping[str, list[str]] | None = None,
        options: Options | None = None,
        secrets: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(inputs)
        self.origin = origin
        self.type, self.name, self.urn = current(origin.type), origin.name, origin.urn
        """The type under its present name; `origin` keeps the one that the program used."""
        self.inputs = inputs
        self.outputs = outputs or {}
        self.dependencies = dependencies or {}
        self.options = options or Options()
        self.secrets = secrets
        """Names of the inputs whose values must not be shown."""

    def __repr__(self) -> str:
        return f"{self.type} {self.name}"

    def with_inputs(self, inputs: Mapping[str, Any]) -> Resource:
        """The same resource with other inputs."""
        return Resource(
            self.origin,
            inputs,
            outputs=self.outputs,
            dependencies=self.dependencies,
            options=self.options,
            secrets=self.secrets,
        )

    def identities(self) -> set[str]:
        """Every known text by which another resource may name this one: id, ARN, URL, names."""
        known = (self.outputs.get(key, self.inputs.get(key)) for key in IDENTITIES)
        return {text for text in known if isinstance(text, str) and text and text is not UNKNOWN}


def current(type_: str) -> str:
    """The present name of a type that pulumi-aws registers under an old one too: aws.alb, and S3's V2 classes."""
    if type_.startswith("aws:alb/"):
        return f"aws:lb/{type_.removeprefix('aws:alb/')}"
    return type_.replace("V2:", ":").removesuffix("V2") if type_.startswith("aws:s3/bucket") else type_


IDENTITIES = (
    "id", "arn", "url", "name", "bucket", "identifier", "replicationGroupId", "zoneId", "keyId", "domainName",
    "bucketRegionalDomainName", "bucketDomainName", "dnsName", "arnSuffix", "certificateArn", "dbName",
)  # fmt: skip
"""Outputs and inputs that name a resource."""
