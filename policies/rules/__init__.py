"""Every rule, a file for each box of the picture."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from policies.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of every box, in the order of the files and of their lines."""
    modules = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    return tuple(rule for module in modules for rule in vars(module).values() if isinstance(rule, Rule))
