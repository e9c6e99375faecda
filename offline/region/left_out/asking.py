"""Tell which settings of a table are asked for by what the account says of one resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jmespath

Told = Mapping[str, Any]
"""What the account says of one resource."""
Settings = Mapping[str, str]
"""`name: what becomes of it here` -> JMESPath of whether it is asked for."""
ALWAYS = "@"
"""Of whatever is asked."""


def asked_for(settings: Settings, told: Told) -> Iterator[str]:
    """Name those of *settings* whose path finds something else in *told* than nothing, false, 0 or an empty one."""
    return (name for name, path in settings.items() if jmespath.search(path, told))
