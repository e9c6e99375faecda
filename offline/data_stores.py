"""Say what RDS and ElastiCache have in common: how they describe what may be gone, and how they take tags."""

from __future__ import annotations

from typing import Any

from offline.absence import unless_gone
from offline.handler import Aws, Properties, change_tags, tags_told


def first(call: Any, found: str, **parameters: Any) -> dict[str, Any] | None:
    """The first thing that *call* describes, or None when the service says that there is none."""
    return next(iter(unless_gone(lambda: call(**parameters)[found], "*NotFound*") or ()), None)


def tags_of(aws: Aws, service: str, arn: str) -> Properties:
    """The tags of whatever *service* names by ARN, as the provider shows them."""
    return tags_told(aws(service).list_tags_for_resource(ResourceName=arn)["TagList"])


def retag(aws: Aws, service: str, arn: str, old: Properties, new: Properties) -> None:
    """Turn the tags of *old* into those of *new*."""
    change_tags(old, new, aws(service).add_tags_to_resource, aws(service).remove_tags_from_resource, ResourceName=arn)
