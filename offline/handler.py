"""Say what one AWS resource type must know to live in the offline account, whichever engine asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from botocore.exceptions import BotoCoreError, ClientError

Properties = dict[str, Any]
"""A resource's properties as on the wire: camelCase keys, JSON values, whole numbers as int, secrets in clear."""

PARTITION = "aws"
DESCRIPTION = "Managed by Pulumi"
"""What the AWS provider says of a thing that AWS wants described and the program does not."""
REGION = "region"
"""The property that every type has, and that the account itself obeys."""


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


class HalfMadeError(ValueError):
    """A resource exists, and a later step of making or changing it failed: whoever keeps state must keep this id."""

    def __init__(self, id_: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.id = id_


@contextmanager
def standing(id_: str) -> Iterator[None]:
    """Carry out what is left when *id_* is made or changed already; what goes wrong in it names the id."""
    try:
        yield
    except (ClientError, BotoCoreError, ValueError, LookupError) as error:
        raise HalfMadeError(id_, error) from error


class Handler(ABC):
    """How one resource type lives in the account.

    Everything that a resource says about itself comes from `read`, so that an output is what the account holds and
    never an echo of the input. Which properties replace a resource instead of changing it: `offline.replacement`.
    """

    token: ClassVar[str]
    """Pulumi's type token, e.g. `aws:sqs/queue:Queue`."""

    emulates: ClassVar[frozenset[str]]
    """Input properties (camelCase) that the account really holds: `read` returns each of them from boto3."""

    records: ClassVar[frozenset[str]] = frozenset()
    """Input properties that are kept in the graph only. In neither set: refused by name."""

    moves: ClassVar[frozenset[str]] = frozenset()
    """Outputs that a change in place changes too, such as a version: unknown until the change is made."""

    recalls: ClassVar[frozenset[str]] = frozenset()
    """Outputs by which the AWS provider decides at an update, as the state knows them: `update` finds them in *old*."""

    defaults: ClassVar[Mapping[str, Any]] = {}
    """What a property is when nobody asked for it, where that is not false, zero or empty."""

    @property
    def carried(self) -> frozenset[str]:
        """Every input property that is not refused; `region` says where the resource stands, whatever its type."""
        return self.emulates | self.records | {REGION}

    @abstractmethod
    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the resource and return its id, spelled as the AWS provider does. botocore's ClientError passes.

        What fails after the resource exists does so inside of `standing`.
        """

    @abstractmethod
    def read(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> Properties | None:
        """Return every emulated property and every computed output (arn, tagsAll, ...), or None when it is gone.

        *state* holds the inputs, for look-up keys that the id lacks; its values must not be echoed as if read.
        """

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:
        """Make the resource what *new* asks for, in place; *old* is what the account holds of the same properties."""
        raise NotImplementedError(f"{self.token} {id_}: every property replaces it, {sorted(old)} to {sorted(new)}")

    @abstractmethod
    def delete(self, aws: Aws, id_: str, state: Mapping[str, Any]) -> None:
        """Take the resource away, or put back what AWS had before; *state* holds the inputs. It is there when asked."""

    def found(self, aws: Aws, id_: str) -> tuple[str, Properties]:  # noqa: ARG002  some must ask the account
        """Turn what a person gives to `import` into (id, look-up keys for `read`); mostly the id itself."""
        return id_, {}


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


def joined(inputs: Mapping[str, Any], found: Properties) -> Properties:
    """Inputs in clear, and over them what the account tells."""
    return {**inputs, **{name: value for name, value in found.items() if value is not None}}


def given(**parameters: Any) -> dict[str, Any]:
    """Keep the parameters that have a value: boto3 refuses None where AWS would see an absent field."""
    return {name: value for name, value in parameters.items() if value is not None}


class Put(Handler):
    """A type whose creating call also changes what is there, all of it at once."""

    def update(self, aws: Aws, id_: str, old: Properties, new: Properties) -> None:  # noqa: D102, ARG002  as in Handler
        self.create(aws, new)


def changed(old: Mapping[str, Any], new: Mapping[str, Any], *names: str) -> bool:
    """Say whether any of the properties differs between the two."""
    return any(old.get(name) != new.get(name) for name in names)


def import_id(token: str, id_: str, spelling: str, separator: str = "/") -> list[str]:
    """The parts of what a person gives to `import`, spelled like `group/name`; ValueError when it is not."""
    parts = id_.split(separator)
    if len(parts) != len(spelling.split(separator)) or not all(parts):
        raise ValueError(f"the import id of {token} is {id_!r}; allowed: {spelling}. Fix: pulumi import {token} ...")
    return parts


def tags_told(pairs: list[dict[str, str]] | None) -> Properties:
    """The tags of a resource as the AWS provider shows them; all are its own, since no default tags are carried."""
    tags = tag_map(pairs)
    return {"tags": tags, "tagsAll": tags}


def change_tags(
    old: Mapping[str, Any], new: Mapping[str, Any], tag: Callable[..., Any], untag: Callable[..., Any], **which: Any
) -> None:
    """Turn the tags of *old* into those of *new* with the two calls that most services have for it."""
    tags, gone = tag_changes(old, new)
    if tags:
        tag(**which, Tags=tag_list(tags))
    if gone:
        untag(**which, TagKeys=gone)


def tag_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """(tags to set, keys to take away) that turn the `tags` of *old* into those of *new*."""
    held, wanted = old.get("tags") or {}, new.get("tags") or {}
    return {key: value for key, value in wanted.items() if held.get(key) != value}, sorted(held.keys() - wanted.keys())
