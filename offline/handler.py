"""Say what one AWS resource type must know to live in the offline account, whichever engine asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

Properties = dict[str, Any]
"""A resource's properties as on the wire: camelCase keys, JSON values, whole numbers as int, secrets in clear."""

PARTITION = "aws"


class ClientSource(Protocol):
    """Where clients come from: `offline.account.Account`, or a test's own client factory over HTTP."""

    account_id: str

    def client(self, service: str, region: str | None = None) -> Any:
        """The boto3 client of *service*, in the account's own region by default."""
        ...


@dataclass(frozen=True, slots=True)
class Aws:
    """The account as one resource sees it: its clients in the resource's own region, and how ARNs are spelled there."""

    account: ClientSource
    region: str

    def __call__(self, service: str) -> Any:
        """Return the boto3 client of *service* in this region."""
        return self.account.client(service, self.region)

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """Spell the ARN of *resource*; global services (IAM, CloudFront, Route53, S3) leave the region out."""
        region = self.region if regional else ""
        return f"arn:{PARTITION}:{service}:{region}:{self.account.account_id}:{resource}"


class Handler(ABC):
    """How one resource type lives in the account.

    A resource is made by `create`; everything it then says about itself comes from `read`, so that an output is what
    the account holds and never an echo of the input. `update` and `delete` join these two when an engine with state
    asks for them.
    """

    token: ClassVar[str]
    """Pulumi's type token, e.g. `aws:sqs/queue:Queue`."""

    emulates: ClassVar[frozenset[str]]
    """Input properties (camelCase) that the account really holds: `read` returns each of them from boto3."""

    records: ClassVar[frozenset[str]] = frozenset()
    """Input properties that are kept in the graph only. In neither set: refused by name."""

    @abstractmethod
    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the resource and return its id, spelled as the AWS provider does. botocore's ClientError passes."""

    @abstractmethod
    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        """Return every emulated property and every computed output (arn, tagsAll, ...), or None when it is gone.

        *state* holds the inputs, for look-up keys that the id lacks; its values must not be echoed as if read.
        """


Invoke = Callable[[Aws, Properties], Properties]
"""A data source: wire arguments in, wire result out. It refuses, by name, an argument that it does not obey."""


def fields(names: str) -> frozenset[str]:
    """Split a whitespace-separated list of property names, so that a handler's sets read as text."""
    return frozenset(names.split())


def tag_list(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Spell tags the way most AWS APIs take them: `[{"Key": ..., "Value": ...}]`."""
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def tag_map(pairs: list[dict[str, str]] | None) -> dict[str, str]:
    """Undo `tag_list`, leaving out AWS's own `aws:` tags as the AWS provider does."""
    return {pair["Key"]: pair["Value"] for pair in pairs or [] if not pair["Key"].startswith("aws:")}


def given(**parameters: Any) -> dict[str, Any]:
    """Keep the parameters that have a value: boto3 refuses None where AWS would see an absent field."""
    return {name: value for name, value in parameters.items() if value is not None}
