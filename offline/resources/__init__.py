"""Name every resource type and data source that the offline account carries, one file per AWS service."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from offline.handler import Handler, Invoke


@cache
def handlers() -> dict[str, Handler]:
    """Type token -> its handler, from every file of this room."""
    return {handler.token: handler for module in _modules() for handler in module.HANDLERS}


@cache
def invokes() -> dict[str, Invoke]:
    """Data-source token -> its function, from every file of this room."""
    return {token: invoke for module in _modules() for token, invoke in module.INVOKES.items()}


@cache
def _modules() -> tuple:
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)
