"""Hold what every check of a preflight looks at, and word what could not be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engines.cloud import FAILED, Cloud, reason
from engines.finding import Finding
from stacks.settings import PROJECT, Settings

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One stack, and the account that it is to stand in."""

    settings: Settings
    config: Mapping[str, str]
    """The stack's configuration with full keys, Pulumi's own settings among them."""
    cloud: Cloud
    identity: Mapping[str, str]
    """Account and Arn of the caller."""

    @property
    def file(self) -> str:
        """The stack file, for the message that asks to correct it."""
        return f"stacks/Pulumi.{self.settings.stack}.yaml"

    def is_own(self, tags: Mapping[str, str]) -> bool:
        """Whether something that carries *tags* belongs to this very stack: it is not in the stack's way."""
        return (tags.get("project"), tags.get("stack")) == (PROJECT, self.settings.stack)


def tried(subject: str, call: Callable[[], T], instead: str = "") -> T | Finding:
    """What *call* answers; where AWS refuses or lacks it, the finding that says so, with a sentence for that case."""
    try:
        return call()
    except FAILED as error:
        more = f" {instead}" if instead else ""
        return Finding(subject, True, f"could not be checked: {reason(error)}.{more}", checked=False)
