"""Say what EC2's resource types have in common: how EC2 takes tags, and how it says that a thing is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Properties, tag_changes, tag_list
from offline.handler import tags_told as shown


def tag_specification(kind: str, tags: Mapping[str, str] | None) -> dict[str, Any]:
    """Spell *tags* as the argument of EC2's creating calls; nothing without tags, since EC2 refuses an empty list."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tag_list(tags)}]} if tags else {}


def tags_told(answer: Mapping[str, Any]) -> Properties:
    """The tags of what EC2 described, as the provider shows them."""
    return shown(answer.get("Tags"))


def retag(aws: Aws, id_: str, old: Properties, new: Properties) -> None:
    """Turn the tags of *old* into those of *new*, on anything that EC2 names."""
    tags, gone = tag_changes(old, new)
    if tags:
        aws("ec2").create_tags(Resources=[id_], Tags=tag_list(tags))
    if gone:
        aws("ec2").delete_tags(Resources=[id_], Tags=[{"Key": key} for key in gone])


def found(describe: Callable[[], Sequence[dict[str, Any]]]) -> dict[str, Any] | None:
    """The first thing that *describe* lists; None when there is none or EC2 says that the id is unknown."""
    listed = unless_gone(describe, "*NotFound")
    return listed[0] if listed else None
