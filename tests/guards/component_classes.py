"""Find every public component class, so that a new one is held to the rules without being listed."""

from __future__ import annotations

import importlib
import pkgutil

import pulumi

import components


def component_classes() -> dict[str, type[pulumi.ComponentResource]]:
    """Name -> class, of every component of the room."""
    modules = [importlib.import_module(f"components.{info.name}") for info in pkgutil.iter_modules(components.__path__)]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, pulumi.ComponentResource)
        and value.__module__ == module.__name__
    }
