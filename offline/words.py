"""Spell the provider's property names as an AWS API does, at every depth, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def to_aws(value: Any, words: Mapping[str, str]) -> Any:
    """Write each key with a capital, or as *words* has it where AWS's word is another (`id` -> `ID`)."""
    if isinstance(value, dict):
        return {words.get(key, key[0].upper() + key[1:]): to_aws(item, words) for key, item in value.items()}
    return [to_aws(item, words) for item in value] if isinstance(value, list) else value


def from_aws(value: Any, words: Mapping[str, str]) -> Any:
    """Undo `to_aws`."""
    back = {of: name for name, of in words.items()}
    if isinstance(value, dict):
        return {back.get(key, key[0].lower() + key[1:]): from_aws(item, words) for key, item in value.items()}
    return [from_aws(item, words) for item in value] if isinstance(value, list) else value
