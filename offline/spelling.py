"""Turn nested blocks from Pulumi's spelling (httpTokens) into the AWS API's (HttpTokens), and back."""

from __future__ import annotations

from typing import Any


def to_api(block: Any) -> Any:
    """Spell every key of *block*, at any depth, as boto3 does; not for maps whose keys are data, such as tags."""
    if isinstance(block, dict):
        return {key[:1].upper() + key[1:]: to_api(value) for key, value in block.items()}
    return [to_api(item) for item in block] if isinstance(block, list) else block


def to_wire(block: Any) -> Any:
    """Undo `to_api`."""
    if isinstance(block, dict):
        return {key[:1].lower() + key[1:]: to_wire(value) for key, value in block.items()}
    return [to_wire(item) for item in block] if isinstance(block, list) else block
